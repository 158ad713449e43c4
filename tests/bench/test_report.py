"""The page shows medians, ratios to Basekeep, who is ahead, who is absent and why."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.measures import WAYS, WORK
from benchmarks.report import report
from benchmarks.rounds import Results, Taken


def test_a_ratio_is_that_of_the_medians() -> None:
    page = report([_results(polars=[1.0, 9.0, 3.0])])
    assert "| Polars | 3.00 (1.50×) |" in page
    assert "| run against bare reading and writing | **1.00×** |" in page


def test_both_ways_of_an_analyst_are_there_and_told_apart() -> None:
    page = report([_results(analyst=[3.0, 3.0, 3.0], analyst_grouped=[8.0, 8.0, 8.0])])
    assert "| One query per rule | 3.00 (1.50×) |" in page
    assert "| One grouped query per rule | 8.00 (4.00×) |" in page
    assert "**One grouped query per rule** are" in page


def test_a_faster_peer_is_named() -> None:
    assert "- With 1,000 subscribers Polars is faster than Basekeep." in report([_results(polars=[1.5, 1.5, 1.5])])


def test_an_absent_peer_is_named_with_its_reason() -> None:
    results = _results()
    results.taken.pop("pandas")
    results.absent["pandas"] = "`pandas` is not installed"
    page = report([results])
    assert "- With 1,000 subscribers pandas is left out: `pandas` is not installed." in page
    assert "| pandas |" not in page


def test_a_way_that_was_measured_less_often_is_named() -> None:
    page = report([_results(polars=[700.0])])
    assert "- With 1,000 subscribers Polars took over 600 seconds and was measured once." in page


def test_an_aim_that_is_not_reached_is_in_italics() -> None:
    page = report([_results(bare_run=[1.0, 1.0, 1.0], analyst=[50.0, 50.0, 50.0], polars=[1.0, 1.0, 1.0])])
    assert "| run over bare reading and writing: at most 1.5× at 10 million | *2.00×* |" in page
    assert "| one query per rule over Basekeep: at least 20× at 1 million | 25× |" in page
    assert "| the fastest peer over Basekeep: at least 1× at 1 million | *0.50×* |" in page
    assert "| each rule ten times over once: at most 3× | 1.00× |" in page


def test_growth_is_held_against_a_million() -> None:
    sizes = [(1_000_000, 2.0), (3_000_000, 6.0), (10_000_000, 30.0)]
    page = report([replace(_results(run=[seconds] * 3), subscribers=many) for many, seconds in sizes])
    assert "at most 1.1× | – | 1.00× | *1.50×* |" in page


def _results(**seconds: list[float]) -> Results:
    """Everything took two seconds but what is given."""
    taken = {name: [_taken(each) for each in seconds.get(name, [2.0, 2.0, 2.0])] for name in (*WAYS, *WORK)}
    return Results(1_000, 3, 600, "A machine.", taken)


def _taken(seconds: float) -> Taken:
    return {"seconds": seconds, "cpu_seconds": seconds, "peak_gib": 1.0, "judged": 100.0, "step figures": 1.0}
