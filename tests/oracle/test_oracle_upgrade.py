"""The oracle's attribute rules and its 4G → 5G space, exclusions and data use held against cases worked by hand."""

from datetime import date
from fractions import Fraction

import pytest

from .answer import Answer, answer
from .logic import Truth
from .tiny import OCTOBER, exact, subscriber, truth

FIT: dict[str, object] = {
    "is_billed": True,
    "is_main_card": True,
    "fusion": 2,
    "plan_actual_fee": exact("50.00")[0],
    "plan_family": "changxiang",
    "data_mb": exact("2048.01")[0],
    "plan_generation": 4,
    "upgrade_pack": False,
    "product_class": None,
}


def told(**columns: object) -> Answer:
    return answer(subscriber(**columns), OCTOBER)


@pytest.mark.parametrize(
    ("account", "broadband", "expected"),
    [("F1", None, True), (None, True, True), (None, False, False), (None, None, None)],
)
def test_a_family_is_registered(account: str | None, broadband: bool | None, expected: Truth) -> None:
    assert truth("family.registered", family_account_id=account, broadband=broadband) is expected


def test_an_empty_group_is_none_but_a_missing_column_is_unknown() -> None:
    assert truth("group_member.in_group", group_id=None) is False
    assert truth("group_member.in_group", group_id="G1") is True
    assert truth("group_member.in_group") is None


@pytest.mark.parametrize(
    ("role", "expected"), [("leader", True), ("key_person", True), ("contact", False), (None, False)]
)
def test_key_roles(role: str | None, expected: bool) -> None:
    assert truth("vip.key_role", group_role=role) is expected


@pytest.mark.parametrize(
    ("region", "kind", "expected"),
    [
        ("other_province", "work_site", True),
        ("other_province", "residential", False),
        ("other_city", None, False),
        ("other_province", None, None),
    ],
)
def test_lodging(region: str, kind: str | None, expected: Truth) -> None:
    assert truth("migrant.lodging", id_region=region, home_cell_kind=kind) is expected


def test_attributes_are_those_of_this_month() -> None:
    assert truth("campus.campus_class", customer_class=["public", "campus"]) is False
    assert truth("campus.campus_class", customer_class=[None, "campus"]) is None


def test_a_segment_holds_where_one_of_its_rules_does() -> None:
    found = told(id_region="other_province", home_cell_kind="factory")
    assert found.rules["migrant", "roamer"]["A"] is None
    assert found.segment("migrant")["A"] is True


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"data_mb": exact("2048.00")[0]}, False),
        ({"plan_family": "lexiang", "data_mb": exact("1024.01")[0]}, True),
        ({"plan_family": "lexiang", "data_mb": exact("1024.00")[0]}, False),
        ({"plan_family": "feiyang"}, False),
        ({"plan_family": "feiyang", "data_mb": None}, False),
        ({"plan_family": None}, None),
        ({"plan_actual_fee": exact("49.99")[0]}, False),
        ({"fusion": 1}, False),
        ({"fusion": 3}, True),
        ({"is_billed": False}, False),
        ({"is_main_card": None}, None),
        ({"plan_generation": 5}, False),
        ({"upgrade_pack": True}, False),
        ({"upgrade_pack": None}, None),
        ({"upgrade_pack": None, "plan_generation": 5}, False),
        ({"status": "suspended"}, False),
        ({"join_date": date(2025, 9, 30)}, True),
        ({"join_date": date(2025, 10, 1)}, False),
    ],
)
def test_the_activity_space(changed: dict[str, object], expected: Truth) -> None:
    assert told(**{**FIT, **changed}).in_space["A"] is expected


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, []),
        ({"product_class": "iot", "is_staff": True}, ["staff", "iot"]),
        ({"product_class": "school_bus", "is_fake": None}, []),
        ({"red_list": True, "black_list": False}, ["red_list"]),
    ],
)
def test_exclusions_are_counted_each_by_itself(changed: dict[str, object], names: list[str]) -> None:
    found = told(**{**FIT, **changed})
    assert [name for name, who in found.exclusions.items() if who["A"]] == names
    assert found.targets == (set() if names else {"A"})


def test_outside_the_space_nobody_is_a_target_but_exclusions_are_still_told() -> None:
    found = told(**{**FIT, "fusion": None, "product_class": "data_card"})
    assert found.in_space["A"] is None
    assert found.exclusions["data_card"]["A"] is True
    assert found.targets == set()


@pytest.mark.parametrize(
    ("used", "included", "days", "saturation", "saturated", "suppressed"),
    [
        ("9216.00", "10240.00", 3, Fraction(9, 10), True, True),
        ("9215.99", "10240.00", 2, Fraction(921599, 1024000), False, False),
        ("1.00", "0.00", None, None, None, None),
    ],
)
def test_data_use(
    used: str, included: str, days: int | None, saturation: Fraction | None, saturated: Truth, suppressed: Truth
) -> None:
    use = told(data_mb=exact(used), data_included_mb=exact(included), throttled_days=days).data_use["A"]
    assert (use.saturation, use.saturated, use.suppressed) == (saturation, saturated, suppressed)
