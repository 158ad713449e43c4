"""The results of a measurement as Markdown: tables of ratios, and what is counted in them and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from benchmarks.measures import BASEKEEP, WAYS, WORK
from benchmarks.rounds import PATIENCE_SECONDS, Results

_HEAD = """\
# Measurements · 性能对比

Made by `make bench` ([how to](../CONTRIBUTING.md)): every way in one run on the same machine, on the same Parquet files of the synthetic operator, which come
as one file a month, fourteen of them. 同一台机器、同一批文件、同一次运行；先核对名单一致，再计时。

{machine}

Medians of {rounds}, in which all ways take turns, each in a process of its own, with the files in memory as far as memory
goes. Starting a process, importing, and starting the JVM do not count for anyone. Peak memory is the greatest that the
process (with Spark: it and its JVM) held, so it includes Python and what was imported.
"""
_TEN = """
## Ten typical rules

Ten rules of the shipped playbook, which need up to six months in a row, the same two months a year before, Spring Festival, dates, texts, a mean and
a percentile of the base. Before anything was timed, the members of every rule were found to be the same in all ways.

- **Basekeep** makes its usual run of a [playbook of just these rules](../benchmarks/ten_rules/playbook.yaml): every file hashed, the truth of every rule for every
  subscriber with the unknown kept apart, and summaries. It reads the history that it laid when the months came in; what laying a month costs
  stands below, and **Basekeep with closing the month** is both together: the ingest of the last month, with all its checks, and the run.
- **One query per rule** is the analyst's way: ten queries by hand over the monthly files, on DuckDB. **DuckDB in one pass**, **chDB** and **PySpark** do all ten
  in one query; **Polars** and **pandas** in one pass by hand. They read the needed columns of the monthly files, check and hash
  nothing, and write the members.

Seconds, and in brackets how many times Basekeep's:
"""
_MEMORY = """
Peak memory in GiB, and in brackets how many times Basekeep's:
"""
_OWN = """
## Basekeep against bare reading and writing

What no way can save: a sum over every cell that the run of the shipped playbook uses, and writing what it writes once more; a copy of a
month's rows to Parquet; DuckDB's own copy of a CSV file to Parquet. All with the same engine and settings.
"""
_ROWS = """
## The scorecard, row by row

GoRules Zen judges one row that somebody has put together. The shipped 4G-to-5G scorecard was given to it as six decision tables, and a sample of up to 20,000
ranked subscribers as ready rows, which is not counted; its points were Basekeep's. Basekeep's figure is its run of a playbook of this scorecard alone, from
stored months to ranks, divided by the subscribers of the base. Microseconds for one subscriber:
"""
_STEPS = """
## Where the time of a run goes

