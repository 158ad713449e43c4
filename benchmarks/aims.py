"""Basekeep's aims, held against what was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.cells import middle, over, table, times
from benchmarks.measures import BASEKEEP, WAYS
from benchmarks.rounds import Results

_GROWTH_FROM = 1_000_000
_ANALYSTS = ("analyst", "analyst_grouped")
_PEERS = [name for name in WAYS if name not in {BASEKEEP, "closing", *_ANALYSTS}]

HEAD = """
## What was aimed at

Ours over the other's, or the other's over ours, as each line says; in italics what does not reach the aim. Aims are for the size that they
name; the other sizes are there for comparison.
"""
REASONS = """
What stands in the way where an aim is not reached:

- **A run against bare reading and writing.** Of a large base three quarters of a run's time are the step `figures`, and about half of that step
  is the same reading and writing. The rest is judging: each rule and each offer with the unknown kept apart, exact sums in whole numbers,
  each scorecard's points, and the engine's planning of that query for each shard of 131,072 subscribers (about a tenth of the step; two
  shards in one query won nothing that could be told from noise). The steps around it read the figures again: ranks, groups, summaries, the upgrade.
  Something over a second is the same for any base: checking that the playbook's numbers are exact, planning, groups, the record.
- **The analyst's way.** Each of ten queries by hand reads only its own few columns, so that all ten together read a few times what
  one pass does, not twenty times. The distance grows with the number of rules: another rule is another query there, while here ten times
  the rules cost less than twice the time.
- **The best peer, on small bases.** Polars in one pass by hand has no fixed cost, hashes no file, and keeps no record of unknowns.
- **CSV.** The engine's own copy guesses the types and writes what it read. An ingest takes every cell as text, which alone costs nearly as
  much as that copy, and then checks it: form, range, precision, a number that a float would change. It has to: a line that is not sound must be
  named with its number, and nothing may be rounded on the way.
- **One more month.** The copy writes rows as they come. The ingest checks them, finds each one's place among all who ever were, and
  brings a month in that order.
"""


@dataclass(frozen=True)
class _Aim:
    label: str
    measured: Callable[[Results], float | None]
    reached: Callable[[float], bool]
    shown: Callable[[float], str] = times

    def cell(self, results: Results) -> str | None:
        found = self.measured(results)
        if found is None:
            return None
        return self.shown(found) if self.reached(found) else f"*{self.shown(found)}*"


def aims(found: Sequence[Results]) -> str:
    """The table of aims, in italics what is not reached."""
    return table(found, {aim.label: aim.cell for aim in _aims(found)})


def _aims(found: Sequence[Results]) -> list[_Aim]:
    return [
        _Aim("run over bare reading and writing: at most 1.5× at 10 million", _over("run", "bare_run"), _most(1.5)),
        _Aim(
            "peak memory of the run: at most 8 GiB at 10 million",
            lambda results: middle(results, "run", "peak_gib"),
            _most(8),
            lambda gib: f"{gib:.2f} GiB",
        ),
        _Aim("a subscriber's share of the run over that at 1 million: at most 1.1×", _growth(found), _most(1.1)),
        _Aim("one query per rule over Basekeep: at least 20× at 1 million", _over("analyst", BASEKEEP), _least(20)),
        _Aim("one grouped query per rule over Basekeep: the same", _over("analyst_grouped", BASEKEEP), _least(20)),
        _Aim("the fastest peer over Basekeep: at least 1× at 1 million", _fastest, _least(1)),
        _Aim("one more month over a bare copy: at most 3× at 10 million", _over("close", "bare_month"), _most(3)),
        _Aim("CSV over DuckDB's own copy: at most 2×", _over("csv", "bare_csv"), _most(2)),
        _Aim("each rule ten times over once: at most 3×", _over("tenfold", "run"), _most(3)),
    ]


def _most(limit: float) -> Callable[[float], bool]:
    return lambda found: found <= limit


def _least(limit: float) -> Callable[[float], bool]:
    return lambda found: found >= limit


def _over(name: str, other: str) -> Callable[[Results], float | None]:
    return lambda results: over(results, name, other)


def _fastest(results: Results) -> float | None:
    return min((found for name in _PEERS if (found := over(results, name, BASEKEEP)) is not None), default=None)


def _growth(found: Sequence[Results]) -> Callable[[Results], float | None]:
    """Seconds for each subscriber over those at a million, of larger sizes."""
    share = {results.subscribers: _share(results) for results in found}

    def measured(results: Results) -> float | None:
        first, here = share.get(_GROWTH_FROM), share[results.subscribers]
        return here / first if first and here and results.subscribers > _GROWTH_FROM else None

    return measured


def _share(results: Results) -> float | None:
    seconds = middle(results, "run", "seconds")
    return seconds / results.subscribers if seconds is not None else None
