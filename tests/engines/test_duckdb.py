"""What the rooms above rely on in an engine: values, order, bytes, errors of our own family."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Engine
from basekeep.engines.sql_text import parquet_scan, sql_literal, sql_name


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with DuckEngine(threads=2, memory_limit="500MB", temp_dir=tmp_path / "spill") as engine:
        yield engine


def test_rows_come_in_the_order_of_the_query(engine: Engine) -> None:
    assert engine.session().rows("SELECT * FROM range(3) t(n) ORDER BY n DESC") == [(2,), (1,), (0,)]


def test_columns_are_told_without_running_the_query(engine: Engine) -> None:
    sql = "SELECT 1::BIGINT AS n, 'x' AS t, error('must not run') AS e"
    assert engine.session().columns(sql)[:2] == [("n", "BIGINT"), ("t", "VARCHAR")]


def test_arrow_gives_the_same_values(engine: Engine) -> None:
    assert engine.session().arrow("SELECT 1::BIGINT AS n, NULL::VARCHAR AS t").to_pylist() == [{"n": 1, "t": None}]


def test_sessions_share_tables_and_work_in_threads(engine: Engine) -> None:
    engine.session().run("CREATE TABLE shared AS SELECT range AS n FROM range(1000)")

    def total(part: int) -> int:
        with engine.session() as session:
            return int(session.rows(f"SELECT sum(n) FROM shared WHERE n % 4 = {part}")[0][0])

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(total, range(4))) == 499_500


def test_a_python_variable_is_no_table(engine: Engine) -> None:
    stray = pa.table({"n": [1]})
    with pytest.raises(EngineError, match="stray"):
        engine.session().rows("SELECT * FROM stray")
    assert stray.num_rows == 1


def test_a_failing_query_raises_our_error_in_both_languages(engine: Engine) -> None:
    with pytest.raises(EngineError) as caught:
        engine.session().run("SELECT nothing FROM nowhere")
    assert caught.value.say("zh").startswith("[engine.failed] 数据引擎报错：")
    assert "nowhere" in caught.value.say("en")


def test_a_full_disk_is_named_as_such(engine: Engine) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    with pytest.raises(EngineError) as caught:
        engine.session().copy("SELECT 1 AS n", Path("/dev/full"), 100)
    assert caught.value.code == "engine.disk_full"
    assert caught.value.what.en == "the disk is full: cannot write /dev/full"
    assert caught.value.what.zh == "磁盘已满，写不下 /dev/full"


def test_wrong_engine_settings_raise_our_error() -> None:
    with pytest.raises(EngineError):
        DuckEngine(memory_limit="plenty")


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_copy_has_the_same_bytes_whatever_the_threads(tmp_path: Path, threads: int) -> None:
    digests = set()
    for attempt in range(2):
        path = tmp_path / f"{attempt}.parquet"
        with DuckEngine(threads=threads) as engine:
            sql = "SELECT n, 'v' || (hash(n) % 999) AS t FROM range(300000) r(n) ORDER BY hash(n), n"
            assert engine.session().copy(sql, path, 100_000) == 300_000
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    with DuckEngine(threads=3) as engine:
        engine.session().copy(sql, path, 100_000)
    assert digests == {hashlib.sha256(path.read_bytes()).hexdigest()}


def test_a_copy_has_the_wanted_row_groups(engine: Engine, tmp_path: Path) -> None:
    engine.session().copy("SELECT * FROM range(250000)", tmp_path / "x.parquet", 100_000)
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 3


def test_what_was_spilled_is_removed_on_close(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    with DuckEngine(threads=1, memory_limit="60MB", temp_dir=spill) as engine:
        engine.session().run("CREATE TABLE t AS SELECT n, hash(n) AS h FROM range(6000000) r(n)")
        assert any(spill.iterdir())
    assert not spill.exists()


@pytest.mark.parametrize("name", ["plain", 'two "quotes"', "语言", "; DROP TABLE t --"])
def test_any_name_is_only_a_name(engine: Engine, name: str) -> None:
    assert engine.session().columns(f"SELECT 1 AS {sql_name(name)}")[0][0] == name


@pytest.mark.parametrize("text", ["o'neil", "'; DROP TABLE t --", "\\' ", "中文"])
def test_any_text_is_only_a_text(engine: Engine, text: str) -> None:
    assert engine.session().rows(f"SELECT {sql_literal(text)}") == [(text,)]


@pytest.mark.parametrize("folder", ["month=12", "[2025]", "what?", "all*", "o'neil"])
def test_a_folder_name_is_no_pattern(engine: Engine, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    path = tmp_path / folder / "x.parquet"
    engine.session().copy("SELECT 1 AS n", path, 10)
    assert engine.session().arrow(f"SELECT * FROM {parquet_scan(path)}").to_pylist() == [{"n": 1}]


def test_row_numbers_count_from_zero(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    engine.session().copy("SELECT * FROM (VALUES ('a'), ('b')) t(v)", path, 10)
    sql = f"SELECT v, file_row_number FROM {parquet_scan(path, row_numbers=True)}"
    assert engine.session().rows(sql) == [("a", 0), ("b", 1)]
