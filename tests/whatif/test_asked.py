"""What makes no sense in a call is told, all of it at once, in both languages, and as a wrong call."""

from __future__ import annotations

import re

import pytest

from basekeep.kernel.errors import CallError, CallFindingsError
from basekeep.run.whatif.answer import work_out
from basekeep.run.whatif.asked import Asked
from whatif.shipped import ask, declared

_QUOTED = re.compile(r"'[^']*'|[a-z_0-9]+、[a-z_、0-9]+|起\.\.止/步长，如 50%\.\.100%/10%")
_ENGLISH = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
SET = [
    ("pack_share", "140%", "whatif.out_of_bounds", "140% lies outside of 0% to 100%"),
    ("card_fill", "1.01", "whatif.out_of_bounds", "101% lies outside of 0% to 100%"),
    ("pack_price", "-1", "whatif.out_of_bounds", "-1 lies outside of 0 to 10000"),
    ("new_users", "-5", "whatif.out_of_bounds", "-5 lies outside"),
    ("pack_price", "dear", "whatif.no_number", "'dear' is no number"),
    ("card_fil", "50%", "whatif.unknown_name", "there is no input 'card_fil'"),
    ("growth", "2", "whatif.not_given", "'growth' is worked out"),
]
RANGES = [
    ("card_fill", "100%..50%/10%", "whatif.bad_range", "the range is empty"),
    ("card_fill", "50%..100%/0%", "whatif.bad_range", "the step must be above 0"),
    ("card_fill", "50%..100%/-1%", "whatif.bad_range", "the step must be above 0"),
    ("card_fill", "0%..100%/0.01%", "whatif.bad_range", "the range has 10,001 values; 200 are the most"),
    ("card_fill", "0%..110%/10%", "whatif.out_of_bounds", "110% lies outside"),
    ("pack_price", "-10..10/5", "whatif.out_of_bounds", "-10 lies outside"),
    ("card_fill", "50%..100%", "whatif.bad_range", "this range cannot be read"),
    ("card_fill", "", "whatif.bad_range", "this range cannot be read"),
    ("card_fill", "a..b/c", "whatif.bad_range", "this range cannot be read"),
    ("card_fill", f"0..1/{'9' * 100}", "whatif.bad_range", "this range cannot be read"),
    ("cards", "0..1/1", "whatif.unknown_name", "there is no input 'cards'"),
    ("growth", "0..1/1", "whatif.not_given", "'growth' is worked out"),
]


def findings(asked: Asked) -> CallFindingsError:
    with pytest.raises(CallFindingsError) as raised:
        work_out("upgrade", declared(), asked, {}, None)
    assert raised.value.exit_status == 2
    for finding in raised.value.findings:
        for text in (finding.what, finding.do):
            assert _CHINESE.search(text.zh)
            assert not _ENGLISH.search(_QUOTED.sub("", text.zh)), text.zh
            assert not _CHINESE.search(text.en), text.en
    return raised.value


@pytest.mark.parametrize(("name", "value", "code", "says"), SET)
def test_a_value_that_makes_no_sense(name: str, value: str, code: str, says: str) -> None:
    (finding,) = findings(Asked({name: value})).findings
    assert (finding.code, str(finding.place)) == (code, f"--set {name}={value}")
    assert says in finding.what.en


@pytest.mark.parametrize(
    ("name", "text", "code", "says"), RANGES, ids=[f"{name}={text[:20]}" for name, text, *_ in RANGES]
)
def test_a_range_that_makes_no_sense(name: str, text: str, code: str, says: str) -> None:
    (finding,) = findings(Asked({}, [(name, text)])).findings
    assert (finding.code, str(finding.place)) == (code, f"--range {name}={text}")
    assert says in finding.what.en


def test_near_names_are_told() -> None:
    (finding,) = findings(Asked({"card_fil": "50%"})).findings
    assert finding.near[0] == "card_fill"
    (finding,) = findings(Asked(shows="grwth")).findings
    assert (finding.near, str(finding.place)) == (("growth",), "--show grwth")


def test_everything_is_told_at_once() -> None:
    error = findings(Asked({"pack_share": "2", "pack_pric": "3"}, [("card_fill", "1..0/1")], "x"))
    assert len(error.findings) == 4
    assert error.say("zh").splitlines()[-1] == "[call.whatif] 命令有 4 处不对，没有推算"


def test_two_ranges_together_have_a_most_of_rows() -> None:
    asked = Asked({}, [("card_fill", "0%..100%/1%"), ("pack_price", "0..100/1")])
    (finding,) = findings(asked).findings
    assert "10,201 rows; 1,000 are the most" in finding.what.en


@pytest.mark.parametrize("names", [("card_fill", "pack_share", "pack_price"), ("card_fill", "card_fill")])
def test_two_different_ranges_are_the_most(names: tuple[str, ...]) -> None:
    (finding,) = findings(Asked({}, [(name, "0..1/1") for name in names])).findings
    assert "two ranges are the most" in finding.what.en


@pytest.mark.parametrize(
    "asked", [Asked({"take_up": "5%", "new_users": "100"}), Asked({"new_users": "9"}, [("targets", "1..9/1")])]
)
def test_an_input_that_would_change_nothing_is_told(asked: Asked) -> None:
    (finding,) = findings(asked).findings
    assert finding.code == "whatif.no_effect"


@pytest.mark.parametrize(("name", "near"), [("upgrde", "upgrade"), ("x", "upgrade")])
def test_a_what_if_that_is_not_there(name: str, near: str) -> None:
    with pytest.raises(CallError) as raised:
        work_out(name, declared(), Asked(), {}, None)
    assert raised.value.exit_status == 2
    assert raised.value.do is not None
    assert near in raised.value.do.en


def test_a_given_result_takes_its_default_range_out_of_the_table() -> None:
    what_if = declared()["upgrade"]
    changed = what_if.model_copy(update={"ranges": {"take_up": "5%..15%/5%", "card_fill": "0%..100%/50%"}})
    answer = work_out("upgrade", {"upgrade": changed}, Asked({"new_users": "100"}), {}, None)
    assert (answer.table.along, answer.table.lines) == ("card_fill", None)
    assert ask().table.along == "card_fill"
