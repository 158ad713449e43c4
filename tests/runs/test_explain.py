"""An explanation says what the figures say; the change it names really makes the rule true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.kernel.errors import CallError
from basekeep.kernel.months import shift_month
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.explain import Explanation, explain
from oracle.generate import panel
from oracle.panel import Panel
from oracle.parameters import settled
from oracle.quantities import frame_of
from oracle.rules import RULES
from runs.applying import Rows, apply
from runs.small_bench import SmallBench, bench_of

MONTH = date(2025, 12, 1)
PANEL = panel(17, 22, MONTH)
# Rules whose quantities are figures of the subscriber that stand by themselves: no limit moves when they are set.
ALONE = {
    "churn_warning": ["number_hopper", "offnet_circle", "migrant_roamer", "migrant_newcomer", "competitor_contact",
                      "plan_expiring", "bill_due", "stop_warning", "payment_unhealthy"],
    "downgrade_warning": ["vas_expiring"], "family": ["registered"], "migrant": ["roamer", "newcomer", "lodging"],
    "vip": ["key_role"], "group_member": ["in_group"], "campus": ["campus_class"], "new_recharge": ["month_3_to_5"],
    "tenured_care": ["one_year", "two_years"],
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBench]:
    with bench_of(PANEL, tmp_path_factory.mktemp("explain")) as opened:
        yield opened


@pytest.fixture(scope="module")
def explained(bench: SmallBench) -> dict[str, Explanation]:
    """Everybody who ever had a row, explained."""
    replayed = bench.replay(bench.run(sound_playbook(shipped_folder()), MONTH))
    everybody = sorted({str(row["subscriber_id"]) for row in PANEL})
    return {who: explain(replayed, bench.engine, who) for who in everybody}


@pytest.fixture(scope="module")
def figures(bench: SmallBench) -> dict[str, dict[str, Any]]:
    return bench.figures(bench.run(sound_playbook(shipped_folder()), MONTH))


def test_the_base_is_that_of_the_figures(explained: dict[str, Explanation], figures: dict[str, Any]) -> None:
    assert {who for who, one in explained.items() if one.in_base} == set(figures)
    outside = [one for who, one in explained.items() if who not in figures]
    assert outside
    assert all(one.segments == () and one.scores == () for one in outside)


def test_every_truth_is_that_of_the_figures(explained: dict[str, Explanation], figures: dict[str, Any]) -> None:
    for who, row in figures.items():
        for segment in explained[who].segments:
            truths = {rule.rule: rule.truth for rule in segment.rules}
            assert truths == {rule: row[f"rule__{segment.segment}__{rule}"] for rule in truths}
            assert segment.member == (True in truths.values())
            raised = row.get(f"raise__{segment.segment}")
            declared = sound_playbook(shipped_folder()).segments[segment.segment] if raised else None
            assert declared is None or segment.priority == declared.raised


def test_the_profile_is_that_of_the_figures(explained: dict[str, Explanation], figures: dict[str, Any]) -> None:
    for who, row in figures.items():
        assert {name: value for name, _, value in explained[who].profile} == {
            name: row[name] for name, _, _ in explained[who].profile
        }


def test_the_scorecard_is_that_of_the_run(
    explained: dict[str, Explanation], figures: dict[str, Any], bench: SmallBench
) -> None:
    record = bench.run(sound_playbook(shipped_folder()), MONTH)
    ranks = {row["subscriber_id"]: row for row in bench.rows(f"SELECT * FROM read_parquet('{record.folder}/rank/upgrade_5g.parquet')")}  # fmt: skip
    assert ranks
    for who, row in figures.items():
        (score,) = explained[who].scores
        ranked = ranks.get(who, {"points": None, "rank": None})
        assert (score.in_space, score.points, score.rank) == (row["in_space__upgrade_5g"], ranked["points"], ranked["rank"])  # fmt: skip
        assert (score.stopped_by is None) == (who in ranks)


def test_a_rule_that_is_true_needs_no_change_and_any_other_names_one(explained: dict[str, Explanation]) -> None:
    for one in explained.values():
        for rule in (rule for segment in one.segments for rule in segment.rules):
            assert (rule.change is None) if rule.truth else rule.change, rule.rule
            assert not any(fact.holds for fact in rule.change or ())


def test_the_change_makes_the_rule_true(explained: dict[str, Explanation]) -> None:
    applied = 0
    for who, one in explained.items():
        for segment in one.segments:
            for rule in segment.rules:
                if rule.truth or rule.rule not in ALONE.get(segment.segment, ()):
                    continue
                rows = _rows(who)
                for fact in rule.change or ():
                    apply(fact, rows, MONTH)
                assert _truth(segment.segment, rule.rule, rows) is True, (who, rule.rule, rule.change)
                applied += 1
    assert applied > 150


def _rows(who: str) -> Rows:
    of = Panel(PANEL, MONTH).rows
    return {back: dict(row) for (other, back), row in of.items() if other == who and back >= 0}


def _truth(segment: str, rule: str, rows: Rows) -> bool | None:
    for back, row in rows.items():
        row["month"] = shift_month(MONTH, -back)
    one = Panel(list(rows.values()), MONTH)
    return RULES[segment, rule](one.base[0], frame_of(one, settled(None)))


def test_an_unknown_subscriber_is_said(bench: SmallBench) -> None:
    replayed = bench.replay(bench.run(sound_playbook(shipped_folder()), MONTH))
    with pytest.raises(CallError, match="there is no subscriber 'nobody'"):
        explain(replayed, bench.engine, "nobody")


def test_phone_numbers_are_masked(explained: dict[str, Explanation]) -> None:
    shown = [one.msisdn for one in explained.values() if one.msisdn]
    assert shown
    assert all(text.startswith("199******") and len(text) == 11 for text in shown)
