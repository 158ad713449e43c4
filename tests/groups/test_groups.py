"""Rules of groups and units give what the definitions say, also at every limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.errors import CallError
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.explain_group import explain_group
from basekeep.run.record import RunRecord
from groups.generated import MONTH, Generated, generate
from groups.plain import Answer, Plain
from runs.small_bench import SmallBench

_SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Judged:
    """A generated operator, its run, and the plain answer."""

    made: Generated
    bench: SmallBench
    record: RunRecord

    def rows(self, file: str) -> list[dict[str, Any]]:
        return self.bench.rows(f"SELECT * FROM read_parquet('{self.record.folder / file}')")


@pytest.fixture(scope="module", params=_SEEDS)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    folder, made = tmp_path_factory.mktemp("groups"), generate(request.param)
    with DuckEngine(threads=2) as engine:
        made.store(folder / "store", engine)
        bench = SmallBench(folder / "store", engine)
        yield Judged(made, bench, bench.run(sound_playbook(shipped_folder()), MONTH))


def _truths(judged: Judged, grain: str, answer: Answer) -> dict[tuple[str, str, str], bool | None]:
    rows = {row[f"{grain}_id"]: row for row in judged.rows(f"{grain}s/profile.parquet")}
    assert set(rows) == {one for one, _, _ in answer.truths}
    return {key: rows[key[0]][f"rule__{key[1]}__{key[2]}"] for key in answer.truths}


def test_every_rule_of_every_group_is_as_defined(judged: Judged) -> None:
    answer = Plain(judged.made).groups()
    assert _truths(judged, "group", answer) == answer.truths
    found = Counter((segment, rule, truth) for (_, segment, rule), truth in answer.truths.items())
    assert all(found[segment, rule, True] for _, segment, rule in answer.truths), (
        "a rule that nobody meets proves nothing"
    )


def test_units_of_the_lowest_level_are_held_against_their_percentile(judged: Judged) -> None:
    answer = Plain(judged.made).units()
    assert _truths(judged, "unit", answer) == answer.truths
    assert "B8" not in {row["unit_id"] for row in judged.rows("units/profile.parquet")}


def test_severities_metrics_and_the_month_in_which_money_ends(judged: Judged) -> None:
    answer = Plain(judged.made).groups()
    for row in judged.rows("groups/profile.parquet"):
        group = row["group_id"]
        for segment in ("group_poaching", "group_balance"):
            assert row[f"severity__{segment}"] == answer.severity[group, segment]
        wanted = answer.values[group]
        assert str(row["money_ends"] or None) == str(wanted["money_ends"])
        assert row["largest_brand"] == wanted["largest_brand"]
        for name in ("lines", "device_age_mean", "largest_brand_share"):
            exact = wanted[name]
            assert (row[name] is None) == (exact is None)
            assert exact is None or abs(Fraction(row[name]) - Fraction(exact)) <= Fraction(1, 10_000)


def test_memberships_are_the_true_rules_with_evidence(judged: Judged) -> None:
    answer = Plain(judged.made).groups()
    rows = judged.rows("group_membership.parquet")
    assert {(row["group_id"], row["segment"], row["rule"]) for row in rows} == {
        key for key, truth in answer.truths.items() if truth
    }
    ending = next(row for row in rows if row["segment"] == "group_balance")
    assert ending["evidence"]["balance_months"]["limit"] == 3.0
    assert ending["evidence"]["money_ends"]["value"] == answer.values[ending["group_id"]]["money_ends"]
    assert str(answer.values[ending["group_id"]]["money_ends"])[:7] in ending["message_zh"]


def test_target_groups_are_ranked_by_expected_value(judged: Judged) -> None:
    rows = judged.rows("group_target.parquet")
    answer = Plain(judged.made).groups()
    assert {row["group_id"] for row in rows} == {
        g for (g, s, _), truth in answer.truths.items() if s == "group_upgrade" and truth
    }
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    order = [(-row["rank_value"], row["group_id"]) for row in rows]
    assert order == sorted(order)
    for row in rows:
        lines = row["lines_4g"] - row["domestic_high_end_lines"]
        assert row["rank_value"] == pytest.approx(
            (lines * 0.15 + row["domestic_high_end_lines"] * 0.25) * (20 * 12 - 20)
        )


def test_the_same_run_gives_the_same_bytes(judged: Judged) -> None:
    with DuckEngine(threads=1) as engine:
        other = SmallBench(judged.bench.store, engine)
        files = {name: judged.record.content["files"][name] for name in judged.record.content["files"]}
        assert other.run(sound_playbook(shipped_folder()), MONTH).content["files"] == files


def test_a_group_is_explained_as_it_was_judged(judged: Judged) -> None:
    answer = Plain(judged.made).groups()
    replayed = judged.bench.replay(judged.record)
    for account in judged.made.accounts[:6]:
        group = str(account["group_id"])
        found = explain_group(replayed, judged.bench.engine, group)
        assert found.name == account["name"]
        assert {
            (group, segment.segment, rule.rule): rule.truth for segment in found.segments for rule in segment.rules
        } == {key: truth for key, truth in answer.truths.items() if key[0] == group}
        told = {segment.segment for segment in found.segments if segment.message}
        assert told == {segment.segment for segment in found.segments if segment.member}


def test_lines_of_unknown_groups_and_groups_without_lines_are_counted(judged: Judged) -> None:
    inside = [row["group_id"] for row in judged.made.subscribers if row["status"] != "cancelled" and row["group_id"]]
    accounts = {row["group_id"] for row in judged.made.accounts}
    said = {remark["code"]: remark["count"] for remark in judged.record.content["remarks"]}
    assert said.get("subscriber_month.unknown_group", 0) == sum(group not in accounts for group in inside)
    assert said["group_account.no_lines"] == len(accounts - set(inside)) > 0


def test_a_group_that_is_not_there_is_named(judged: Judged) -> None:
    with pytest.raises(CallError) as error:
        explain_group(judged.bench.replay(judged.record), judged.bench.engine, "G_NONE")
    assert error.value.code == "explain.unknown_group"
