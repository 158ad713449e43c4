"""Every number that a playbook compares can be held exactly, whatever the base: found before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import Any

from basekeep.checks.expressions import quoted
from basekeep.kernel.errors import FindingsError, WorkError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.playbook import syntax as s
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.grains import GRAINS, Grain
from basekeep.playbook.loading import Loaded
from basekeep.playbook.meaning import Fault, Meaning
from basekeep.playbook.parser import parse
from basekeep.playbook.places import Written, expressions
from basekeep.relations.any_grain import any_of
from basekeep.relations.exact import TooLarge
from basekeep.relations.history import UnitParameters
from basekeep.relations.lowering import Lowering
from basekeep.relations.statistics import NoCommonDenominator

# No bound depends on the month.
_ANY_MONTH = date(2025, 12, 1)
# Far above any rule: what unfolds into more would be a query that no engine reads.
_MOST_NODES = 100_000
_INT64 = 2**63 - 1
_Path = tuple[str | int, ...]


def check_exactness(loaded: Loaded) -> tuple[Finding, ...]:
    """A finding for each expression whose numbers could not be compared exactly, or that unfolds into too much."""
    if loaded.readable is None:
        return ()
    at = loaded.sources
    long = tuple(_long_parameters(loaded.readable, at.value_place))
    return long or tuple(_findings(Meaning(loaded.readable, loaded.broken), at.place_in))


def need_exactness(playbook: Playbook) -> None:
    """The same for a playbook without its files, at the door of a run.

    Raises:
        FindingsError: some expression could not be computed exactly.
    """
    found = tuple(_long_parameters(playbook, _bare)) or tuple(
        _findings(Meaning(playbook), lambda path, _text, _at: _bare(path))
    )
    if found:
        what = Text(
            f"策略手册有 {len(found)} 处无法精确计算，没有运行",
            f"{len(found)} of the playbook's expressions cannot be computed exactly; nothing was run",
        )
        raise FindingsError("playbook.not_exact", what, found)  # fmt: skip


def _bare(path: _Path) -> Place:
    return Place(".".join(map(str, path)))


def _long_parameters(playbook: Playbook, place: Callable[[_Path], Place]) -> Iterator[Finding]:
    """A parameter that an overlay sets is a column of 8-byte integers: its values must fit."""
    units = UnitParameters.of(playbook.parameters, {unit: o.parameters for unit, o in playbook.overlays.items()})
    for name, bottom in units.bottoms.items():
        declared = playbook.parameters[name]
        if max(abs(value) for value in (declared.min, declared.max, declared.value)) * bottom > _INT64:
            for unit in (unit for unit, overlay in playbook.overlays.items() if name in overlay.parameters):
                yield Finding(
                    "overlay.too_many_digits",
                    place(("overlays", unit, "parameters", name)),
                    Text(f"{name!r} 的小数位过多", f"{name!r} has too many decimals"),
                    Text("少写几位小数。", "Write fewer decimals."),
                )


def _findings(meaning: Meaning, place: Callable[[_Path, str, int], Place]) -> Iterator[Finding]:
    terms = dict(_written(meaning))
    for grain in GRAINS.values():
        of_grain = {written: term for written, term in terms.items() if written.grain is grain}
        # Nearly always all is well, and that is seen in one look; only then is each taken by itself.
        if _refused(meaning.playbook, tuple(of_grain.values()), grain) is not None:
            yield from _each(meaning, of_grain, place)


def _each(
    meaning: Meaning, terms: dict[Written, t.Term], place: Callable[[_Path, str, int], Place]
) -> Iterator[Finding]:
    for written, term in terms.items():
        refused = _refused(meaning.playbook, [term], written.grain)
        if refused is None:
            continue
        at = _smallest(meaning, written)
        if at is not None:
            do = refused.do or Text("", "")
            yield Finding(refused.code, place(written.path, written.text, at), quoted(refused.what, written.text), do)


def _written(meaning: Meaning) -> Iterator[tuple[Written, t.Term]]:
    """Every expression that has a meaning."""
    for written in expressions(meaning.playbook):
        with suppress(Fault):
            yield written, meaning.written(written)


def _refused(playbook: Playbook, terms: Sequence[t.Term], grain: Grain) -> WorkError | None:
    """Why one of these terms cannot be computed, if any cannot."""
    try:
        low = any_of(grain, playbook, terms, _ANY_MONTH)
        largest = max((sum(_size(expr) for expr in _lowered(low, term)) for term in terms), default=0)
    except (TooLarge, NoCommonDenominator) as error:
        return error
    return _unfolds() if largest > _MOST_NODES else None


def _lowered(low: Lowering, term: t.Term) -> list[Any]:
    if isinstance(term, t.NumberTerm):
        number = low.number(term)
        return [whole.to_ibis(False) for whole in (number.top, number.bottom)]
    return [low.value(term)]


def _size(expr: Any) -> int:
    """How many nodes the expression has when it is written out: what it shares counts each time."""
    top = expr.op()
    sizes = top.map(lambda node, found, **_: 1 + sum(found[child] for child in node.__children__))
    return int(sizes[top])


def _smallest(meaning: Meaning, written: Written) -> int | None:
    """Where the smallest part that is refused by itself stands; None where it is another declaration, told there."""
    parts = sorted(_parts(parse(written.text)), key=lambda node: node.end - node.start)
    for part in parts:
        try:
            term = meaning.read(written.text[part.start : part.end], written.owner, written.grain)
        except Fault:
            continue
        if _refused(meaning.playbook, [term], written.grain):
            named = isinstance(part, s.Name) or (isinstance(part, s.Call) and part.function == "member")
            return None if named else part.start
    return 0


def _parts(node: s.Node) -> Iterator[s.Node]:
    yield node
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, s.Node):
                yield from _parts(part)


def _unfolds() -> WorkError:
    return WorkError(
        "expression.too_large",
        Text("展开后过大", "it unfolds into too much"),
        Text("减少 if_unknown、除法与分类的层层嵌套。", "Nest fewer if_unknown, divisions and classifications."),
    )
