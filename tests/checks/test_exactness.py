"""What could not be compared exactly, or unfolds into too much, is found with its place before anything runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.kernel.errors import FindingsError
from basekeep.playbook.loading import load
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.shipping import shipped_folder
from basekeep.relations.any_base import any_base
from basekeep.run.exactness import check_exactness, need_exactness
from checks.fragments import condition, found, place_of

MORE = "  share: {name: {zh: 乙, en: B}, value: mou_in / mou_out}\n"
# expression, the token where the smallest part that is refused begins, code
REFUSED = [
    ("arpu > 0 and arpu * arpu * balance * balance > 3", "arpu * arpu", "too_many_digits"),
    ("mean(data_mb / data_included_mb, 4) > 30%", "mean", "too_many_digits"),
    ("arpu > 100000000000000000000000000000000000000", "1000", "too_many_digits"),
    ("mou_in > base_mean(mou_in / mou_out) * mou_out", "base_mean", "statistic_of_quotient"),
    ("mou_in > base_percentile(share, 80%)", "base_percentile", "statistic_of_quotient"),
    ("if_unknown(" * 30 + "arpu" + ", balance)" * 30 + " > 3", None, "too_large"),
]
FINE = [
    "mean(data_mb / data_included_mb, 3) < 30%",
    "arpu * arpu * arpu > 3",
    "min(arpu, 14) > 3 and max(data_mb / data_included_mb, 3) < 1",
    " or ".join(f"arpu = {n}" for n in range(700)),
    " + ".join(["arpu"] * 900) + " > 3",
    "plan_id in (" + ", ".join(f"'{n}'" for n in range(900)) + ")",
    "base_mean(mou_in, by=city_id) / base_mean(mou_in + mou_out, by=city_id) > 50%",
]


@pytest.mark.parametrize(("expression", "token", "code"), REFUSED, ids=[row[2] + row[0][:20] for row in REFUSED])
def test_it_is_found_at_the_smallest_part(expression: str, token: str | None, code: str, tmp_path: Path) -> None:
    text = condition(f"|-\n      {expression}", MORE)
    assert found(tmp_path, m=text) == ()
    (finding,) = check_exactness(load(tmp_path))
    assert finding.code == f"expression.{code}"
    assert token is None or str(finding.place) == place_of(token, text[: text.index(MORE)], "m")
    assert expression[:100] in finding.what.zh
    assert finding.do.zh
    with pytest.raises(FindingsError, match="cannot be computed exactly"):
        need_exactness(sound_playbook(tmp_path))


@pytest.mark.parametrize("expression", FINE, ids=[text[:30] for text in FINE])
def test_what_can_be_compared_exactly_is_sound(expression: str, tmp_path: Path) -> None:
    assert found(tmp_path, m=condition(f"|-\n      {expression}")) == ()
    assert check_exactness(load(tmp_path)) == ()
    playbook = sound_playbook(tmp_path)
    term = Meaning(playbook).condition(expression)
    low = any_base(playbook, [term], date(2025, 12, 1)).low
    assert "subscriber_id" in str(ibis.to_sql(low.table.select("subscriber_id", x=low.truth(term)), dialect="duckdb"))


def test_a_metrics_fault_is_told_at_the_metric_alone(tmp_path: Path) -> None:
    more = "  cube: {name: {zh: 乙, en: B}, value: arpu * arpu * arpu * arpu}\n"
    text = condition("cube > 3 and cube < 9", more)
    found(tmp_path, m=text)
    assert [str(one.place) for one in check_exactness(load(tmp_path))] == [
        place_of("arpu * arpu * arpu * arpu", text, "m")
    ]


def test_a_value_of_an_overlay_counts(tmp_path: Path) -> None:
    parameter = "parameters:\n  p: {name: {zh: 乙, en: B}, value: 1, min: 0, max: 2, source: our_default}\n"
    found(tmp_path, m=condition("arpu * arpu * arpu > p * plan_fee / 1000"), p=parameter)
    assert check_exactness(load(tmp_path)) == ()
    found(tmp_path, overlays__C1="parameters: {p: 1.123456789012345}\n")
    assert [one.code for one in check_exactness(load(tmp_path))] == ["expression.too_many_digits"]
    text = "parameters: {p: 1.1234567890123456789012345}\n"
    found(tmp_path, overlays__C1=text)
    (finding,) = check_exactness(load(tmp_path))
    assert (finding.code, str(finding.place)) == ("overlay.too_many_digits", place_of("1.12", text, "overlays/C1"))


def test_the_shipped_playbook_is_exact() -> None:
    assert check_exactness(load(shipped_folder())) == ()
