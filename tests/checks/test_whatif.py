"""A what-if that does not hold together is told at its place before anything is worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.fragments import found, place_of

WHOLE = """whatif:
  w:
    name: {zh: 甲, en: A}
    wording: {zh: 甲, en: A}
    inputs:
      users: {name: {zh: 户, en: Users}, value: 100, unit: subscribers, min: 0, max: 1000, source: our_default}
      part: {name: {zh: 份, en: Part}, value: 50%, unit: share, min: 0%, max: 100%, source: document}
      price: {name: {zh: 价, en: Price}, value: 3, unit: yuan, min: 0, max: 100, source: document}
    results:
      sold: {name: {zh: 卖, en: Sold}, value: users * part, unit: subscribers, min: 0, max: 1000}
      income: {name: {zh: 收, en: Income}, value: sold * price + 0, unit: yuan}
    claim: {of: income, value: 200, wording: {zh: 二百, en: two hundred}, at: {part: 60%}, through: part}
    shows: income
    ranges: {part: 0%..100%/10%, sold: 0..100/50}
"""
WRONG = [
    ("users * part", "users * prt", "prt", "whatif.unknown_name", "part"),
    ("users * part", "users * income", "income", "whatif.unknown_name", ""),
    ("users * part", "users * arpu", "arpu", "whatif.unknown_name", ""),
    ("users * part", "'mean(users, 3)'", "mean", "whatif.not_arithmetic", ""),
    ("users * part", "users > 3", "users > 3", "whatif.not_arithmetic", ""),
    ("users * part", "'users *'", "", "expression.syntax", ""),
    ("users * part", "users + price", "price", "expression.unit", ""),
    ("sold * price + 0", "sold + 0", "sold + 0", "expression.unit", ""),
    ("sold * price + 0", "+".join(["price"] * 60), "", "expression.too_large", ""),
    ("income: {name: {zh: 收", "part: {name: {zh: 收", "part", "playbook.name_taken", ""),
    ("of: income", "of: incme", "incme", "whatif.unknown_name", "income"),
    ("through: part", "through: prt", "prt", "whatif.unknown_name", "part"),
    ("at: {part", "at: {prt", "prt", "whatif.unknown_name", "part"),
    ("at: {part: 60%}", "at: {part: 160%}", "160%", "whatif.out_of_bounds", ""),
    ("shows: income", "shows: users", "users", "whatif.unknown_name", ""),
    ("ranges: {part:", "ranges: {prt:", "prt", "whatif.unknown_name", "part"),
    ("ranges: {part:", "ranges: {income:", "income", "whatif.unknown_name", ""),
    ("0%..100%/10%", "0%..100%", "0%..100%", "whatif.bad_range", ""),
    ("0%..100%/10%", "0%..200%/10%", "0%..200%", "whatif.out_of_bounds", ""),
    ("0..100/50", "0..100/1", "", "whatif.bad_range", ""),
    ("source: our_default}", "source: our_default, targets_of: crd}", "crd", "whatif.unknown_name", ""),
    ("min: 0, max: 1000}\n      income", "min: 0}\n      income", "", "playbook.bad_value", ""),
    ("value: 100,", "value: 1_001,", "1_001", "playbook.bad_value", ""),
    ("shows: income", "shown: income", "shown", "playbook.unknown_key", "shows"),
]


def test_a_sound_one_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, w=WHOLE) == ()


@pytest.mark.parametrize(("old", "new", "token", "code", "near"), WRONG, ids=[row[1][:40] for row in WRONG])
def test_what_is_wrong_is_told_at_its_place(
    old: str, new: str, token: str, code: str, near: str, tmp_path: Path
) -> None:
    assert old in WHOLE
    text = WHOLE.replace(old, new, 1)
    told = [one for one in found(tmp_path, w=text) if one.code == code]
    assert told
    if token:
        at = text.index(new) + new.index(token)
        place = f"playbook/w.yaml:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"
        assert place in {str(one.place) for one in told}
    if near:
        assert any(near in one.near for one in told)


def test_an_input_that_nothing_uses_is_a_warning(tmp_path: Path) -> None:
    text = WHOLE.replace("sold * price + 0", "part * 3", 1)
    (finding,) = found(tmp_path, w=text)
    assert (finding.code, finding.severity) == ("parameter.unused", "warning")
    assert str(finding.place) == place_of("price: {name", text, "w")


def test_numbers_that_grow_without_end_are_told(tmp_path: Path) -> None:
    squares = "".join(
        f"      r{n}: {{name: {{zh: 方, en: Square}}, value: {name} * {name}}}\n"
        for n, name in enumerate(["income", *(f"r{n}" for n in range(39))])
    )
    text = WHOLE.replace("    claim:", f"{squares}    claim:")
    assert [one.code for one in found(tmp_path, w=text)] == ["whatif.too_large"]
