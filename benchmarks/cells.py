"""The cells of the tables: medians, and ratios of medians. A cell of what was not measured stays empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from benchmarks.measures import BASEKEEP
from benchmarks.rounds import Results

# What a row shows of one size; None where that was not measured.
Cell = Callable[[Results], str | None]


def table(found: Sequence[Results], rows: dict[str, Cell]) -> str:
    """A column for each size."""
    head = [f"{results.subscribers:,} subscribers" for results in found]
    lines = [["", *head], ["---", *("---:" for _ in head)]]
    lines += [[label, *(cell(results) or "–" for results in found)] for label, cell in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def middle(results: Results, name: str, what: str) -> float | None:
    """The median of a measured number."""
    taken = results.taken.get(name)
    return median(one[what] for one in taken) if taken else None


def over(results: Results, name: str, other: str, what: str = "seconds") -> float | None:
    """One median over another."""
    one, two = middle(results, name, what), middle(results, other, what)
    return None if one is None or two is None else one / two


def value(name: str, what: str = "seconds") -> Cell:
    """The median itself."""

    def cell(results: Results) -> str | None:
        found = middle(results, name, what)
        return None if found is None else f"{found:.2f}"

    return cell


def against_basekeep(name: str, what: str) -> Cell:
    """The median, and how many times Basekeep's it is."""

    def cell(results: Results) -> str | None:
        theirs, ours = middle(results, name, what), middle(results, BASEKEEP, what)
        if theirs is None or ours is None:
            return None
        return f"{theirs:.2f}" if name == BASEKEEP else f"{theirs:.2f} ({times(theirs / ours)})"

    return cell


def ratio(name: str, other: str, what: str = "seconds") -> Cell:
    """How many times another's median it is."""

    def cell(results: Results) -> str | None:
        found = over(results, name, other, what)
        return None if found is None else f"**{times(found)}**"

    return cell


def growth(name: str, found: Sequence[Results]) -> Cell:
    """How many times the seconds for how many times the subscribers of the size before."""
    before = {after.subscribers: results for results, after in pairwise(found)}

    def cell(results: Results) -> str | None:
        smaller = before.get(results.subscribers)
        if smaller is None:
            return None
        then, now = middle(smaller, name, "seconds"), middle(results, name, "seconds")
        return f"{now / then:.1f}× for {results.subscribers / smaller.subscribers:.1f}×" if then and now else None

    return cell


def microseconds_each(name: str) -> Cell:
    """Of each subscriber that was judged."""

    def cell(results: Results) -> str | None:
        seconds, judged = middle(results, name, "seconds"), middle(results, name, "judged")
        return f"{seconds / judged * 1e6:.1f}" if seconds and judged else None

    return cell


def times(ratio: float) -> str:
    """A ratio as it is shown."""
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.0f}×"