Seconds of each step of the run of the shipped playbook:
"""

# A row: what it shows of one size; None where that was not measured.
Cell = Callable[[Results], str | None]


def report(found: Sequence[Results], machine: str) -> str:
    """The page, of results in the order of their sizes."""
    ways = [name for name in WAYS if any(name in results.taken for results in found)]
    parts = [
        _HEAD.format(machine=machine, rounds=_rounds(found)),
        _TEN,
        _table(found, {WAYS[name].label: _against(name, "seconds") for name in ways}),
        _MEMORY,
        _table(found, {WAYS[name].label: _against(name, "peak_gib") for name in ways}),
        _notes(found),
        _OWN,
        _table(found, _own_rows(found)),
        _ROWS,
        _table(found, {"Basekeep": _each("scorecard"), "GoRules Zen": _each("zen")}),
        _STEPS,
        _table(found, {name.removeprefix("step "): _middle("run", name) for name in found[0].taken["run"][0] if name.startswith("step ")}),
    ]  # fmt: skip
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def _rounds(found: Sequence[Results]) -> str:
    most = max(results.rounds for results in found)
    return f"{most} round{'s' if most > 1 else ''}"


def middle(results: Results, name: str, what: str) -> float | None:
    """The median of a measured number."""
    taken = results.taken.get(name)
    return median(one[what] for one in taken) if taken else None


def _table(found: Sequence[Results], rows: dict[str, Cell]) -> str:
    head = [f"{results.subscribers:,} subscribers" for results in found]
    lines = [["", *head], ["---", *("---:" for _ in head)]]
    lines += [[label, *(cell(results) or "–" for results in found)] for label, cell in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _against(name: str, what: str) -> Cell:
    def cell(results: Results) -> str | None:
        value, ours = middle(results, name, what), middle(results, BASEKEEP, what)
        if value is None or ours is None:
            return None
        return f"{value:.2f}" if name == BASEKEEP else f"{value:.2f} ({_times(value / ours)})"

    return cell


def _middle(name: str, what: str, form: str = "{:.2f}") -> Cell:
    def cell(results: Results) -> str | None:
        value = middle(results, name, what)
        return None if value is None else form.format(value)

    return cell


def _ratio(name: str, bare: str, what: str = "seconds") -> Cell:
    def cell(results: Results) -> str | None:
        value, other = middle(results, name, what), middle(results, bare, what)
        return None if value is None or other is None else f"**{_times(value / other)}**"

    return cell


def _times(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:.0f}×"


def _own_rows(found: Sequence[Results]) -> dict[str, Cell]:
    rows = {
        f"{one.label}, seconds": _middle(name, "seconds")
        for name, one in WORK.items()
        if name not in ("scorecard", "zen")
    }
    ratios = {
        "run against bare reading and writing": _ratio("run", "bare_run"),
        "the same in processor seconds": _ratio("run", "bare_run", "cpu_seconds"),
        "ten times the rules against the rules": _ratio("tenfold", "run"),
        "one more month against a bare copy": _ratio("close", "bare_month"),
        "the same, the select naming that file": _ratio("close_file", "bare_month"),
        "CSV against DuckDB's own copy": _ratio("csv", "bare_csv"),
    }
    memory = {
        "peak memory of the run, GiB": _middle("run", "peak_gib"),
        "peak memory of closing a month, GiB": _middle("close", "peak_gib"),
    }
    return {**rows, **ratios, **memory, "growth of the run from the size before: seconds for subscribers": _growth(found)}  # fmt: skip


def _growth(found: Sequence[Results]) -> Cell:
    before = {after.subscribers: results for results, after in pairwise(found)}

    def cell(results: Results) -> str | None:
        smaller = before.get(results.subscribers)
        now, then = middle(results, "run", "seconds"), smaller and middle(smaller, "run", "seconds")
        if not smaller or not now or not then:
            return None
        return f"{now / then:.1f}× for {results.subscribers / smaller.subscribers:.1f}×"

    return cell


def _each(name: str) -> Cell:
    def cell(results: Results) -> str | None:
        seconds, judged = middle(results, name, "seconds"), middle(results, name, "judged")
        return None if seconds is None or not judged else f"{seconds / judged * 1e6:.1f}"

    return cell


def _notes(found: Sequence[Results]) -> str:
    """Who is ahead of Basekeep, who was left out, and who was measured less often."""
    lines = []
    for results in found:
        size = f"{results.subscribers:,}"
        for what, word in (("seconds", "faster"), ("peak_gib", "smaller")):
            if ahead := _ahead(results, what):
                lines.append(
                    f"- With {size} subscribers {', '.join(ahead)} {'is' if len(ahead) == 1 else 'are'} {word} than Basekeep."
                )
        for name, why in results.absent.items():
            lines.append(f"- With {size} subscribers {({**WAYS, **WORK})[name].label} is left out: {why}.")
        once = [
            WAYS[name].label
            for name in WAYS
            if len(results.taken.get(name, ())) < results.rounds and name in results.taken
        ]
        if once:
            lines.append(
                f"- With {size} subscribers {', '.join(once)} took over {PATIENCE_SECONDS // 60} minutes and was measured once."
            )
    return "\n".join(lines)  # fmt: skip


def _ahead(results: Results, what: str) -> list[str]:
    ours = middle(results, BASEKEEP, what) or 0.0
    values = {one.label: middle(results, name, what) for name, one in WAYS.items() if name not in (BASEKEEP, "closing")}
    return [label for label, value in values.items() if value is not None and value < ours]
