"""`make bench`: Basekeep and its peers side by side, on bases of several sizes; prints a page of Markdown.

python -m benchmarks [--quick] [--sizes N,N,…] [--rounds N] [--patience SECONDS] [--peers all|NAME,NAME]
                     [--folder DIR] [--report DIR] [--reuse] [--without-allocation]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.allocation import lines, quick_lines
from benchmarks.machine import machine
from benchmarks.measures import BASEKEEP, WAYS
from benchmarks.report import report
from benchmarks.rounds import Results, measure

_ALLOCATION = """\
## The allocation of decisions

One option at most for each subscriber, under capacities of branches, budgets, stock and floors
([how](decisions/0011-allocation.md)): beside HiGHS and PDLP, general solvers, which are asked for the linear programme alone, whose value no
choice exceeds. Alone: `python -m benchmarks.allocation`.
"""
_PEERS = [name for name in WAYS if name != BASEKEEP]


def main() -> None:
    """Measure each size, print the page, and keep it with its picture where asked."""
    options = _options()
    if options.quick:
        options.sizes, options.rounds, options.patience = [50_000], 1, 10.0
    found = [_results(options, subscribers) for subscribers in sorted(options.sizes)]
    page = report(found)
    if not options.without_allocation:
        page = f"{page}\n{_allocation(options)}"
    if options.report is None:
        print(page)
        return
    from benchmarks.picture import draw

    draw(found, options.report / "benchmarks.png")
    picture = "![Seconds for ten rules over the number of subscribers](benchmarks.png)\n"
    (options.report / "benchmarks.md").write_text(f"{page}\n{picture}", encoding="utf-8")


def _results(options: argparse.Namespace, subscribers: int) -> Results:
    folder = options.folder / f"base-{subscribers}"
    kept = folder / "results.json"
    if options.reuse and kept.exists():
        return Results.kept(kept)
    results = Results(subscribers, options.rounds, options.patience, machine())
    measure(folder, results, options.peers)
    results.keep(kept)
    return results


def _allocation(options: argparse.Namespace) -> str:
    """The allocation of decisions beside general solvers, as a section of the page."""
    kept = options.folder / "allocation.md"
    if not (options.reuse and kept.exists()):
        kept.write_text("\n".join(quick_lines() if options.quick else lines()) + "\n", encoding="utf-8")
    return f"{_ALLOCATION}\n{kept.read_text(encoding='utf-8')}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Basekeep and its peers side by side.",
        epilog="Physical families, against the truth: python -m benchmarks.families",
    )
    parser.add_argument("--quick", action="store_true", help="50,000 subscribers once: under five minutes in all")
    parser.add_argument("--sizes", type=_numbers, default=[100_000, 300_000, 1_000_000], help="subscribers: N,N,…")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--patience", type=float, default=600, help="seconds above which a way is measured once")
    parser.add_argument("--peers", type=_peers, default=_PEERS, help=f"all, or some of {','.join(_PEERS)}")
    parser.add_argument("--folder", type=Path, default=Path("bench"), help="where the bases lie; made where absent")
    parser.add_argument("--report", type=Path, help="folder for benchmarks.md and benchmarks.png; printed without it")
    parser.add_argument("--without-allocation", action="store_true", help="leave out the allocation of decisions")
    parser.add_argument("--reuse", action="store_true", help="take what was measured of a size before")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _peers(text: str) -> list[str]:
    names = _PEERS if text == "all" else text.split(",")
    if unknown := set(names) - set(_PEERS):
        raise argparse.ArgumentTypeError(f"no such peer: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    main()
