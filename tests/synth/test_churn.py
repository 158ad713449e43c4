"""Leaving depends on its causes, on what was sold and on care; the truth says how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from basekeep.synth.causes import FACTORS
from basekeep.synth.offers import IDS
from basekeep.synth.operator import Made

from .history import Array, History, plain

Month = dict[str, Array]


@pytest.fixture(scope="module")
def truth(made: Made) -> pa.Table:
    """The truth table."""
    return pq.read_table(made.into / "truth" / "subscriber_truth.parquet")


@pytest.fixture(scope="module")
def months(made: Made) -> list[Month]:
    """All months, earliest first, in the columns the tests need."""
    names = ["subscriber_id", "status", "balance", "competitor_hotline_calls", "competitor_staff_calls", "complaints",
             "bound_until", "number_changes_12m", "ported_out"]  # fmt: skip
    files = sorted((made.into / "data" / "subscriber_month").glob("*.parquet"))
    tables = [pq.read_table(file, columns=names) for file in files]
    return [{name: plain(table[name]) for name in names} for table in tables]


def leaving(months: list[Month], signal: Callable[[Month], Array]) -> tuple[float, float]:
    """The share cancelled in the month after: with the signal, without it."""
    left, shown = [], []
    for now, after in pairwise(months):
        base = now["status"] != "cancelled"
        gone = after["subscriber_id"][after["status"] == "cancelled"]
        left.append(np.isin(now["subscriber_id"], gone)[base])
        shown.append(signal(now)[base])
    all_left, all_shown = np.concatenate(left), np.concatenate(shown)
    return float(all_left[all_shown].mean()), float(all_left[~all_shown].mean())


def courted(month: Month) -> Array:
    """Called a competitor's hotline or staff."""
    return np.asarray((month["competitor_hotline_calls"] > 0) | (month["competitor_staff_calls"] > 0))


@pytest.mark.parametrize(
    ("signal", "times"),
    [
        (courted, 2.0),
        (lambda month: month["complaints"] > 0, 1.6),
        (lambda month: month["balance"] < 0, 1.5),
        (lambda month: month["status"] == "suspended", 2.0),
        (lambda month: month["number_changes_12m"] > 1, 4.0),
    ],
    ids=["competitor", "complaint", "overdue", "suspended", "hopper"],
)
def test_who_shows_a_cause_leaves_sooner(months: list[Month], signal: Callable[[Month], Array], times: float) -> None:
    shown, others = leaving(months, signal)
    assert shown > times * others


def test_who_is_bound_for_long_stays(months: list[Month]) -> None:
    end = float((np.datetime64("2026-06-30") - np.datetime64("1970-01-01")).astype(int))
    bound, free = leaving(months, lambda month: month["bound_until"] > end)
    assert bound < 0.6 * free


def test_about_one_and_a_half_in_a_hundred_leave_each_month(months: list[Month]) -> None:
    shares = [float((month["status"] == "cancelled").mean()) for month in months]
    assert 0.012 < np.mean(shares) < 0.018
    assert max(shares) < 0.025


def test_who_is_at_risk_has_the_higher_hazard(truth: pa.Table) -> None:
    there = truth.filter(pc.is_valid(truth["next_hazard"]))
    hazard = plain(there["next_hazard"]) / plain(there["base_hazard"])
    # Who hops stays for the first months, and newcomers hop most.
    ordinary = ~plain(there["risk_number_hopper"])
    for name, factor in FACTORS.items():
        held = plain(there[f"risk_{name}"])[ordinary]
        if held.sum() > 30:
            assert (hazard[ordinary][held].mean() > hazard[ordinary][~held].mean()) == (factor > 1), name


def test_every_cause_drove_someone_away(truth: pa.Table) -> None:
    driving = {name for name, factor in FACTORS.items() if factor > 1}
    named = set(pc.unique(truth["left_cause"]).drop_null().to_pylist())
    assert named == driving | {"natural"}
    assert truth["left_cause"].null_count == truth["left_month"].null_count


def test_a_measure_is_good_for_most_and_bad_for_some(truth: pa.Table) -> None:
    for offer_id in IDS:
        factor = plain(truth[f"churn_{offer_id}"])
        assert factor.min() > 0.2, offer_id
        assert np.median(factor) < 1 < factor.max() < 1.4, offer_id
        assert np.isfinite(plain(truth[f"arpu_{offer_id}"])).all()


def test_what_was_sold_lowers_the_true_hazard(made: Made, truth: pa.Table) -> None:
    """Large recharges of the last months: hazards of those who took one against what causes alone would make them."""
    orders = pq.read_table(made.into / "data" / "business_order.parquet")
    taken = orders.filter((pc.field("offer_id") == "large_recharge") & (pc.field("date") > date(2025, 9, 30)))
    there = truth.filter(pc.is_valid(truth["next_hazard"]) & ~truth["risk_number_hopper"].to_numpy())
    took = np.isin(plain(there["subscriber_id"]), plain(taken["subscriber_id"]))
    expected = plain(there["base_hazard"]).copy()
    for name, factor in FACTORS.items():
        expected *= np.where(plain(there[f"risk_{name}"]), factor, 1)
    ratio = plain(there["next_hazard"]) / np.minimum(expected, 0.6)
    assert took.sum() > 50
    assert np.median(ratio[took]) < 0.65
    assert np.median(ratio[took]) < 0.8 * np.median(ratio[~took])


def test_who_left_does_not_come_back_and_some_who_were_away_do(months: list[Month]) -> None:
    gone: set[str] = set()
    seen: set[str] = set()
    before: set[str] = set()
    returned = 0
    for month in months:
        ids = set(month["subscriber_id"])
        assert not gone & ids
        gone |= set(month["subscriber_id"][month["status"] == "cancelled"])
        returned += len(ids & (seen - before))
        seen, before = seen | ids, ids
    assert 0 < returned < 0.05 * len(seen)


def test_only_who_leaves_ports_out(months: list[Month]) -> None:
    for month in months:
        assert set(month["status"][month["ported_out"]]) == {"cancelled"}


def test_truth_and_tables_tell_the_same_leaving(months: list[Month], truth: pa.Table, history: History) -> None:
    left = set(plain(truth.filter(pc.is_valid(truth["left_month"]))["subscriber_id"]))
    assert set(months[-1]["subscriber_id"][months[-1]["status"] == "cancelled"]) <= left
    assert not left & set(history.ids)
