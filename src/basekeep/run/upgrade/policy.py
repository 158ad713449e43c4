"""Which policy class serves each line: the first that fits, in the playbook's order."""

from __future__ import annotations

from collections.abc import Iterable

from basekeep.engines.sql_text import sql_literal
from basekeep.run.upgrade.inputs import Inputs


def policy_lines(inputs: Inputs) -> str:
    """Every line that a policy class serves, in the order of the classes, then of ids."""
    order, zh, en = "policy_class", "NULL", "NULL"
    if inputs.classes:
        whens = [(sql_literal(name), said) for name, said in inputs.classes.items()]
        order = _cases((name, str(at)) for at, (name, _) in enumerate(whens))
        zh = _cases((name, sql_literal(said.zh)) for name, said in whens)
        en = _cases((name, sql_literal(said.en)) for name, said in whens)
    return (
        f"SELECT *, {zh} AS policy_zh, {en} AS policy_en FROM upgrade__line "
        f"WHERE policy_class IS NOT NULL ORDER BY {order}, subscriber_id"
    )


def _cases(pairs: Iterable[tuple[str, str]]) -> str:
    return f"CASE policy_class {' '.join(f'WHEN {name} THEN {value}' for name, value in pairs)} END"
