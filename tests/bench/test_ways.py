"""The ways that are measured against each other give the same members; the measurements take what they say."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from benchmarks.base import MONTH, Base
from benchmarks.measures import BASEKEEP, WAYS, WORK
from benchmarks.members import differences
from benchmarks.peers.analyst import RULES, grouped_sql

from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.months import shift_month
from docs.pages import ROOT


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A very small one, with Basekeep's own answer."""
    made = Base(tmp_path_factory.mktemp("bench") / "base")
    _call("benchmarks.base", made, "2000")
    _call("benchmarks.child", made, BASEKEEP)
    return made


@pytest.mark.parametrize("way", [way for way in WAYS if way != BASEKEEP])
def test_every_way_gives_the_members_that_basekeep_gives(way: str, base: Base) -> None:
    _skip_where_absent(WAYS[way].lacks)
    _call("benchmarks.child", base, way)
    with DuckEngine() as engine, engine.session() as session:
        assert differences(session, base, way) == []
        assert len(session.rows(f"SELECT DISTINCT rule FROM '{base.folder}/answers/{way}/*.parquet'")) == 10


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        ("plan_expiring", {"status_0", "bound_until_0"}),
        ("dual_sim", {"status_0", *(f"mou_{way}_{lag}" for way in ("in", "out") for lag in (0, 1, 12, 13))}),
        ("care_overdue", {
            "status_0", "join_date_0", "arpu_0", *(f"care_contacts_{lag}" for lag in range(6)),
            *(f"complaints_{lag}" for lag in range(3)),
        }),
    ],
)  # fmt: skip
def test_a_grouped_query_takes_the_figures_and_months_of_its_rule_and_no_others(rule: str, figures: set[str]) -> None:
    sql = grouped_sql(rule, "files")
    assert set(re.findall(r"AS (\w+_\d+)", sql)) == figures
    lags = {int(name.rpartition("_")[2]) for name in figures}
    assert set(re.findall(r"month IN \(([^)]*)\)", sql)[0].split(", ")) == {
        f"DATE '{shift_month(MONTH, -lag)}'" for lag in lags
    }


def test_a_grouped_query_for_every_rule_names_no_joined_month() -> None:
    assert len(RULES) == 10
    assert [rule for rule in RULES if re.search(r"\bm\d+\b", grouped_sql(rule, "files"))] == []


def test_row_by_row_the_scorecard_gives_the_same_points(base: Base) -> None:
    _skip_where_absent(WORK["zen"].lacks)
    _call("benchmarks.child", base, "zen")


def test_a_member_too_many_or_too_few_is_told_by_rule(base: Base) -> None:
    altered = base.folder / "answers" / "duckdb"
    altered.mkdir(parents=True, exist_ok=True)
    with DuckEngine() as engine, engine.session() as session:
        ours = f"FROM '{base.folder}/answers/{BASEKEEP}/*.parquet'"
        changed = f"(FROM ({ours} WHERE rule = 'dual_sim') OFFSET 1) UNION ALL SELECT 'dual_sim', 'nobody'"
        session.copy(f"{ours} WHERE rule <> 'dual_sim' UNION ALL ({changed})", altered / "members.parquet", 1000)
        assert differences(session, base, "duckdb") == [
            "DuckDB in one pass, rule dual_sim: 1 members added",
            "DuckDB in one pass, rule dual_sim: 1 members left out",
        ]


def _skip_where_absent(why: str) -> None:
    if why:
        pytest.skip(why)


def _call(module: str, base: Base, argument: str) -> None:
    call = [sys.executable, "-m", module, str(base.folder), argument]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
