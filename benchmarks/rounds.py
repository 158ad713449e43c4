"""Measures one size: the base is made, every way's members are checked, then all is measured by turns in several rounds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measures import BASEKEEP, WAYS, WORK

Taken = dict[str, float]


@dataclass
class Results:
    """What was measured of one size; `absent` says why a way is not among it.

    A way that takes longer than `patience_seconds` is measured once: the check before the rounds is then all there is.
    """

    subscribers: int
    rounds: int
    patience_seconds: float
    machine: str
    taken: dict[str, list[Taken]] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)

    def keep(self, path: Path) -> None:
        """Write them down."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def kept(cls, path: Path) -> Results:
        """Read them again."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def measure(folder: Path, results: Results, peers: Iterable[str]) -> None:
    """All measurements of one size, added to the results.

    Raises:
        SystemExit: a way gives other members than Basekeep.
    """
    _say(f"{results.subscribers:,} subscribers: making the base")
    _call("benchmarks.base", folder, str(results.subscribers))
    chosen = {name: one for name, one in {**WAYS, **WORK}.items() if name in WORK or name in {BASEKEEP, *peers}}
    for name, one in chosen.items():
        if one.lacks:
            _leave_out(results, name, one.lacks)
    names = [name for name in chosen if name not in results.absent]
    _check(folder, results, [name for name in names if name in WAYS])
    for number in range(1, results.rounds + 1):
        for name in names:
            if name not in results.absent and not _slow(results, name):
                _say(f"round {number} of {results.rounds}: {name}")
                _take(folder, results, name)


def _check(folder: Path, results: Results, ways: list[str]) -> None:
    """Compute every way once and compare; only of a way that is slow is this kept as its measurement."""
    for name in ways:
        _say(f"checking {name}")
        _take(folder, results, name)
    others = [name for name in ways if name in results.taken and name != BASEKEEP]
    if found := json.loads(_call("benchmarks.members", folder, *others)):
        raise SystemExit("The members differ from Basekeep's:\n" + "\n".join(found))
    results.taken = {name: taken for name, taken in results.taken.items() if _slow(results, name)}


def _slow(results: Results, name: str) -> bool:
    return name in WAYS and any(taken["seconds"] > results.patience_seconds for taken in results.taken.get(name, ()))


def _take(folder: Path, results: Results, name: str) -> None:
    """Measure once; a peer that fails, for want of memory say, is left out."""
    try:
        taken = json.loads(_call("benchmarks.child", folder, name).splitlines()[-1])
    except subprocess.CalledProcessError as failure:
        if name in WORK or name == BASEKEEP:
            raise
        results.taken.pop(name, None)
        _leave_out(results, name, f"it did not finish (exit status {failure.returncode})")
    else:
        results.taken.setdefault(name, []).append(taken)


def _leave_out(results: Results, name: str, why: str) -> None:
    results.absent[name] = why
    _say(f"{name} is left out: {why}")


def _call(module: str, folder: Path, *arguments: str) -> Any:
    call = [sys.executable, "-m", module, str(folder), *arguments]
    return subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
