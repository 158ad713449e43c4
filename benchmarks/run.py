"""`make bench`: a run against a bare read of the columns it uses plus the bare writing of what it writes.

python -m benchmarks.run [--subscribers N] [--rounds N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Make the base if it is not there, measure in rounds, print a table."""
    options = _options()
    folder = Path(options.folder) / f"base-{options.subscribers}"
    if not (folder / "store" / "HEAD").exists():
        shutil.rmtree(folder, ignore_errors=True)
        _child("benchmarks.base", folder, str(options.subscribers))
    rounds = [_round(folder) for _ in range(options.rounds)]
    _print(options.subscribers, rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default="bench")
    return parser.parse_args()


def _round(folder: Path) -> dict[str, float]:
    """Run and bare work by turns, each in a process of its own, so that both meet the same machine."""
    run = json.loads(_child("benchmarks.measure", folder, "run"))
    bare = json.loads(_child("benchmarks.measure", folder, "bare"))
    ratio, cpu_ratio = run["run"] / (bare["bare_read"] + bare["bare_write"]), run["run_cpu"] / bare["bare_cpu"]
    return {**run, **bare, "ratio": ratio, "cpu_ratio": cpu_ratio}


def _child(module: str, folder: Path, argument: str) -> str:
    call = [sys.executable, "-m", module, str(folder), argument]
    return subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout


def _print(subscribers: int, rounds: list[dict[str, float]]) -> None:
    print(
        f"# {subscribers:,} subscribers × 14 months; {platform.machine()}, Python {platform.python_version()}; medians of {len(rounds)}\n"
    )
    print("| what | seconds | |")
    print("|---|---|---|")
    for name in rounds[0]:
        if name not in ("ratio", "cpu_ratio", "run_peak_gib"):
            print(f"| {name} | {statistics.median(r[name] for r in rounds):.2f} | |")
    ratio = statistics.median(r["ratio"] for r in rounds)
    print(f"| **run / (bare read + bare write)** | | **{ratio:.2f}** |")
    cpu_ratio = statistics.median(r["cpu_ratio"] for r in rounds)
    print(f"| the same in processor seconds (steadier where others use the machine) | | {cpu_ratio:.2f} |")
    print(f"| peak memory of the run, GiB | | {max(r['run_peak_gib'] for r in rounds):.2f} |")


if __name__ == "__main__":
    main()
