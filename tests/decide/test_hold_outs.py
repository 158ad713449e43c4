"""Who is held out is what plain Python says; it stays so for the term, is exact in each stratum, and nobody is in two groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from basekeep.decide.hold_out_tables import write_hold_outs
from basekeep.decide.hold_outs import ControlGroup, campaign_controls, held_out, prepare_lots, universal_control
from basekeep.decide.strata import shares, value_bands
from decide import plain_hold_outs as plain
from decide.policy_operator import MONTH, PLAYBOOK, Operator, Ran, operator, ran

AUGUST, SEPTEMBER, OCTOBER = date(2025, 8, 1), date(2025, 9, 1), date(2025, 10, 1)
MONTHS = (AUGUST, SEPTEMBER, OCTOBER, MONTH)


@dataclass(frozen=True)
class Drawn:
    """What was drawn, by subscriber ids."""

    universal: set[str]
    campaigns: dict[str, set[str]]
    remarks: dict[str, int]
    tables: dict[str, list[dict[str, Any]]]
    groups: list[ControlGroup]


def _candidates(ids: Collection[str]) -> dict[str, list[str]]:
    """Who has a candidate of which campaign: some of both."""
    return {"keep": [who for who in ids if int(who[1:]) % 4], "upgrade": [who for who in ids if int(who[1:]) % 3 == 0]}


def _draw(made: Ran) -> Drawn:
    hold_outs = made.plan.compiled.playbook.hold_outs
    assert hold_outs is not None
    lots = prepare_lots(made.plan, made.session, made.figures, made.base, made.folder, hold_outs)
    universal, remarks = universal_control(made.plan, made.session, made.figures, lots)
    ids = made.ids
    place = {who: at for at, who in enumerate(ids)}
    candidates = _candidates(ids)
    groups = campaign_controls(
        made.plan.compiled.playbook,
        lots,
        universal,
        lambda name: np.array([place[who] for who in candidates[name]], np.int64),
    )
    every = [*([universal] if universal else []), *groups]
    held = held_out(made.plan.compiled.playbook, made.base, every)
    names = list(made.plan.compiled.playbook.campaigns)
    write_hold_outs(made.folder, made.base, every)
    return Drawn(
        {ids[at] for at in np.flatnonzero(held.universal)},
        {name: {ids[at] for at in np.flatnonzero(held.campaign == names.index(name))} for name in ("keep", "upgrade")},
        {one.code: one.count for one in remarks},
        {
            name: pq.read_table(made.folder / "decisions" / f"{name}.parquet").to_pylist()
            for name in ("hold_out", "hold_out_summary")
        },
        every,
    )


def _drawn(given: Operator, folder: Path, month: date = MONTH, playbook: str = PLAYBOOK) -> Drawn:
    with ran(given, folder, playbook, month) as made:
        return _draw(made)


@pytest.mark.parametrize("seed", range(3))
def test_both_kinds_are_the_plain_answer_on_generated_operators(seed: int, tmp_path: Path) -> None:
    given = operator(seed, lines=(150, 300, 700)[seed], months=(AUGUST, MONTH))
    found = _drawn(given, tmp_path)
    held = plain.universal(given, MONTH)
    assert found.universal == held
    ids = {row["subscriber_id"] for row in given.base()}
    assert found.campaigns == plain.campaigns(given, MONTH, held, _candidates(ids))
    assert found.remarks == {}
    # Of the largest as many are held out as are needed, of the smallest as many as may be.
    assert found.tables["hold_out_summary"][0]["enough"] == (seed == 2)


def test_within_a_term_nobody_enters_or_leaves_though_people_and_their_value_and_place_change(tmp_path: Path) -> None:
    given = operator(11, lines=300, months=MONTHS)
    known: dict[str, bool] = {}
    came: set[str] = set()
    for month in MONTHS:
        # What is stored later says nothing of earlier months.
        so_far = replace(given, subscribers=[row for row in given.subscribers if row["month"] <= month])
        found = _drawn(so_far, tmp_path / month.isoformat(), month)
        now = {row["subscriber_id"]: row["subscriber_id"] in found.universal for row in given.base(month)}
        assert {who: known[who] for who in now if who in known} == {who: now[who] for who in now if who in known}
        came |= now.keys() - known.keys() if known else set()
        known.update(now)
    assert {known[who] for who in came} == {True, False}
    assert 0 < sum(known.values()) < len(known) / 3


def test_another_term_is_drawn_anew(tmp_path: Path) -> None:
    given = operator(12, lines=300, months=(AUGUST, MONTH))
    old = _drawn(given, tmp_path / "old").universal
    new = _drawn(given, tmp_path / "new", playbook=PLAYBOOK.replace("term_months: 6", "term_months: 3")).universal
    assert new
    assert len(old & new) < len(new) / 2


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    given = operator(13, lines=200, months=(AUGUST, MONTH))
    told = []
    for number, one in enumerate((given, given.shuffled(5))):
        found = _drawn(one, tmp_path / str(number))
        told.append((found.universal, found.campaigns, found.tables))
    assert told[0] == told[1]


def test_no_two_groups_overlap_and_who_has_no_candidate_is_in_none(tmp_path: Path) -> None:
    given = operator(14, lines=300, months=(AUGUST, MONTH))
    found = _drawn(given, tmp_path)
    groups = [found.universal, *found.campaigns.values()]
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert all(groups)
    candidates = _candidates({row["subscriber_id"] for row in given.base()})
    assert all(found.campaigns[name] <= set(candidates[name]) for name in found.campaigns)
    rows = found.tables["hold_out"]
    assert Counter(row["campaign"] or row["scope"] for row in rows) == {
        "universal": len(groups[0]), **{name: len(held) for name, held in found.campaigns.items()},
    }  # fmt: skip
    assert len({row["subscriber_id"] for row in rows}) == len(rows)


def test_each_stratum_gives_its_share_to_the_person(tmp_path: Path) -> None:
    found = _drawn(operator(15, lines=400, months=(MONTH,)), tmp_path, playbook=PLAYBOOK.replace("2025-08", "2025-11"))
    for group in found.groups:
        number, many = group.strata.number, int(group.held.sum())
        for stratum in set(number.tolist()):
            people, held = int((number == stratum).sum()), int(group.held[number == stratum].sum())
            assert abs(held - many * people / len(number)) < 1


def test_the_summary_adds_up_and_says_what_can_be_told(tmp_path: Path) -> None:
    given = operator(16, lines=360, months=(AUGUST, MONTH))
    found = _drawn(given, tmp_path)
    by_scope: dict[Any, list[dict[str, Any]]] = {}
    for row in found.tables["hold_out_summary"]:
        by_scope.setdefault(row["campaign"], []).append(row)
    assert list(by_scope) == [None, "keep", "upgrade"]
    for total, *parts in by_scope.values():
        assert (total["city_id"], total["value_band"]) == (None, None)
        for column in ("population", "held_out"):
            assert total[column] == sum(row[column] for row in parts)
        assert all(row["value_band"] is not None for row in parts)
        assert len({(row["city_id"], row["value_band"]) for row in parts}) == len(parts)
    # Whoever left since August counts, and so does whoever came.
    then, now = ({row["subscriber_id"] for row in given.base(month)} for month in (AUGUST, MONTH))
    assert by_scope[None][0]["population"] == len(then | now)
    total = by_scope[None][0]
    assert total["says_en"] == (
        f"needs {total['needed']} held out, has {total['held_out']}: a change of less than "
        f"{total['detectable_share'] * 100:.1f} points cannot be told from chance"
    )
    assert "个百分点" in total["says_zh"]
    assert not total["enough"]


def test_where_the_terms_first_month_is_not_stored_hashes_alone_decide(tmp_path: Path) -> None:
    given = operator(17, lines=200, months=(OCTOBER, MONTH))
    for month in (OCTOBER, MONTH):
        found = _drawn(given, tmp_path / month.isoformat(), month)
        assert found.universal == plain.universal(given, month)
        assert found.remarks == {"hold_out.first_month_not_stored": 1}
        assert {row["value_band"] for row in found.tables["hold_out"] if row["scope"] == "universal"} == {0}


def test_without_a_universal_group_campaigns_are_drawn_by_the_runs_month(tmp_path: Path) -> None:
    begin, end = PLAYBOOK.index("  universal:"), PLAYBOOK.index("decisions:")
    given = operator(18, lines=200)
    found = _drawn(given, tmp_path, playbook=PLAYBOOK[:begin] + PLAYBOOK[end:])
    assert found.universal == set()
    assert [row["campaign"] for row in found.tables["hold_out_summary"] if row["value_band"] is None] == [
        "keep",
        "upgrade",
    ]
    now = plain.strata(given.base(), plain.cities_of(given))
    people = {who: now[who] for who in _candidates(now)["keep"]}
    many = plain.size(len(people), 0.2, 0.05, plain.MOST)
    expected = plain.drawn(people, lambda who: plain.mixed(plain.hash_of(who, "2025-11"), "campaign", "keep"), many)
    assert found.campaigns["keep"] == expected


def test_without_units_and_amounts_everybody_is_in_one_stratum(tmp_path: Path) -> None:
    rows = [
        {k: v for k, v in row.items() if k not in ("arpu", "branch_id")}
        for row in operator(19, lines=100, months=(AUGUST, MONTH)).subscribers
    ]
    found = _drawn(Operator(rows), tmp_path)
    assert {(row["city_id"], row["value_band"]) for row in found.tables["hold_out"]} == {(None, 0)}
    assert found.universal


def test_nobody_to_draw_from_gives_empty_groups(tmp_path: Path) -> None:
    rows = [{**row, "status": "cancelled"} for row in operator(20, lines=10, months=(AUGUST, MONTH)).subscribers]
    found = _drawn(Operator(rows), tmp_path)
    assert found.tables["hold_out"] == []
    assert [row["population"] for row in found.tables["hold_out_summary"]] == [0, 0, 0]
    assert found.tables["hold_out_summary"][0]["says_en"].endswith("no change at all can be told from chance")


@pytest.mark.parametrize(
    ("sizes", "many", "expected"),
    [([10, 10, 10], 4, [2, 1, 1]), ([1, 2, 7], 5, [1, 1, 3]), ([0, 3], 3, [0, 3]), ([0, 0], 0, [0, 0]), ([5, 5], 0, [0, 0])],
)  # fmt: skip
def test_parts_are_whole_and_add_up(sizes: list[int], many: int, expected: list[int]) -> None:
    assert shares(np.array(sizes), many).tolist() == expected


def test_equal_amounts_lie_in_one_band_and_unknown_ones_in_none() -> None:
    unknown = int(np.iinfo(np.int64).min)
    assert value_bands(np.array([5, 1, unknown, 3, 9, 2, 7]), 3).tolist() == [2, 1, 0, 2, 3, 1, 3]
    assert value_bands(np.array([4, 4, 4, 4, 4, 9]), 3).tolist() == [1, 1, 1, 1, 1, 3]
    assert value_bands(np.array([unknown, unknown]), 3).tolist() == [0, 0]
    assert value_bands(np.array([3, 1]), 1).tolist() == [1, 1]
