"""Physical families held against the synthetic operator's true households, and the time that many call pairs take.

python -m benchmarks.families [--sizes N,N,…] [--pairs N] [--folder DIR]

Nothing that is printed is asserted. The truth is read here and in tests, never by the product.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.family_pairs import make_pairs
from benchmarks.households import Judged, judge
from benchmarks.machine import machine


def main() -> None:
    """Print precision and recall for each size, then seconds and memory for the pairs."""
    options = _options()
    print(f"{machine()}\n")
    for subscribers in options.sizes:
        folder = options.folder / f"operator-{subscribers}"
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{subscribers:,} subscribers, against the true households:\n")
        for line in _lines(judge(folder, subscribers)):
            print(line)
        print(flush=True)
    if options.pairs:
        print(_timed(options.folder / f"pairs-{options.pairs}", options.pairs))


def _lines(judged: Mapping[str, Judged]) -> Iterable[str]:
    yield "| counted among | true pairs | found pairs | precision | recall | households found exactly | families exactly right |"
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for name, one in judged.items():
        yield (
            f"| {name} | {one.true_pairs:,} | {one.found_pairs:,} | {one.precision:.4f} | {one.recall:.4f} "
            f"| {one.exact / one.households:.1%} of {one.households:,} | {one.exact / one.families:.1%} of {one.families:,} |"
        )


def _timed(folder: Path, pairs: int) -> str:
    """One step of a run, in a process of its own, so that its peak memory is its own."""
    shutil.rmtree(folder, ignore_errors=True)
    made = make_pairs(folder, pairs)
    command = [sys.executable, "-m", "benchmarks.family_step", str(folder)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    return (
        f"{made.pairs:,} pairs in each of {made.months} months ({said['rows']:,} rows), {made.subscribers:,} subscribers, "
        f"{os.cpu_count()} cores: {said['seconds']:.1f} s, {said['cpu_seconds']:.1f} s of all processors, "
        f"{said['peak_gib']:.1f} GiB at most; {said['families']:,} families with {said['members']:,} members."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.families", description="Families against the truth.")
    parser.add_argument("--sizes", type=_numbers, default=[50_000, 200_000], help="subscribers: N,N,…")
    parser.add_argument("--pairs", type=int, default=10_000_000, help="call pairs of each month; 0: no timing")
    parser.add_argument(
        "--folder", type=Path, default=Path("bench") / "families", help="where the bases lie; made anew"
    )
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
