"""The same options make the same bytes; nothing but the options is in them."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from basekeep.kernel.progress import SilentProgress
from basekeep.synth.operator import Options, make

SMALL = Options(subscribers=5_000, months=4)


def digests(options: Options, into: Path) -> dict[str, str]:
    """The SHA-256 of every file made."""
    made = make(options, into, SilentProgress())
    return {str(file): hashlib.sha256((into / file).read_bytes()).hexdigest() for file in made.files}


def test_the_same_options_make_the_same_bytes(tmp_path: Path) -> None:
    first, second = digests(SMALL, tmp_path / "first"), digests(SMALL, tmp_path / "second")
    assert len(first) == 13 + 4 + 1
    assert first == second


def test_another_seed_makes_other_bytes(tmp_path: Path) -> None:
    first = digests(SMALL, tmp_path / "first")
    second = digests(Options(subscribers=5_000, months=4, seed=2), tmp_path / "second")
    # The organisation is the same for all seeds.
    assert [file for file, digest in first.items() if second[file] == digest] == ["data/org_unit.parquet"]


@pytest.mark.parametrize(
    "options",
    [
        Options(subscribers=100, months=1),
        Options(subscribers=100, months=30, last_month=date(2017, 3, 1), seed=7),
        Options(subscribers=1_000, months=3, last_month=date(2049, 12, 1)),
    ],
)
def test_any_size_and_span_can_be_made(options: Options, workspace: Path) -> None:
    made = make(options, workspace, SilentProgress())
    assert made.rows["subscriber_month"] > 0.8 * options.subscribers * options.months
    assert len(list((workspace / "data" / "subscriber_month").iterdir())) == options.months
