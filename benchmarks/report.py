"""The results of a measurement as a page of Markdown: what is counted and what is not, the tables, and who is ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.aims import HEAD, REASONS, aims
from benchmarks.cells import Cell, against_basekeep, growth, microseconds_each, middle, ratio, table, value
from benchmarks.measures import BASEKEEP, WAYS, WORK
from benchmarks.rounds import Results

_HEAD = """\
# Measurements · 性能对比

Made by `make bench` ([how to](../CONTRIBUTING.md)): every way in one run on one machine, from the same Parquet files of the synthetic
operator, one file a month, fourteen months. 同一台机器、同一批文件、同一次运行；先核对名单一致，再计时。

{machine}

Medians of {rounds}, in which all ways take turns, each in a process
of its own, with the files in memory as far as it goes. Starting a process, importing, and starting the JVM do not count for anyone; that a
JVM just started compiles as it goes does. Peak memory is what the process held at most (with Spark: it and its JVM), so it includes Python
and what was imported. Basekeep keeps to its default limit, half of the memory, for data; the others take what they like.
"""
_TEN = """
## Ten typical rules

Ten rules of the shipped playbook that need up to six months in a row, the same two months a year before, Spring Festival, dates, texts, a
mean and a percentile of the base. Before anything was timed, the members of every rule were found to be the same in all ways.

- **Basekeep** makes its usual run of a [playbook of just these rules](../benchmarks/ten_rules/playbook.yaml): every file that it uses is
  hashed, every rule is judged for every subscriber with the unknown kept apart, and summarised. It reads the history that it laid when the
  months came in, which does not count here. **Basekeep with closing the month** counts the last of them: the ingest of the month that has
  just closed, with all its checks, and then the run.
- **One query per rule** and **One grouped query per rule** are the analyst's ways: ten queries by hand over the monthly files, on DuckDB.
  The first joins the months that a rule needs, one file each; the second, as they are mostly written, takes the files of all months, groups
  by subscriber, and picks each month's figure with `max(…) FILTER (WHERE month = …)`. **DuckDB in one pass**, **chDB** and **PySpark** do all
  ten in one query; **Polars** and **pandas** do them in one pass by hand. They read the columns needed of the months needed, check and hash
  nothing, and write the members.

Seconds, and in brackets how many times Basekeep's:
"""
_MEMORY = """
Peak memory in GiB, and in brackets how many times Basekeep's:
"""
_OWN = """
## Basekeep against bare reading and writing

What no way can save: a sum over every cell that the run of the shipped playbook uses (of texts, their lengths), and writing what it writes
once more; a copy of a month's rows to Parquet; DuckDB's own copy of a CSV file to Parquet. All on the same engine with the same settings.
With each rule ten times, the nine others have other limits, so that none can stand for another; they look at the same months.
"""
_ROWS = """
## The scorecard, row by row

GoRules Zen judges one row that somebody has put together. The shipped 4G-to-5G scorecard was given to it as six decision tables, with a
sample of up to 20,000 ranked subscribers as ready rows; making these is not counted, and the points were Basekeep's. Basekeep's figure is
its run of a playbook of this scorecard alone, from stored months to ranks, divided by the subscribers of the base.
Microseconds for one subscriber, which are also seconds for a million:
"""
_STEPS = """
## Where the time of a run goes

Seconds of each step of the run of the shipped playbook:
"""
_PER_ROW = ("scorecard", "zen")
_STEP = "step "


def report(found: Sequence[Results]) -> str:
    """The page, of results in the order of their sizes."""
    machines = "\n\n".join(dict.fromkeys(results.machine for results in found))
    ways = [name for name in WAYS if any(name in results.taken for results in found)]
    steps = [name for name in found[0].taken["run"][0] if name.startswith(_STEP)]
    parts = [
        _HEAD.format(machine=machines, rounds=_rounds(found)),
        _TEN,
        table(found, {WAYS[name].label: against_basekeep(name, "seconds") for name in ways}),
        _MEMORY,
        table(found, {WAYS[name].label: against_basekeep(name, "peak_gib") for name in ways}),
        "\n".join(note for results in found for note in _notes(results)),
        _OWN,
        table(found, _own_rows(found)),
        HEAD,
        aims(found),
        REASONS,
        _ROWS,
        table(found, {WORK[name].label: microseconds_each(name) for name in _PER_ROW}),
        _STEPS,
        table(found, {name.removeprefix(_STEP): value("run", name) for name in steps}),
    ]
    return "\n".join(part.strip("\n") + "\n" for part in parts if part)


def _rounds(found: Sequence[Results]) -> str:
    """How often everything was measured, and where sizes differ each of them."""
    of = [results.rounds for results in found]
    if len(set(of)) > 1:
        return (
            ", ".join(f"{rounds} ({results.subscribers:,})" for rounds, results in zip(of, found, strict=True))
            + " rounds"
        )
    return f"{of[0]} round{'s' if of[0] > 1 else ''}"


def _own_rows(found: Sequence[Results]) -> dict[str, Cell]:
    return {
        **{f"{one.label}, seconds": value(name) for name, one in WORK.items() if name not in _PER_ROW},
        "run against bare reading and writing": ratio("run", "bare_run"),
        "the same in processor seconds": ratio("run", "bare_run", "cpu_seconds"),
        "each rule ten times against once": ratio("tenfold", "run"),
        "one more month against a bare copy": ratio("close", "bare_month"),
        "the same, the select naming that file": ratio("close_file", "bare_month"),
        "CSV against DuckDB's own copy": ratio("csv", "bare_csv"),
        "run against the size before: seconds for subscribers": growth("run", found),
        "peak memory of the run, GiB": value("run", "peak_gib"),
        "peak memory of one more month, GiB": value("close", "peak_gib"),
    }


def _notes(results: Results) -> Iterator[str]:
    """Who is ahead of Basekeep, who was left out, and who was measured less often."""
    begin = f"- With {results.subscribers:,} subscribers"
    for what, word in (("seconds", "faster"), ("peak_gib", "smaller in memory")):
        if ahead := _ahead(results, what):
            yield f"{begin} {', '.join(ahead)} {'is' if len(ahead) == 1 else 'are'} {word} than Basekeep."
    for name, why in results.absent.items():
        yield f"{begin} {({**WAYS, **WORK})[name].label} is left out: {why}."
    for name in WAYS:
        if 0 < len(results.taken.get(name, ())) < results.rounds:
            yield f"{begin} {WAYS[name].label} took over {results.patience_seconds:g} seconds and was measured once."


def _ahead(results: Results, what: str) -> list[str]:
    ours = middle(results, BASEKEEP, what) or 0.0
    theirs = {one.label: middle(results, name, what) for name, one in WAYS.items()}
    return [label for label, found in theirs.items() if found is not None and found < ours]
