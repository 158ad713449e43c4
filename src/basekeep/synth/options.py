"""What the synthetic operator is asked for, and what it says it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text

FEWEST_SUBSCRIBERS, MOST_SUBSCRIBERS = 100, 30_000_000
MOST_MONTHS = 60
# The lunar calendar is known for these years; devices and tenures reach back before the first month.
FIRST_YEAR, LAST_YEAR = 2010, 2049


@dataclass(frozen=True)
class Options:
    """Size, span and seed. `subscribers` is about the size of the base in the last month.

    Raises:
        CallError: a value is outside what can be made.
    """

    subscribers: int = 200_000
    months: int = 14
    last_month: date = date(2025, 12, 1)
    seed: int = 1

    def __post_init__(self) -> None:
        _within("subscribers", self.subscribers, FEWEST_SUBSCRIBERS, MOST_SUBSCRIBERS)
        _within("months", self.months, 1, MOST_MONTHS)
        _within("last_month", self.last_month.year, FIRST_YEAR, LAST_YEAR)
        _within("seed", self.seed, 0, 2**63 - 1)
        if self.last_month.day != 1:
            raise CallError(
                "synth.options",
                Text(f"last_month 应为月份的第一天，读到 {self.last_month}", f"last_month is {self.last_month}"),
                Text("请给出该月 1 日", "Give the first day of the month"),
            )


@dataclass(frozen=True)
class Made:
    """What was made: the workspace, the files relative to it, and the rows of each table."""

    into: Path
    files: tuple[Path, ...]
    rows: dict[str, int]


def _within(name: str, value: int, lower: int, upper: int) -> None:
    if not lower <= value <= upper:
        raise CallError(
            "synth.options",
            Text(f"{name} 为 {value}，超出可生成的范围", f"{name} is {value}, outside what can be made"),
            Text(f"请给出 {lower} 到 {upper} 之间的值", f"Give a value from {lower} to {upper}"),
        )
