"""A difference adds up: before + entered − left = after, for each segment and each rule, and names who moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.kernel.months import shift_month
from basekeep.playbook.changing import with_parameters
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.diff import SegmentMove, diff, moves_sql
from basekeep.run.record import RunRecord
from oracle.generate import panel
from runs.small_bench import SmallBench, bench_of, true_rules

MONTH = date(2025, 12, 1)
SHIPPED = sound_playbook(shipped_folder())
CHANGED = {"usage_low_share": "85%", "balance_floor_yuan": "20", "arpu_drop_share": "90%", "plan_notice_days": "5"}


def without(playbook: Playbook, segment: str, rule: str) -> Playbook:
    """The playbook without a segment, and without a rule of another."""
    segments = {name: item for name, item in playbook.segments.items() if name != segment}
    churn = segments["churn_warning"]
    rules = {name: item for name, item in churn.rules.items() if name != rule}
    segments["churn_warning"] = churn.model_copy(update={"rules": rules})
    return playbook.model_copy(update={"segments": segments})


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBench]:
    with bench_of(panel(9, 300, MONTH), tmp_path_factory.mktemp("diff")) as opened:
        yield opened


PAIRS = {
    "parameters": ((SHIPPED, MONTH), (with_parameters(SHIPPED, CHANGED), MONTH)),
    "months": ((SHIPPED, shift_month(MONTH, -1)), (SHIPPED, MONTH)),
    "the same": ((SHIPPED, MONTH), (SHIPPED, MONTH)),
    "segments gone": ((SHIPPED, MONTH), (without(SHIPPED, "low_usage", "stop_warning"), MONTH)),
    "segments new": ((without(SHIPPED, "low_usage", "stop_warning"), shift_month(MONTH, -2)), (SHIPPED, MONTH)),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_difference_adds_up_and_is_that_of_the_figures(pair: str, bench: SmallBench) -> None:
    before, after = (bench.run(*one) for one in PAIRS[pair])
    moves = _diff(bench, before, after)
    was, now = (true_rules(bench.figures(record)) for record in (before, after))
    assert {(move.segment, rule.rule) for move in moves for rule in move.rules} == {*was, *now}
    for move in moves:
        first, second = (_members(rules, move.segment) for rules in (was, now))
        assert (move.before, move.after) == (len(first), len(second))
        assert (move.entered, move.left) == (len(second - first), len(first - second))
        assert move.before + move.entered - move.left == move.after
        for rule in move.rules:
            key = (move.segment, rule.rule)
            one, two = was.get(key, set()), now.get(key, set())
            assert (rule.before, rule.entered, rule.left, rule.after) == (
                len(one), len(two - one), len(one - two), len(two),
            )  # fmt: skip
            assert rule.before + rule.entered - rule.left == rule.after
            assert rule.into_segment == len((second - first) & two)
            assert rule.out_of_segment == len((first - second) & one)
    assert any(move.entered or move.left for move in moves) == (pair != "the same")


def test_who_moved_is_named_with_the_rules_that_moved_them(bench: SmallBench) -> None:
    before, after = (bench.run(*one) for one in PAIRS["months"])
    was, now = (bench.figures(record) for record in (before, after))
    first, second = true_rules(was), true_rules(now)
    expected = set()
    for segment in SHIPPED.segments:
        one, two = _members(first, segment), _members(second, segment)
        for who in one ^ two:
            rules, move = (second, "entered") if who in two else (first, "left")
            by = tuple(rule for (name, rule), members in rules.items() if name == segment and who in members)
            expected.add((segment, who, move, by, who not in was, who not in now))
    found = {
        (row["segment"], row["subscriber_id"], row["move"], tuple(row["rules"]), row["new_in_base"], row["gone_from_base"])
        for row in bench.rows(moves_sql(before, after))
    }  # fmt: skip
    assert found == expected
    assert any(new for *_, new, _ in expected)
    assert any(gone for *_, gone in expected)


def test_playbooks_without_segments_differ_in_nothing(bench: SmallBench) -> None:
    bare = SHIPPED.model_copy(update={"segments": {}})
    before, after = bench.run(bare, MONTH), bench.run(bare, shift_month(MONTH, -1))
    assert _diff(bench, before, after) == ()
    assert bench.rows(moves_sql(before, after)) == []


def _diff(bench: SmallBench, before: RunRecord, after: RunRecord) -> tuple[SegmentMove, ...]:
    with bench.engine.session() as session:
        return diff(before, after, session)


def _members(rules: dict[tuple[str, str], set[str]], segment: str) -> set[str]:
    return {who for (name, _), members in rules.items() if name == segment for who in members}
