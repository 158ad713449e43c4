"""Against the true households of a small synthetic operator: nine pairs in ten are found, and nine in ten are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.households import judge


@pytest.mark.parametrize("seed", [1, 2])
def test_precision_and_recall_are_above_nine_in_ten(seed: int, tmp_path: Path) -> None:
    judged = judge(tmp_path / "operator", 6_000, seed=seed, months=3)["those there and not silent"]
    assert judged.true_pairs > 1_000
    assert judged.precision > 0.9
    assert judged.recall > 0.9
