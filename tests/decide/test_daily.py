"""A day renews the decisions of those whom something concerns, within what is left, and leaves what was sent alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from basekeep.contract.tables import BALANCE_DAY, BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST
from basekeep.kernel.errors import CallError
from basekeep.run.record import RunRecord, find_month_run, find_run
from basekeep.run.replay import replay
from basekeep.store.state import read_state
from decide.decided import Bench, bench, decisions, lightly, rows_of
from decide.policy_operator import MONTH, Row, operator

DAY = date(2025, 12, 11)
Days = tuple[Bench, RunRecord, dict[str, list[Row]]]


def came(made: Bench) -> dict[str, list[Row]]:
    """What comes in by the day: of each kind something about those with a decision and about those without."""
    stored = list(decisions(made.record).items())
    planned = [who for who, row in stored if row["contact_on"] and row["contact_on"] >= DAY]
    others = [who for who, row in stored if row["bucket"] in ("capacity", "out_ranked", "not_eligible")]
    sent = {who: decisions(made.record)[who] for who in planned[:3]}
    at = datetime(2025, 12, 9, 10)
    return {
        "contacts": [
            *({"contact_id": f"N{n}", "subscriber_id": who, "at": at, "channel": row["channel"], "offer_id": row["offer"],
               "result": "assigned"} for n, (who, row) in enumerate(sent.items())),
            *({"contact_id": f"M{n}", "subscriber_id": who, "at": at, "channel": "hall", "offer_id": "old", "result": "refused"}
              for n, who in enumerate([*planned[3:6], *others[:3]])),
        ],
        "orders": [
            {"order_id": f"N{n}", "subscriber_id": who, "date": date(2025, 12, 5), "offer_id": "wish", "channel": "hall",
             "effective_until": date(2026, 6, 1)} for n, who in enumerate([*planned[6:9], *others[3:6]])
        ],
        "excluded": [{"subscriber_id": who, "reason": "complaint", "until": None, "channel": None} for who in [*planned[9:12], planned[0]]],
        "balances": [
            {"subscriber_id": who, "date": day, "balance": balance, "status": status}
            for n, who in enumerate([*planned[12:16], *others[6:12]])
            for day, balance, status in (
                (date(2025, 12, 3), 500, "active"), (date(2025, 12, 10), -300 if n % 2 else 400, "cancelled" if n == 1 else "active"),
                (date(2025, 12, 20), 7, "active"),
            )
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    with bench(lightly(operator(3, 400)), tmp_path_factory.mktemp("daily")) as made:
        rows = came(made)
        made.add(CONTACT_LOG, rows["contacts"])
        made.add(BUSINESS_ORDER, rows["orders"])
        made.add(EXCLUSION_LIST, rows["excluded"])
        made.add(BALANCE_DAY, rows["balances"])
        yield made, made.daily(DAY).record, rows


def concerned(made: Bench, record: RunRecord, rows: dict[str, list[Row]]) -> set[str]:
    """A second answer: those of whom something came in, with the other lines of their customers and families."""
    named = {row["subscriber_id"] for kind in ("contacts", "orders", "excluded") for row in rows[kind]}
    old = [row for kind in (made.operator.contacts, made.operator.orders) for row in kind or ()]
    named |= {row["subscriber_id"] for row in old if date(2025, 12, 1) <= _day(row) <= DAY}
    named |= _changed(made.record, record)
    named |= {row["subscriber_id"] for row in rows["balances"] if row["status"] == "cancelled"}
    base = {row["subscriber_id"]: row for row in made.operator.base(MONTH)}
    together = {
        row["customer_id"]
        for who, row in base.items()
        if who in named and row["customer_class"] == "public" and row["customer_id"]
    }
    return {
        who
        for who, row in base.items()
        if who in named or (row["customer_class"] == "public" and row["customer_id"] in together)
    }


def _day(row: Row) -> date:
    when = row.get("at") or row["date"]
    return when.date() if isinstance(when, datetime) else when


def _changed(before: RunRecord, after: RunRecord) -> set[str]:
    import pyarrow.parquet as pq

    then, now = (pq.read_table(record.folder / "figures").to_pylist() for record in (before, after))
    assert [row["subscriber_id"] for row in then] == [row["subscriber_id"] for row in now]
    return {row["subscriber_id"] for row, other in zip(now, then, strict=True) if row != other}


def sent(made: Bench, rows: dict[str, list[Row]]) -> set[str]:
    logged = {(row["subscriber_id"], row["offer_id"]) for row in [*(made.operator.contacts or ()), *rows["contacts"]]
              if date(2025, 12, 1) <= _day(row) <= DAY}  # fmt: skip
    return {
        who
        for who, row in decisions(made.record).items()
        if row["offer"] and (row["contact_on"] < DAY or (who, row["offer"]) in logged)
    }


def test_only_those_whom_something_concerns_are_renewed(days: Days) -> None:
    made, record, rows = days
    renewed = concerned(made, record, rows) - sent(made, rows)
    before, after = decisions(made.record), decisions(record)
    assert list(before) == list(after)
    assert record.counts["renewed"] == len(renewed) > 0
    assert {who for who in before if before[who] != after[who]} <= renewed
    assert record.counts["unchanged"] == len(before) - len(renewed)


def test_what_was_sent_stays_as_it_was(days: Days) -> None:
    made, record, rows = days
    before, after = decisions(made.record), decisions(record)
    assert record.counts["sent"] == len(sent(made, rows)) > 3
    for who in sent(made, rows):
        assert after[who] == before[who]


def test_what_changed_is_counted_without_remainder(days: Days) -> None:
    made, record, rows = days
    before, after = decisions(made.record), decisions(record)
    renewed = concerned(made, record, rows) - sent(made, rows)
    found: Counter[str] = Counter()
    for who in renewed:
        had, has = before[who]["offer"], after[who]["offer"]
        same = (had, before[who]["channel"]) == (has, after[who]["channel"])
        kind = (
            "as_before" if had and same else "changed" if had and has else "withdrawn" if had else "new" if has else ""
        )
        found[kind] += 1
        found[f"withdrawn__{after[who]['bucket']}"] += kind == "withdrawn"
    for kind in ("as_before", "changed", "withdrawn", "new"):
        assert record.counts[kind] == found[kind]
    withdrawn = {name: count for name, count in record.counts.items() if name.startswith("withdrawn__")}
    assert withdrawn == {name: count for name, count in found.items() if name.startswith("withdrawn__") and count}
    assert sum(withdrawn.values()) == record.counts["withdrawn"] > 0


def test_nobody_newly_excluded_or_gone_stays_planned(days: Days) -> None:
    made, record, rows = days
    after = decisions(record)
    out = {row["subscriber_id"] for row in rows["excluded"]} - sent(made, rows)
    assert out
    assert {after[who]["bucket"] for who in out} == {"excluded"}
    gone = {row["subscriber_id"] for row in rows["balances"] if row["status"] == "cancelled"} - sent(made, rows)
    assert {"excluded.cancelled" in after[who]["reasons"] for who in gone} == {True}


def test_capacity_and_money_hold_with_what_stays(days: Days) -> None:
    _made, record, _ = days
    chosen = [row for row in decisions(record).values() if row["offer"]]
    per_day = {"hall": 1, "telephone_manager": 1, "e_channel": 5}
    for (channel, _unit, _on), many in Counter(
        (row["channel"], row["unit_id"], row["contact_on"]) for row in chosen
    ).items():
        assert many <= per_day[channel]
    assert sum(row["cost_fen"] for row in chosen) <= 300_00
    assert sum(row["cost_fen"] for row in chosen if row["campaign"] == "keep") <= 80_00
    assert {row["contact_on"] for row in chosen if row["contact_on"] >= DAY} <= {
        date(2025, 12, 17),
        date(2025, 12, 24),
        date(2025, 12, 31),
    }


def test_nobody_held_out_is_offered_anything_and_the_control_groups_stay(days: Days) -> None:
    made, record, _ = days
    held = rows_of(record, "hold_out")
    assert held == rows_of(made.record, "hold_out")
    after = decisions(record)
    assert not [row for row in held if row["scope"] == "universal" and after[row["subscriber_id"]]["offer"]]


def test_every_table_of_a_day_adds_up_as_that_of_a_month(days: Days) -> None:
    _, record, _ = days
    after = decisions(record)
    counts = Counter(row["bucket"] for row in after.values())
    base = [row for row in rows_of(record, "decision_waterfall") if row["level"] == "base" and row["position"]]
    assert {row["step"]: row["left"] for row in base if row["left"]} == counts
    pairs = {(row["subscriber_id"], row["offer"], row["channel"]) for row in rows_of(record, "candidate")}
    assert {(who, row["offer"], row["channel"]) for who, row in after.items() if row["offer"]} <= pairs
    for row in rows_of(record, "constraint"):
        assert row["kind"] == "floor" or row["used"] <= row["limit"]


def test_a_day_is_made_again_byte_for_byte_also_after_a_later_one(days: Days) -> None:
    made, record, _ = days
    before = {path.name: path.read_bytes() for path in record.folder.rglob("*") if path.is_file()}
    later = made.daily(date(2025, 12, 18)).record
    again = made.daily(DAY, again=True)
    assert again.made
    assert later.run_id != again.record.run_id == record.run_id
    assert {path.name: path.read_bytes() for path in record.folder.rglob("*") if path.is_file()} == before


def test_a_day_says_whose_it_is_and_the_month_is_found_beside_it(days: Days) -> None:
    made, record, _ = days
    assert record.parent == made.record.run_id
    assert record.content["day"] == "2025-12-11"
    assert find_month_run(made.store, None).run_id == made.record.run_id
    assert find_run(made.store, made.record.run_id[:12]).run_id == made.record.run_id
    assert find_run(made.store, record.run_id).parent == made.record.run_id
    opened = replay(record, made.store, read_state(made.store))
    assert opened.side.newest is not None


def test_where_nothing_came_in_nothing_changes(tmp_path: Path) -> None:
    quiet = replace(operator(4, 60), contacts=[], orders=[])
    with bench(quiet, tmp_path) as made:
        record = made.daily(DAY).record
        assert record.counts["renewed"] == 0
        for table in ("candidate", "decision", "decision_waterfall"):
            assert rows_of(record, table) == rows_of(made.record, table)


@pytest.mark.parametrize(
    ("day", "code"), [(date(2025, 11, 30), "daily.before_period"), (date(2026, 1, 1), "decide.period_over")]
)
def test_a_day_outside_of_the_period_is_refused(day: date, code: str, days: Days) -> None:
    with pytest.raises(CallError) as caught:
        days[0].daily(day)
    assert caught.value.code == code
