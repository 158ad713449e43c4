"""Ranges as people write them, `50%..100%/10%`: from, to, step. Exact, and never longer than a table can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from basekeep.kernel.text import Text
from basekeep.playbook.numbers import number_of

_WRITTEN = re.compile(r"([^/]*?)\.\.([^/]*)/([^/]*)")
# Values of one range, and rows of a table over two of them.
MOST_STEPS = 200
MOST_ROWS = 1_000
HOW = Text("写成 起..止/步长，如 50%..100%/10%。", "Write it as from..to/step, such as 50%..100%/10%.")


class RangeFault(ValueError):
    """A text that is no range, with what is wrong and what to do."""

    def __init__(self, what: Text, do: Text = HOW) -> None:
        super().__init__(what.en)
        self.what = what
        self.do = do


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low`, each one `step` further, up to `high`."""

    low: Fraction
    high: Fraction
    step: Fraction

    @property
    def count(self) -> int:
        """How many values it has."""
        return int((self.high - self.low) / self.step) + 1

    def values(self) -> tuple[Fraction, ...]:
        """All of them; the last is not above `high`."""
        return tuple(self.low + at * self.step for at in range(self.count))


def range_of(text: str) -> Range:
    """A range as written.

    Raises:
        RangeFault: it is not written so, holds no value, or holds too many.
    """
    match = _WRITTEN.fullmatch(text.strip())
    try:
        low, high, step = (number_of(part) for part in match.groups()) if match else ()  # type: ignore[misc]
    except ValueError:
        raise RangeFault(Text("看不懂这个区间", "this range cannot be read")) from None
    if step <= 0:
        raise RangeFault(Text("步长必须大于 0", "the step must be above 0"))
    if low > high:
        raise RangeFault(Text("区间是空的：起点大于终点", "the range is empty: it begins above its end"))
    found = Range(low, high, step)
    if found.count > MOST_STEPS:
        raise RangeFault(
            Text(f"区间有 {found.count:,} 个值，最多 {MOST_STEPS} 个", f"the range has {found.count:,} values; {MOST_STEPS} are the most"),
            Text("加大步长，或缩小范围。", "Take larger steps, or a shorter range."),
        )  # fmt: skip
    return found
