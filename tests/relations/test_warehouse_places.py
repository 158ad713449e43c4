"""The SQL for the operator's warehouse knows cities, overlays and statistics by group as a run does."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.duckdb import DuckEngine
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.warehouse import segment_sql
from relations.small_panel import rows
from relations.small_run import people, write_playbook
from relations.test_conditions import CASES as CONDITIONS
from relations.test_conditions import MORE
from relations.test_functions import CASES as FUNCTIONS
from relations.test_statistics import BRANCHES, CASES, MONTH, OVERLAYS, PARAMETERS
from runs.test_overlays import UNITS

_ARROW = {"string": pa.string(), "date": pa.date32(), "bool": pa.bool_(), "int": pa.int64(), "number": pa.decimal128(18, 4)}  # fmt: skip


def members(folder: Path, seed: int) -> dict[str, set[str]]:
    """Who the printed SQL says is in each rule, from nothing but the operator's own long tables."""
    panel = rows(seed, 90, MONTH)
    columns = {c.name: pa.array([row.get(c.name) for row in panel], _ARROW[c.type]) for c in SUBSCRIBER_MONTH.columns}
    pq.write_table(pa.table(columns), folder / "long.parquet")
    units = [*UNITS, *((b, "D" + "12"[index % 2], "branch") for index, b in enumerate(BRANCHES))]
    values = ", ".join(f"('{unit}', nullif('{parent}', 'None'), '{level}')" for unit, parent, level in units)
    query = segment_sql(compile_playbook(sound_playbook(folder / "playbook")), "s", MONTH, "duckdb")
    found: dict[str, set[str]] = {}
    with DuckEngine(threads=2) as engine, engine.session() as session:
        session.run(f"CREATE TABLE subscriber_month AS SELECT * FROM read_parquet('{folder}/long.parquet')")
        session.run(f"CREATE TABLE org_unit AS SELECT * FROM (VALUES {values}) AS t(unit_id, parent_id, level)")
        for who, _, rule in session.rows(query):
            found.setdefault(rule, set()).add(who)
    return found


def test_statistics_by_group_and_overlays(tmp_path: Path) -> None:
    write_playbook(tmp_path / "playbook", list(CASES), more=PARAMETERS)
    (tmp_path / "playbook" / "overlays").mkdir()
    for unit, text in OVERLAYS.items():
        (tmp_path / "playbook" / "overlays" / f"{unit}.yaml").write_text(text)
    found = members(tmp_path, 1)
    base = people(rows(1, 90, MONTH), MONTH)
    for index, (text, answer) in enumerate(CASES.items()):
        expected = {who for who, person in base.items() if answer(person, list(base.values()))}
        assert found.get(f"r{index}", set()) == expected, text


@pytest.mark.parametrize("seed", [5])
def test_every_condition_and_function(seed: int, tmp_path: Path) -> None:
    known = [f"({text}) is known" for text in FUNCTIONS]
    write_playbook(tmp_path / "playbook", [*CONDITIONS, *known], more=MORE)
    found = members(tmp_path, seed)
    base = people(rows(seed, 90, MONTH), MONTH)
    for index, (text, answer) in enumerate(CONDITIONS.items()):
        assert found.get(f"r{index}", set()) == {who for who, person in base.items() if answer(person)}, text
    for index, (text, value) in enumerate(FUNCTIONS.items()):
        expected = {who for who, person in base.items() if value(person) is not None}
        assert found.get(f"r{len(CONDITIONS) + index}", set()) == expected, text
