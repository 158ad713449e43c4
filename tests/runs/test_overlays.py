"""One city, one plan: an overlay changes the members of its city and nobody else's."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.tables import ORG_UNIT
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.progress import SilentProgress
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.plan import plan_run
from basekeep.run.record import find_run
from basekeep.run.run import run
from basekeep.store.roster import Roster
from basekeep.store.state import SHARD_ROWS, read_state
from basekeep.store.storing import place_partition
from basekeep.store.writing import writing
from oracle.answer import answer
from oracle.generate import panel
from runs.stored_panel import store_rows

MONTH = date(2025, 12, 1)
UNITS = [
    ("P", None, "province"),
    ("C1", "P", "city"),
    ("C2", "P", "city"),
    ("D1", "C1", "county"),
    ("D2", "C2", "county"),
]


def store_org(branches: list[str], store: Path, engine: DuckEngine) -> dict[str, str]:
    """Store an organisation in which the branches alternate between two cities; gives each branch's city."""
    city = {branch: ("C1", "C2")[index % 2] for index, branch in enumerate(branches)}
    rows = UNITS + [(branch, "D" + city[branch][1], "branch") for branch in branches]
    table = pa.table({
        "unit_id": pa.array([row[0] for row in rows], pa.string()), "parent_id": pa.array([row[1] for row in rows], pa.string()),
        "level": pa.array([row[2] for row in rows], pa.string()), "name": pa.array([row[0] for row in rows], pa.string()),
    })  # fmt: skip
    typed = store.parent / "org.parquet"
    pq.write_table(table, typed)
    with writing(store) as work, Roster(engine, store, work.begin(SHARD_ROWS)) as roster:
        ref = place_partition(work, engine, roster, ORG_UNIT, None, typed, "")
        work.publish_changes({(ORG_UNIT.name, "all"): ref}, roster.store(work))
    return city


def run_with(playbook: Path, store: Path, engine: DuckEngine) -> dict[str, dict[str, Any]]:
    with writing(store) as work:
        plan = plan_run(sound_playbook(playbook), store, read_state(store), MONTH)
        run_id = run(plan, engine, work, SilentProgress()).record.run_id
    with engine.session() as session:
        figures = session.arrow(f"SELECT * FROM read_parquet('{find_run(store, run_id).folder}/figures/*.parquet')")
    return {row["subscriber_id"]: row for row in figures.to_pylist()}


def test_each_city_has_the_members_of_its_own_limits(tmp_path: Path) -> None:
    rows = panel(5, 300, MONTH)
    branches = sorted({str(row["branch_id"]) for row in rows if row["branch_id"] is not None})
    playbook = tmp_path / "playbook"
    shutil.copytree(shipped_folder(), playbook)
    (playbook / "overlays").mkdir(exist_ok=True)
    (playbook / "overlays" / "C2.yaml").write_text("parameters: {arpu_drop_share: 85%, balance_floor_yuan: 35.5}\n")
    with DuckEngine(threads=2) as engine:
        store_rows(rows, tmp_path / "store", engine)
        city = store_org(branches, tmp_path / "store", engine)
        found = run_with(playbook, tmp_path / "store", engine)
    plain = answer(rows, MONTH)
    other = answer(rows, MONTH, {"arpu_drop_share": Fraction("0.85"), "balance_falling_limit": Fraction("35.5")})
    branch_of = {row["subscriber_id"]: row["branch_id"] for row in rows if row["month"] == MONTH}
    differing = 0
    for rule in (
        ("downgrade_warning", "arpu_drop"),
        ("churn_warning", "balance_falling"),
        ("low_usage", "mou_below_half"),
    ):
        for who in plain.base:
            in_second = city.get(str(branch_of[who])) == "C2"
            wanted = (other if in_second else plain).rules[rule][who]
            assert found[who][f"rule__{rule[0]}__{rule[1]}"] is wanted
            assert found[who]["branch_id"] == branch_of[who]
            differing += plain.rules[rule][who] is not other.rules[rule][who]
    assert differing


def test_an_overlay_for_a_unit_that_is_not_there_is_refused(tmp_path: Path) -> None:
    playbook = tmp_path / "playbook"
    shutil.copytree(shipped_folder(), playbook)
    (playbook / "overlays").mkdir(exist_ok=True)
    (playbook / "overlays" / "C1x.yaml").write_text("parameters: {arpu_drop_share: 85%}\n")
    with DuckEngine(threads=2) as engine:
        store_rows(panel(5, 20, MONTH), tmp_path / "store", engine)
        with pytest.raises(FindingsError, match="overlay") as none_stored:
            run_with(playbook, tmp_path / "store", engine)
        store_org(["B1"], tmp_path / "store", engine)
        with pytest.raises(FindingsError) as unknown:
            run_with(playbook, tmp_path / "store", engine)
    assert "org_unit" in none_stored.value.findings[0].what.en
    assert unknown.value.findings[0].place.file == "playbook/overlays/C1x.yaml"
    assert "C1" in unknown.value.findings[0].near
