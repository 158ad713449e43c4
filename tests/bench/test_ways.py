"""The ways that are measured against each other give the same members; the measurements take what they say."""

from __future__ import annotations

import subprocess
import sys

import pytest
from benchmarks.base import Base
from benchmarks.measures import BASEKEEP, WAYS, WORK
from benchmarks.members import differences

from basekeep.engines.duckdb import DuckEngine
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
