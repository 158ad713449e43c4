"""The allocation beside general solvers: how near to the best on problems they can solve, how fast on large ones.

python -m benchmarks.allocation [--quick] [--sizes N,N,…] [--branches N] [--seeds N] [--patience SECONDS]

General solvers solve the linear programme, whose value no choice exceeds; they are asked on large problems too, and
ended when their patience is over.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from benchmarks.machine import machine

_PEERS = {"highs": "scipy", "pdlp": "ortools"}
_NAMES = {"basekeep": "Basekeep", "highs": "HiGHS", "pdlp": "PDLP"}
_SMALL, _SMALL_BRANCHES = 5000, 20
# For making the problem and starting, on top of a solver's patience.
_GRACE = 60


_SIZES, _BRANCHES, _SEEDS, _PATIENCE = (100_000, 300_000, 1_000_000), 400, 50, 120.0
_QUICK_SIZES, _QUICK_SEEDS, _QUICK_PATIENCE = (30_000, 100_000), 5, 20.0


def main() -> None:
    """Print both tables."""
    options = _options()
    print(f"{machine()}\n")
    chosen = (options.sizes, options.branches, options.seeds, options.patience)
    for line in quick_lines() if options.quick else lines(*chosen):
        print(line, flush=True)


def lines(
    sizes: Iterable[int] = _SIZES, branches: int = _BRANCHES, seeds: int = _SEEDS, patience: float = _PATIENCE
) -> Iterator[str]:
    """Both tables, line by line as they are measured."""
    yield from _against_solvers(seeds, patience)
    yield ""
    yield from _growth(sorted(sizes), branches, patience)


def quick_lines() -> Iterator[str]:
    """Few and small problems: about two minutes."""
    return lines(_QUICK_SIZES, _BRANCHES, _QUICK_SEEDS, _QUICK_PATIENCE)


def _against_solvers(seeds: int, patience: float) -> Iterator[str]:
    """Many small problems, each by everybody."""
    found = {way: _asked(way, _SMALL, _SMALL_BRANCHES, f"0-{seeds - 1}", patience, seeds) for way in _ways()}
    ours, most = found["basekeep"], found.get("highs")
    if not ours:
        yield "Basekeep did not answer."
        return
    answers = ours["answers"]
    yield f"{seeds} problems of {_SMALL:,} subscribers × 24 options, {_SMALL_BRANCHES} branches, mean seconds of one:\n"
    yield "| | seconds | worst gap to the linear programme | worst certified gap | limits broken |"
    yield "| --- | --: | --: | --: | --: |"
    gap = max(1 - one["value"] / one["bound"] for one in answers)
    broken = sum(one["broken"] for one in answers)
    bounds = [one["bound"] for one in most["answers"]] if most else []
    true = [(one, bound) for one, bound in zip(answers, bounds, strict=False) if bound is not None]
    away = f"{max(1 - one['value'] / bound for one, bound in true):.4%}" if true else "–"
    yield f"| Basekeep | {_mean(answers):.2f} | {away} | {gap:.4%} | {broken} |"
    for way in _PEERS:
        if one := found.get(way):
            yield f"| {_NAMES[way]} | {_mean(one['answers']):.2f} | | | |"
    below = sum(one["bound"] + 1 < bound for one, bound in true)
    yield f"\nBounds below the linear programme's value: {below} of {len(true)}. First call: {ours['warmed']:.1f} s more."


def _growth(sizes: list[int], branches: int, patience: float) -> Iterator[str]:
    """One problem of each size."""
    yield f"24 options, {branches} branches:\n"
    yield "| subscribers | way | seconds | µs for each subscriber | certified gap | limits broken | passes | GiB |"
    yield "| --: | --- | --: | --: | --: | --: | --: | --: |"
    tired: set[str] = set()
    for subscribers in sizes:
        for way in _ways():
            if way in tired:
                continue
            found = _asked(way, subscribers, branches, "0", patience, 1)
            one = found["answers"][0] if found else None
            if one is None or one["bound"] is None:
                tired.add(way)
                yield f"| {subscribers:,} | {_NAMES[way]} | more than {patience:.0f}, or no memory | | | | | |"
                continue
            each = one["seconds"] / subscribers * 1e6
            ours = f"{1 - one['value'] / one['bound']:.4%} | {one['broken']} | {one['passes']}"
            rest = ours if way == "basekeep" else "| |"
            yield f"| {subscribers:,} | {_NAMES[way]} | {one['seconds']:.1f} | {each:.0f} | {rest} | {found['peak_gib']:.1f} |"


def _mean(answers: list[dict[str, Any]]) -> float:
    return sum(float(one["seconds"]) for one in answers) / len(answers)


def _ways() -> list[str]:
    return ["basekeep", *(way for way, package in _PEERS.items() if find_spec(package))]


def _asked(way: str, subscribers: int, branches: int, seeds: str, patience: float, many: int) -> dict[str, Any]:
    """What the child says; empty where it did not come to an end. Our own way has all the time it takes."""
    child = [sys.executable, "-m", "benchmarks.allocation_child", way, str(subscribers), str(branches), seeds]
    end = None if way == "basekeep" else patience * many + _GRACE
    try:
        said = subprocess.run([*child, str(patience)], check=True, capture_output=True, text=True, timeout=end).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return {}
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.allocation", description="The allocation beside general solvers."
    )
    parser.add_argument("--quick", action="store_true", help="few and small problems: about two minutes")
    parser.add_argument("--sizes", type=_numbers, default=_SIZES, help="subscribers: N,N,…")
    parser.add_argument("--branches", type=int, default=_BRANCHES, help="of the large problems")
    parser.add_argument("--seeds", type=int, default=_SEEDS, help="how many small problems")
    parser.add_argument(
        "--patience", type=float, default=_PATIENCE, help="seconds that a general solver may take for one"
    )
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
