"""A fault is found at the same token however the file writes the expression."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import condition, errors, place_of

WAYS = {
    "plain": "brand = 'x' and\n      mou_ni > 3",
    "quoted once": "'brand = ''x'' and mou_ni > 3'",
    "quoted twice": r'"brand = \x27x\x27 and\tmou_ni > 3"',
    "quoted twice over lines": "\"brand = 'x' \\\n      and\n      mou_ni > 3\"",
    "folded": ">-\n      brand = 'x'\n      and mou_ni > 3",
    "literal": "|\n      brand = 'x'\n\n      and mou_ni > 3\n",
    "indented by hand": "|2-\n        brand = 'x' and\n        mou_ni > 3",
    "with a tag": "!!str brand = 'x' and mou_ni > 3",
    "with an anchor": "&a brand = 'x' and mou_ni > 3",
    "after Chinese text": "brand = '畅享，（5G）' and mou_ni > 3",
}
ENDS = {"plain": "arpu >", "quoted": "'arpu >'", "folded": ">-\n      arpu\n      >\n"}


@pytest.mark.parametrize("way", WAYS)
def test_the_token_is_found(way: str, tmp_path: Path) -> None:
    text = condition(WAYS[way])
    assert errors(tmp_path, m=text) == [(place_of("mou_ni", text, "m"), "expression.unknown_name")]


@pytest.mark.parametrize("way", ENDS)
def test_an_expression_that_ends_too_early_is_faulty_right_after_its_end(way: str, tmp_path: Path) -> None:
    written = ENDS[way]
    more = "  n: {name: {zh: 乙, en: B}, when: arpu > 3}\n"
    last = place_of(">", condition(written), "m")
    file, line, column = last.split(":")
    after = f"{file}:{line}:{int(column) + 1}"
    assert errors(tmp_path, m=condition(written, more)) == [(after, "expression.syntax")]


def test_a_file_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    text = condition(">-\n      brand = 'x'\n      and mou_ni > 3")
    (tmp_path / "m.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert errors(tmp_path) == [(place_of("mou_ni", text, "m"), "expression.unknown_name")]
