"""Physical families on the screen: one of them with its ties, and how many there are of each size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from basekeep.cli.screen import Screen, number, percent
from basekeep.kernel.text import Text

_SAME = {"address": Text("同一地址", "same address"), "cell": Text("同一小区", "same home cell")}


def show_family(screen: Screen, family: Any) -> None:
    """One family: who belongs to it, and by which ties."""
    screen.line(f"{family.family_id}  {family.month}  {family.run_id}", "bold")
    _why(screen, family, "")
    for member in family.members:
        screen.line("")
        screen.line(f"● {member.subscriber_id}{f'  {member.msisdn}' if member.msisdn else ''}", "bold green")
        for tie in member.ties:
            _tie(screen, family, tie)


def show_family_of(screen: Screen, family: Any, subscriber_id: str) -> None:
    """The family of a subscriber who is being explained, below the rule that asks for it: the subscriber's own ties."""
    indent = "       "
    screen.item(f"{indent}{Text('家庭', 'Family').say(screen.language)} {family.family_id}")
    _why(screen, family, indent)
    for tie in next(member.ties for member in family.members if member.subscriber_id == subscriber_id):
        _tie(screen, family, tie, indent)
    screen.line(f"{indent}basekeep explain --family {family.family_id}", "dim")


def _why(screen: Screen, family: Any, indent: str) -> None:
    said = Text(
        f"{family.size} 人，可信度 {percent(family.confidence)}：{family.pairs} 对中有 {family.tied_pairs} 对同住，且近 {family.months} 个月每月互相通话、夜间也通话",
        f"{family.size} people, confidence {percent(family.confidence)}: {family.tied_pairs} of {family.pairs} pairs are of one home and called each "
        f"other both ways, also at night, in each of {family.months} months",
    ).say(screen.language)  # fmt: skip
    screen.item(f"{indent}{said}", "dim")


def _tie(screen: Screen, family: Any, tie: Any, indent: str = "") -> None:
    same, minutes, night = _SAME[tie.same], number(tie.minutes), percent(tie.least_night_share)
    said = Text(
        f"与 {tie.to}：{family.months} 个月通话 {minutes} 分钟，每月夜间至少 {night}，{same.zh}",
        f"with {tie.to}: {minutes} minutes in {family.months} months, at least {night} at night each month, {same.en}",
    ).say(screen.language)
    screen.item(f"{indent}   ✓ {said}")


def show_sizes(screen: Screen, families: int, members: int, sizes: Mapping[int, int]) -> None:
    """How many families there are, and of how many members."""
    said = Text(f"{families:,} 个，{members:,} 人", f"{families:,} with {members:,} members")
    heads = [Text("人数", "Members"), Text("家庭", "Families"), Text("", "")]
    most = max(sizes.values(), default=1)
    cells = [(size, many, "█" * round(many / most * 30)) for size, many in sorted(sizes.items())]
    title = Text(f"物理家庭（从通话与住处看出）：{said.zh}", f"Physical families (seen in calls and homes): {said.en}")
    screen.table(title, heads, cells, numbers=(0, 1))
