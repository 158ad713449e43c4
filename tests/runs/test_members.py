"""The members of every segment are those of an independent answer in plain Python, on panels full of limits."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.run import run
from basekeep.store.state import read_state
from basekeep.store.writing import writing
from oracle.answer import answer
from oracle.generate import panel
from runs.stored_panel import store_rows

# Space conditions and exclusions of the shipped scorecard: who passes them all is a target.
STEPS = 7 + 19
MISSING = [(), ("broadband", "bound_until"), ("arpu", "payment", "brand"), ("data_mb", "contacts", "group_id")]


def figures_of(rows: list[dict[str, object]], month: date, folder: Path) -> dict[str, dict[str, Any]]:
    """The run's figures by subscriber."""
    store = folder / "store"
    with DuckEngine(threads=2) as engine:
        store_rows(rows, store, engine)
        with writing(store) as work:
            plan = plan_run(sound_playbook(shipped_folder()), store, read_state(store), month)
            record = run(plan, engine, work, SilentProgress()).record
        with engine.session() as session:
            table = session.arrow(f"SELECT * FROM read_parquet('{record.folder}/figures/*.parquet')")
    return {row["subscriber_id"]: row for row in table.to_pylist()}


@pytest.mark.parametrize("seed", range(8))
def test_members_states_and_targets_equal_the_plain_answer(seed: int, tmp_path: Path) -> None:
    month = [date(2025, 12, 1), date(2025, 2, 1), date(2024, 2, 1), date(2026, 1, 1)][seed % 4]
    rows = panel(seed, 400, month, missing_columns=set(MISSING[seed // 2 % 4]))
    expected = answer(rows, month)
    found = figures_of(rows, month, tmp_path)
    assert set(found) == expected.base
    differences: list[tuple[object, ...]] = []
    for (segment, rule), truths in expected.rules.items():
        column = f"rule__{segment}__{rule}"
        differences += [
            (column, who, truth, found[who][column]) for who, truth in truths.items() if found[who][column] is not truth
        ]
    for who, states in expected.states.items():
        got = (found[who]["balance_state"], found[who]["usage_state"])
        differences += [("state", who, states, got)] if got != states else []
        tenure = (found[who]["tenure_month"], found[who]["tenure_years"])
        differences += [("tenure", who, expected.tenure[who], tenure)] if tenure != expected.tenure[who] else []
        target = found[who]["step__upgrade_5g"] == STEPS
        differences += [("target", who, who in expected.targets, target)] if target != (who in expected.targets) else []
        inside = found[who]["in_space__upgrade_5g"]
        differences += (
            [("space", who, expected.in_space[who], inside)] if inside != bool(expected.in_space[who]) else []
        )
    assert not differences, differences[:10]
