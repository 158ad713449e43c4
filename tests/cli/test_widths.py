"""Texts and tables fit the terminal by how wide their characters are, and lose nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basekeep.cli.tables import table_lines
from basekeep.cli.widths import padded, width, wrapped

TEXTS = st.text(alphabet="ab1 ，。（）离网预警(),.", max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("离网", 4), ("a离，b", 6), ("", 0), ("é", 1), ("e\u0301", 1)]
)
def test_a_chinese_character_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@given(TEXTS, st.integers(10, 40))
def test_a_wrapped_text_fits_and_keeps_every_sign(text: str, room: int) -> None:
    lines = wrapped(text, room)
    assert all(width(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.lists(st.tuples(TEXTS, st.integers(0, 10**7).map(str), TEXTS), max_size=8), st.integers(60, 90))
def test_a_table_is_no_wider_than_the_terminal(rows: list[tuple[str, str, str]], room: int) -> None:
    lines = table_lines(["名称", "number", "text"], rows, [1], room)
    assert all(width(line) <= room for line in lines)


def test_without_a_terminal_every_row_is_one_line() -> None:
    lines = table_lines(["a", "b"], [["离网预警 " * 50, "x" * 300]], [], None)
    assert len(lines) == 3


def test_numbers_stand_to_the_right() -> None:
    assert padded("7", 3, right=True) == "  7"
    assert table_lines(["n"], [["1"], ["200"]], [0], 80)[2:] == ["  1", "200"]
