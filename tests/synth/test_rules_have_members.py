"""Every rule of the definitions finds somebody and none finds nearly all. Rules are written out here anew."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from basekeep.synth.codes import PRODUCT_CLASS

from .history import Array, History

Rule = Callable[[History], Array]
FESTIVAL_END = (np.datetime64("2025-02-28") - np.datetime64("1970-01-01")).astype(int)


def mou(h: History, first: int, last: int) -> Array:
    return np.asarray(h.window("mou_out", first, last) + h.window("mou_in", first, last))


def guard(h: History) -> Array:
    mean = h.window("arpu", 0, 2).mean(axis=0)
    return np.asarray((mean >= 30) & (mean <= 60) & ~(h.column("bound_until") > h.last_day))


def tenure_years(h: History) -> Array:
    joined = h.column("join_date").astype(int).astype("datetime64[D]").astype("datetime64[M]")
    return np.asarray((np.datetime64("2025-12") - joined).astype(int) // 12)


def migrant_roamer(h: History) -> Array:
    return np.asarray((h.column("brand") == "easyown") & (h.window("roaming_min", 10, 11).sum(axis=0) >= 5))


def migrant_newcomer(h: History) -> Array:
    joined = h.column("join_date") > FESTIVAL_END
    distant = (h.column("id_region") == "other_province") & h.column("directed_long_distance")
    return np.asarray((h.column("brand") == "easyown") & joined & distant)


def within_30_days(h: History, name: str) -> Array:
    return np.asarray((h.column(name) > h.last_day) & (h.column(name) <= h.last_day + 30))


def small_recharges(h: History) -> Array:
    amount, times = h.window("recharge_amount", 0, 2).sum(axis=0), h.window("recharge_count", 0, 2).sum(axis=0)
    return np.asarray((times > 0) & (amount <= 30 * times) & (h.window("low_balance_alerts", 0, 2).sum(axis=0) >= 3))


def arpu_drop(h: History) -> Array:
    half_year = h.window("arpu", 0, 5).mean(axis=0)
    return np.asarray((h.window("arpu", 0, 1) <= 0.7 * half_year).all(axis=0) & (half_year > 0))


def one_sided(h: History) -> Array:
    return np.asarray((h.window("mou_in", 0, 1) > 0.7 * mou(h, 0, 1)).all(axis=0))


def down_on_the_year(h: History) -> Array:
    year_ago = mou(h, 12, 13).sum(axis=0)
    return np.asarray((year_ago > 0) & (mou(h, 0, 1).sum(axis=0) <= 0.7 * year_ago))


def balance_falling(h: History) -> Array:
    now, before, earlier = h.window("balance", 0, 2)
    return np.asarray((now < before) & (before < earlier) & (now < 50) & guard(h))


def competitor_contact(h: History) -> Array:
    called = (h.column("competitor_hotline_calls") > 0) | (h.column("competitor_staff_calls") > 0)
    return np.asarray(called | h.column("forwarded_offnet"))


def tariff_unhealthy(h: History) -> Array:
    fee = h.window("plan_fee", 0, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        dear = np.where(fee > 0, (h.window("arpu", 0, 2) - fee) / fee, np.nan).mean(axis=0) > 0.5
        included = h.window("data_included_mb", 0, 2)
        idle = np.where(included > 0, h.window("data_mb", 0, 2) / included, np.nan).mean(axis=0) < 0.3
    return np.asarray(dear | idle)


def service_unhealthy(h: History) -> Array:
    now, _, before = h.window("vas_count", 0, 2)
    return np.asarray((before - now >= 2) | ((before > 0) & (now == 0)))


def circle_unhealthy(h: History) -> Array:
    return np.asarray(h.column("contacts") <= 0.7 * h.window("contacts", 1, 3).mean(axis=0))


def care_overdue(h: History) -> Array:
    arpu = h.column("arpu")
    dear = (tenure_years(h) >= 1) | (arpu > np.nanquantile(arpu, 0.8))
    alone = (h.window("care_contacts", 0, 5).sum(axis=0) == 0) & dear
    return np.asarray(alone | (h.window("complaints", 0, 2).sum(axis=0) > 0))


def lodging(h: History) -> Array:
    site = np.isin(h.column("home_cell_kind"), ("work_site", "factory", "dormitory"))
    return np.asarray(site & (h.column("id_region") == "other_province"))


def stop_warning(h: History) -> Array:
    empty = (h.column("payment") == "prepaid") & (h.column("balance") <= 0)
    return np.asarray((h.column("status") == "suspended") | empty)


def bill_due(h: History) -> Array:
    return np.asarray((h.column("payment") == "postpaid") & (h.column("bill_due_date") <= h.last_day + 7))


RULES: dict[str, Rule] = {
    "month_3_to_5": lambda h: (h.column("join_date") >= 20300 - 91) & (h.column("join_date") < 20300 + 1),
    "one_year": lambda h: tenure_years(h) == 1,
    "mou_below_half": lambda h: mou(h, 0, 2).mean(axis=0) < 0.5 * np.nanmean(mou(h, 0, 2).mean(axis=0)),
    "small_recharges": small_recharges,
    "arpu_drop": arpu_drop,
    "vas_expiring": lambda h: within_30_days(h, "vas_until"),
    "dual_sim, one-sided": one_sided,
    "dual_sim, down on the year": down_on_the_year,
    "balance_falling": balance_falling,
    "number_hopper": lambda h: (h.column("number_changes_12m") >= 2) & guard(h),
    "offnet_circle": lambda h: (h.column("offnet_contact_share") > 0.5) & guard(h),
    "migrant_roamer": lambda h: migrant_roamer(h) & guard(h),
    "migrant_newcomer": lambda h: migrant_newcomer(h) & guard(h),
    "competitor_contact": competitor_contact,
    "plan_expiring": lambda h: within_30_days(h, "bound_until"),
    "bill_due": bill_due,
    "stop_warning": stop_warning,
    "tariff_unhealthy": tariff_unhealthy,
    "service_unhealthy": service_unhealthy,
    "circle_unhealthy": circle_unhealthy,
    "payment_unhealthy": lambda h: h.window("late_payments", 0, 5).sum(axis=0) >= 2,
    "care_overdue": care_overdue,
    "registered": lambda h: (h.column("family_account_id") != "") | h.column("broadband"),
    "roamer": migrant_roamer,
    "newcomer": migrant_newcomer,
    "lodging": lodging,
    "key_role": lambda h: np.isin(h.column("group_role"), ("key_person", "leader")),
    "in_group": lambda h: h.column("group_id") != "",
    "campus_class": lambda h: h.column("customer_class") == "campus",
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_finds_some_and_not_too_many(history: History, rule: str) -> None:
    share = RULES[rule](history).mean()
    # At this size a rule of three in a thousand finds sixty, give or take twenty.
    assert 0.002 < share < 0.31, f"{share:.4f}"


def activity_space(h: History) -> Array:
    data, family = h.column("data_mb"), h.column("plan_family")
    enough = ((family == "changxiang") & (data > 2048)) | ((family == "lexiang") & (data > 1024))
    below = (h.column("plan_generation") < 5) & ~h.column("upgrade_pack")
    line = h.column("is_billed") & h.column("is_main_card") & (h.column("fusion") >= 2)
    there = (h.column("status") == "active") & (h.column("join_date") < h.last_day - 30)
    return np.asarray(enough & below & line & there & (h.column("plan_actual_fee") >= 50))


def test_the_activity_space_is_a_twentieth_to_a_seventh_of_the_base(history: History) -> None:
    assert 0.05 < activity_space(history).mean() < 0.15


@pytest.mark.parametrize("product", PRODUCT_CLASS)
def test_every_product_class_is_there(history: History, product: str) -> None:
    assert (history.column("product_class") == product).sum() > 10


@pytest.mark.parametrize("flag", ["is_staff", "is_fake", "red_list", "black_list"])
def test_every_exclusion_is_met_within_the_space(history: History, flag: str) -> None:
    assert (history.column(flag) & activity_space(history)).any()


def test_product_classes_are_met_within_the_space(history: History) -> None:
    assert len(np.unique(history.column("product_class")[activity_space(history)])) > len(PRODUCT_CLASS) - 3


def test_migrants_travel_at_the_festival(history: History) -> None:
    """The festival of 2025 lies in both January and February."""
    migrant = history.truth("migrant")["migrant"]
    for months_ago in (10, 11):
        roaming = history.column("roaming_min", months_ago)[migrant]
        assert np.nanmean(roaming) > 5 * np.nanmean(history.column("roaming_min", 5)[migrant])
