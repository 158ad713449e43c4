"""The picture shows the table: where each point lies, in both languages, the same bytes, and nothing fetched."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Language
from basekeep.run.line_chart import svg, ticks
from basekeep.run.whatif.answer import Answer
from basekeep.run.whatif.picture import picture_of
from whatif.shipped import ask

_SPACE = "{http://www.w3.org/2000/svg}"


def drawn(answer: Answer, language: Language = "zh") -> Xml.Element:
    return Xml.fromstring(svg(picture_of(answer, language)))


def texts(root: Xml.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{_SPACE}text")]


def dots(root: Xml.Element) -> list[tuple[float, float, str]]:
    """Every point of a line: where it lies, and its colour."""
    found = [one.attrib for one in root.iter(f"{_SPACE}circle") if one.get("r") == "3"]
    return [(float(one["cx"]), float(one["cy"]), one["fill"]) for one in found]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["4升5推算", "副卡加满率", "新增5G用户中来自升级包的比例", "文件的说法 1.4", "本次 1.12"]),
        (
            "en",
            ["4G to 5G upgrade", "the document's claim 1.4", "here 1.12", "Share of the free cards that are filled"],
        ),
    ],
)
def test_it_says_what_it_shows(language: Language, words: list[str]) -> None:
    shown = texts(drawn(ask(), language))
    assert set(words) <= set(shown)
    assert {"50%", "60%", "70%", "80%", "90%", "100%"} <= set(shown)


def test_every_number_of_the_table_is_a_point_at_its_height() -> None:
    """Heights and numbers stand in one straight proportion, within the tenth of a point that is written."""
    answer = ask()
    ups = [row["growth"] or Fraction(0) for row in answer.table.rows]
    heights = [y for _, y, _ in dots(drawn(answer))]
    assert len(heights) == len(ups) == 30
    low, high = ups.index(min(ups)), ups.index(max(ups))
    scale = (heights[high] - heights[low]) / float(ups[high] - ups[low])
    for up, height in zip(ups, heights, strict=True):
        assert height == pytest.approx(heights[low] + scale * float(up - ups[low]), abs=0.2)


def test_each_line_has_a_colour_and_its_points_run_to_the_right() -> None:
    points = dots(drawn(ask()))
    lines = [points[at : at + 6] for at in range(0, 30, 6)]
    assert len({line[0][2] for line in lines}) == 5
    for line in lines:
        assert len({colour for _, _, colour in line}) == 1
        assert [x for x, _, _ in line] == sorted({x for x, _, _ in line})


def test_an_unknown_number_leaves_a_gap() -> None:
    answer = ask({}, ("pack_price", "0..30/10"), shows="payback")
    assert answer.table.rows[0]["payback"] is None
    root = drawn(answer)
    assert len(dots(root)) == 3
    assert len([one for one in root.iter(f"{_SPACE}line") if one.get("stroke-width") == "2.2"]) == 2


def test_the_same_call_gives_the_same_bytes_and_fetches_nothing() -> None:
    content = svg(picture_of(ask(), "zh"))
    assert content == svg(picture_of(ask(), "zh"))
    allowed = {"svg", "title", "rect", "line", "circle", "text"}
    assert {one.tag.removeprefix(_SPACE) for one in Xml.fromstring(content).iter()} <= allowed
    assert re.findall(rb"https?://\S+", content) == [b'http://www.w3.org/2000/svg"']


def test_one_line_or_one_point_is_drawn_as_well() -> None:
    assert len(dots(drawn(ask({}, ("card_fill", "80%..80%/10%"))))) == 1
    assert len(dots(drawn(ask({}, ("card_fill", "0%..100%/10%"))))) == 11


def test_the_claim_is_drawn_only_where_it_speaks_of_what_is_shown() -> None:
    assert not any("文件的说法" in text for text in texts(drawn(ask(shows="revenue"))))


def test_what_is_set_outside_of_the_ranges_is_not_marked() -> None:
    assert not any("本次" in text for text in texts(drawn(ask({"pack_share": "45%"}))))
    assert not any("本次" in text for text in texts(drawn(ask({"card_fill": "10%"}))))


def test_too_many_lines_are_refused() -> None:
    answer = ask({}, ("card_fill", "0%..100%/10%"), ("pack_share", "0%..100%/5%"))
    with pytest.raises(CallError) as raised:
        picture_of(answer, "zh")
    assert raised.value.code == "whatif.too_many_lines"


@given(st.fractions(-(10**9), 10**9), st.fractions(0, 10**9))
def test_ticks_are_round_and_span_what_is_shown(low: Fraction, more: Fraction) -> None:
    found = ticks(low, low + more)
    step = found[1] - found[0]
    assert all(two - one == step for one, two in pairwise(found))
    assert found[0] <= low
    assert found[-1] >= low + more
    assert len(found) <= 10
    digits = step
    while digits >= 10:
        digits /= 10
    while digits < 1:
        digits *= 10
    assert digits in (1, 2, Fraction(5, 2), 5)
