"""Orders, contacts, groups and work outside hang together."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from basekeep.synth.offers import CODE, OFFERS
from basekeep.synth.operator import Made

from .history import History, plain, read

CARE = pa.array([offer.offer_id for offer in OFFERS if offer.kind == "care"])


@pytest.fixture(scope="module")
def contacts(made: Made) -> pa.Table:
    """The contact log."""
    return read(made.into, "contact_log")


def test_care_contacts_are_those_of_the_log(history: History, contacts: pa.Table) -> None:
    in_month = pc.greater_equal(contacts["at"], pa.scalar(datetime(2025, 12, 1), pa.timestamp("us")))
    reached = pc.is_in(contacts["result"], pa.array(["reached", "agreed"]))
    care = contacts.filter(pc.and_(in_month, pc.and_(reached, pc.is_in(contacts["offer_id"], CARE))))
    ids, counts = np.unique(plain(care["subscriber_id"]), return_counts=True)
    logged = dict(zip(ids, counts, strict=True))
    expected = np.array([logged.get(subscriber, 0) for subscriber in history.ids])
    assert np.array_equal(history.column("care_contacts"), expected)
    assert expected.sum() > 0


def test_who_opted_out_is_on_the_list(made: Made, history: History, contacts: pa.Table) -> None:
    opted = set(contacts.filter(pc.field("result") == "opted_out")["subscriber_id"].to_pylist()) & set(history.ids)
    listed = read(made.into, "exclusion_list").filter(pc.field("reason") == "opt_out")["subscriber_id"].to_pylist()
    assert opted
    assert opted <= set(listed)


def test_every_measure_is_used(made: Made, contacts: pa.Table) -> None:
    ordered = set(pc.unique(read(made.into, "business_order")["offer_id"]).to_pylist())
    assert ordered | set(pc.unique(contacts["offer_id"]).to_pylist()) == set(CODE)


def test_a_binding_order_binds(made: Made, history: History) -> None:
    orders = read(made.into, "business_order")
    binding = pa.array([offer.offer_id for offer in OFFERS if offer.binds])
    late = orders.filter(
        pc.and_(pc.is_in(orders["offer_id"], binding), pc.greater(orders["date"], pa.scalar(date(2025, 11, 30))))
    )
    until = dict(zip(late["subscriber_id"].to_pylist(), plain(late["effective_until"]), strict=True))
    bound = dict(zip(history.ids, history.column("bound_until"), strict=True))
    held = [bound[subscriber] >= day for subscriber, day in until.items() if subscriber in bound]
    assert len(held) > 50
    assert all(held)


def test_orders_follow_in_their_month_and_end_later(made: Made) -> None:
    orders = read(made.into, "business_order")
    days, until = plain(orders["date"]), plain(orders["effective_until"])
    assert (np.isnan(until) | (until > days)).all()
    assert np.datetime64("2024-11-01") <= days.min().astype("datetime64[D]")
    assert days.max().astype("datetime64[D]") <= np.datetime64("2025-12-31")


def test_the_organisation_has_a_top_and_five_levels(made: Made) -> None:
    units = read(made.into, "org_unit").to_pylist()
    level = {unit["unit_id"]: unit["level"] for unit in units}
    above = {"city": "province", "county": "city", "branch": "county", "grid": "branch"}
    assert [unit["level"] for unit in units if unit["parent_id"] is None] == ["province"]
    assert all(level[unit["parent_id"]] == above[unit["level"]] for unit in units if unit["parent_id"])
    assert len([unit for unit in units if unit["level"] == "city"]) == 8
    siblings = {(unit["parent_id"], unit["name"]) for unit in units}
    assert len(siblings) == len(units)


def test_groups_are_of_all_classes_and_some_bought_together(made: Made, history: History) -> None:
    groups = read(made.into, "group_account")
    assert set(groups["class"].to_pylist()) == set("ABCD")
    models = read(made.into, "device_model")
    brand = dict(zip(models["device_model_id"].to_pylist(), models["brand"].to_pylist(), strict=True))
    is_5g = history.column("device_5g").astype(bool)
    together = for_4g = 0
    for group in groups.filter(pc.is_in(groups["class"], pa.array(["A", "B"])))["group_id"].to_pylist():
        member = history.column("group_id") == group
        brands = [brand[model] for model in history.column("device_model_id")[member] if model]
        age = (history.last_day - history.column("device_since")[member]) / 30.44
        largest = max(np.unique(brands, return_counts=True)[1]) / len(brands)
        alike = largest > 0.6 and 20 < np.nanmean(age) < 28
        together += alike
        # What they bought together two years ago they bought for 4G plans.
        for_4g += alike and bool(is_5g[member].mean() < 0.5)
    assert together > 0
    assert for_4g == together


def test_each_group_has_its_roles_and_its_months(made: Made, history: History) -> None:
    for role in ("member", "contact", "key_person", "leader"):
        assert (history.column("group_role") == role).sum() > 10, role
    months = pq.read_table(made.into / "data" / "group_month.parquet")
    assert months.num_rows == 14 * read(made.into, "group_account").num_rows


def test_gifted_credit_spares_newcomers_the_recharge(history: History) -> None:
    """Who joined in the last two months lives on the gift; who joined four months ago pays."""
    joined = history.column("join_date")
    fresh, later = joined > history.last_day - 31, (joined < history.last_day - 122) & (joined > history.last_day - 153)
    recharged = history.column("recharge_count") > 0
    assert recharged[fresh].mean() < 0.5 * recharged[later].mean()
