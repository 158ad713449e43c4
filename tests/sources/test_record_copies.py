"""Numbered copies hold what the engine reads from the original: tried on thousands of ragged little files."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Session
from basekeep.kernel.progress import SilentProgress
from basekeep.store.sources.broken_lines import BrokenLines
from basekeep.store.sources.csv_head import Dialect
from basekeep.store.sources.csv_records import number_lines
from basekeep.store.sources.csv_rejects import forget_rejects, rejected_files
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.scans import ROW, csv_relation

PARTS = st.sampled_from(["a", "b c", ",", ",", '"', '""', "\n", "\n", "\r\n", '"x"', '"y,\nz"', '"q\r\nr"', "数"])
TEXTS = st.lists(PARTS, max_size=30).map("".join)
TRIED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def numbered(piece: Piece, folder: Path) -> tuple[Piece, list[tuple[int, str]]]:
    broken = BrokenLines(folder / "broken.parquet", "t.csv", ",", False)
    number_lines(piece, folder / "numbered.csv", broken, SilentProgress())
    broken.close()
    lines = [(row["line"], row["text"]) for row in pq.read_table(folder / "broken.parquet").to_pylist()]
    return Piece(piece.file, folder / "numbered.csv", piece.columns, piece.dialect, numbered=True), lines


def rows(session: Session, piece: Piece) -> tuple[list[tuple[object, ...]], bool]:
    """The rows that the engine reads, and whether it was content with every line."""
    forget_rejects(session)
    names = ", ".join(piece.columns)
    found = session.rows(f"SELECT {names}, {ROW} FROM {csv_relation([piece], True, False)} ORDER BY {ROW}, {names}")
    return found, not rejected_files(session)


@TRIED
@given(text=TEXTS, width=st.integers(1, 3))
def test_the_engine_reads_every_record_of_a_numbered_copy(
    sources_engine: DuckEngine, tmp_path: Path, text: str, width: int
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    piece = Piece(SourceFile(path, "t.csv"), path, tuple("xyz"[:width]), Dialect())
    copy, broken = numbered(piece, tmp_path)
    with sources_engine.session() as session:
        found, content = rows(session, copy)
    assert content
    numbers = sorted([int(str(row[-1])) for row in found] + [line for line, _ in broken])
    assert len(set(numbers)) == len(numbers)
    assert all(1 <= number <= text.count("\n") + 1 for number in numbers)


@TRIED
@given(text=TEXTS, width=st.integers(2, 3))
def test_what_the_engine_reads_without_a_fault_is_the_same_through_a_copy(
    sources_engine: DuckEngine, tmp_path: Path, text: str, width: int
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    piece = Piece(SourceFile(path, "t.csv"), path, tuple("xyz"[:width]), Dialect())
    copy, broken = numbered(piece, tmp_path)
    with sources_engine.session() as session:
        try:
            direct, content = rows(session, piece)
        except EngineError:
            return
        if content:
            through, _ = rows(session, copy)
            assert sorted(map(repr, (row[:-1] for row in through))) == sorted(map(repr, (row[:-1] for row in direct)))
            assert broken == []


@pytest.mark.parametrize("quote", ["", "'"])
@pytest.mark.parametrize("delimiter", [";", "||", "\t"])
def test_other_dialects_are_numbered_alike(
    sources_engine: DuckEngine, tmp_path: Path, delimiter: str, quote: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"a{delimiter}b\n'x'{delimiter}y\nbroken\nc{delimiter}d\n", encoding="utf-8")
    dialect = Dialect(delimiter, quote, quote)
    copy, broken = numbered(Piece(SourceFile(path, "t.csv"), path, ("x", "y"), dialect), tmp_path)
    with sources_engine.session() as session:
        found, content = rows(session, copy)
    assert content
    assert found == [("a", "b", 1), ("x" if quote else "'x'", "y", 2), ("c", "d", 4)]
    assert broken == [(3, "broken")]
