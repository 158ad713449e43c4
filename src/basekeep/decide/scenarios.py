"""Scenarios as a person types them, settled against a playbook. All faults of a call come at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from basekeep.decide.lever_names import LeverFault, is_total, lever_names, levers_named
from basekeep.decide.levers import Change, Levers
from basekeep.kernel.errors import CallFindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.numbers import number_of

_HOW = Text(
    "写成 budget=50000（改为）、budget=+10%（增减）或 budget=150%（为现在的几成）。",
    "Write budget=50000 (to so much), budget=+10% (more or less), or budget=150% (of what it is).",
)
# People also type the full-width signs.
_NAMED = re.compile(r"\s*([^:：=]*?)\s*[:：](.*)", re.DOTALL)
_APART = re.compile(r"[,，;；]")


@dataclass(frozen=True)
class Scenario:
    """Changes under one name, as typed and as levers."""

    name: str
    typed: tuple[str, ...]
    levers: Levers


def scenarios_of(settings: Sequence[str], named: Sequence[str], playbook: Playbook) -> tuple[Scenario, ...]:
    """The scenarios of a call: all of `--set` make one, each `--scenario` another.

    Args:
        settings: `budget.retention=+10%` and the like.
        named: `NAME: budget=-10%, capacity.hall=20`; without a name it is called as it is written.

    Raises:
        CallFindingsError: levers that are not there, values that make no sense, scenarios of one name.
    """
    written = [(", ".join(settings), "--set", tuple(settings))] if settings else []
    for text in named:
        match = _NAMED.fullmatch(text)
        name, rest = (match[1], match[2]) if match else ("", text)
        parts = tuple(part.strip() for part in _APART.split(rest) if part.strip())
        written.append((name or ", ".join(parts), "--scenario", parts))
    findings: list[Finding] = []
    found = [Scenario(name, parts, _levers(option, parts, playbook, findings)) for name, option, parts in written]
    names = [one.name for one in found]
    for name, option, parts in written:
        if not parts:
            what = Text("方案里没有改动", "the scenario changes nothing")
            findings.append(Finding("lever.nothing", Place(f"{option} {name}"), what, _HOW))
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        what = Text(f"有几个方案都叫 {name!r}", f"several scenarios are called {name!r}")
        do = Text("给它们不同的名称。", "Give them different names.")
        findings.append(Finding("lever.same_name", Place(f"--scenario {name}"), what, do))
    if findings:
        what = Text(f"命令有 {len(findings)} 处不对，没有模拟", f"things wrong with the call: {len(findings)}; nothing was simulated")  # fmt: skip
        raise CallFindingsError("call.simulate", what, findings)
    return tuple(found)


def levers_of(typed: str, value: str, playbook: Playbook) -> Levers:
    """One lever moved as typed: a kind alone moves all levers of that kind.

    A number for `budget` alone is that of the budget that covers everything, else of the only one; where there are
    several it is a limit of its own, over all of them.

    Raises:
        LeverFault: there is no such lever, or the value is none.
    """
    names, change = levers_named(typed, playbook), change_of(value)
    if typed == "budget" and change.to is not None and len(names) > 1:
        total = [name for name in names if is_total(playbook.budgets[name.partition(".")[2]])]
        return Levers(dict.fromkeys(total, change)) if total else Levers(total=change.to)
    return Levers(dict.fromkeys(names, change))


def change_of(text: str) -> Change:
    """What a value as typed does to a number: `50000`, `+10%`, `-20%`, `150%`.

    Raises:
        LeverFault: it is no such value, or makes a number negative.
    """
    text = text.strip()
    try:
        number = number_of(text)
    except ValueError:
        raise LeverFault("lever.no_number", Text(f"{text!r} 不是数", f"{text!r} is no number"), _HOW) from None
    share = text.endswith("%")
    if text.startswith("+") and not share:
        what = Text(f"{text!r} 是改为还是增加？", f"{text!r} may mean `to` or `more by`")
        raise LeverFault("lever.unclear", what, _HOW)
    if share and text[0] in "+-":
        number += 1
    if number < 0:
        what = Text(f"{text!r} 会使数值为负", f"{text!r} would make the number negative")
        raise LeverFault("lever.negative", what, Text("取 0 或更大的值。", "Give 0 or more."))
    return Change(times=number) if share else Change(to=number)


def times(typed: str, factor: Fraction, playbook: Playbook) -> Levers:
    """Levers multiplied by a factor."""
    return Levers(dict.fromkeys(levers_named(typed, playbook), Change(times=factor)))


def _levers(option: str, parts: Sequence[str], playbook: Playbook, findings: list[Finding]) -> Levers:
    """All changes of one scenario; one that names a single lever goes before one of its whole kind."""
    exact: dict[str, Change] = {}
    all_of: dict[str, Change] = {}
    total = None
    seen: set[str] = set()
    for part in parts:
        name, sign, value = (one.strip() for one in part.partition("="))
        place = Place(f"{option} {part}")
        try:
            if not sign:
                raise LeverFault("lever.no_value", Text(f"看不懂 {part!r}", f"cannot read {part!r}"), _HOW)
            moved = levers_of(name, value, playbook)
            key = name if name in lever_names(playbook) else next(iter(moved.changes))
            if key in seen:
                what = Text(f"{key} 改了两次", f"{key} is changed twice")
                raise LeverFault("lever.twice", what, Text("只留一个。", "Keep one."))
        except LeverFault as fault:
            findings.append(Finding(fault.code, place, fault.what, fault.do, fault.near))
            continue
        seen.add(key)
        (exact if "." in name else all_of).update(moved.changes)
        total = moved.total if moved.total is not None else total
    return Levers({**all_of, **exact}, total)
