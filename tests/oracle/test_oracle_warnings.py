"""The oracle's churn warnings held against cases worked out by hand. Month end is 31 October 2025."""

from datetime import date, timedelta

import pytest

from .logic import Truth
from .tiny import MONTH_END, exact, subscriber, truth


@pytest.mark.parametrize(
    ("january", "february", "brand", "expected"),
    [
        ("2.50", "2.50", "easyown", True),
        ("2.50", "2.49", "easyown", False),
        ("2.50", "2.50", "gotone", False),
        ("9.00", "?", "easyown", None),
        ("9.00", "?", "gotone", False),
        ("0.00", "0.00", None, False),
        ("9.00", "9.00", None, None),
    ],
)
def test_roaming_at_the_festival_is_added_over_its_two_months(
    january: str, february: str, brand: str | None, expected: Truth
) -> None:
    minutes = exact(*["100.00"] * 8, february, january)
    assert truth("migrant.roamer", roaming_min=minutes, brand=brand) is expected
    spared = {"arpu": exact(*["40.00"] * 10), "bound_until": None}
    assert truth("churn_warning.migrant_roamer", roaming_min=minutes, brand=brand, **spared) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"join_date": date(2025, 2, 28)}, False),
        ({"id_region": "other_city"}, False),
        ({"directed_long_distance": None}, None),
        ({"directed_long_distance": None, "brand": "mzone"}, False),
    ],
)
def test_a_newcomer_joined_after_the_festivals_last_month(changed: dict[str, object], expected: Truth) -> None:
    newcomer: dict[str, object] = {
        "join_date": date(2025, 3, 1),
        "brand": "easyown",
        "id_region": "other_province",
        "directed_long_distance": True,
        "arpu": exact("60.01", "60.00", "60.00"),
        "bound_until": None,
    }
    assert truth("migrant.newcomer", **{**newcomer, **changed}) is expected
    assert truth("churn_warning.migrant_newcomer", **{**newcomer, **changed}) is False


@pytest.mark.parametrize(
    ("hotline", "staff", "forwarded", "expected"),
    [(0, 0, False, False), (1, None, None, True), (0, 0, None, None), (None, 1, False, True), (0, 0, True, True)],
)
def test_any_contact_with_competitors(
    hotline: int | None, staff: int | None, forwarded: bool | None, expected: Truth
) -> None:
    columns = {"competitor_hotline_calls": hotline, "competitor_staff_calls": staff, "forwarded_offnet": forwarded}
    assert truth("churn_warning.competitor_contact", **columns) is expected


@pytest.mark.parametrize(
    ("balance", "arpu", "status", "expected"),
    [
        ("29.99", "60.00", "active", True),
        ("30.00", "60.00", "active", False),
        ("-1.00", "?", "active", True),
        ("29.99", "?", "active", None),
        ("29.99", "?", "suspended", False),
        ("-1.00", "60.00", "suspended", False),
    ],
)
def test_balance_short_is_for_the_active(balance: str, arpu: str, status: str, expected: Truth) -> None:
    columns = {"balance": exact(balance), "arpu": exact(arpu), "status": status}
    assert truth("churn_warning.balance_short", **columns) is expected


@pytest.mark.parametrize(
    ("payment", "days", "expected"),
    [
        ("postpaid", 7, True),
        ("postpaid", 8, False),
        ("postpaid", -60, True),
        ("postpaid", None, False),
        ("prepaid", 7, False),
        (None, 7, None),
        (None, 8, False),
    ],
)
def test_a_bill_is_due_within_seven_days_or_overdue(payment: str | None, days: int | None, expected: Truth) -> None:
    due = None if days is None else MONTH_END + timedelta(days=days)
    assert truth("churn_warning.bill_due", payment=payment, bill_due_date=due) is expected


@pytest.mark.parametrize(
    ("status", "payment", "balance", "expected"),
    [
        ("suspended", None, "?", True),
        ("active", "prepaid", "0.00", True),
        ("active", "prepaid", "0.01", False),
        ("active", "postpaid", "-9.00", False),
        ("active", None, "0.00", None),
        ("active", None, "0.01", False),
    ],
)
def test_stop_warning(status: str, payment: str | None, balance: str, expected: Truth) -> None:
    columns = {"status": status, "payment": payment, "balance": exact(balance)}
    assert truth("churn_warning.stop_warning", **columns) is expected


@pytest.mark.parametrize(
    ("arpu", "fee", "expected"),
    [
        # 1/3 + 1/2 + 2/3 over three months: the mean is 1/2, which is not above 50%.
        (("40.00", "60.00", "50.00"), ("30.00", "40.00", "30.00"), None),
        (("40.01", "60.00", "50.00"), ("30.00", "40.00", "30.00"), True),
        (("90.00", "90.00", "90.00"), ("30.00", "0.00", "30.00"), None),
    ],
)
def test_paying_over_the_plan_is_above_half(arpu: tuple[str, ...], fee: tuple[str, ...], expected: Truth) -> None:
    # Data is not known here, so a false first half leaves the rule unknown.
    assert truth("churn_warning.tariff_unhealthy", arpu=exact(*arpu), plan_fee=exact(*fee)) is expected


@pytest.mark.parametrize(
    ("used", "included", "expected"),
    [
        # 1/3 + 4/15 + 3/10 = 27/30: the mean is 3/10, which is not below 30%.
        (("100.00", "400.00", "30.00"), ("300.00", "1500.00", "100.00"), False),
        (("99.99", "400.00", "30.00"), ("300.00", "1500.00", "100.00"), True),
        (("0.00", "0.00", "0.00"), ("300.00", "0.00", "100.00"), None),
    ],
)
def test_data_little_used_is_below_thirty_percent(
    used: tuple[str, ...], included: tuple[str, ...], expected: Truth
) -> None:
    fair = {"arpu": exact(*["30.00"] * 3), "plan_fee": exact(*["30.00"] * 3)}
    columns = {"data_mb": exact(*used), "data_included_mb": exact(*included), **fair}
    assert truth("churn_warning.tariff_unhealthy", **columns) is expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([2, 9, 4], True),
        ([1, 9, 2], False),
        ([0, 9, 1], True),
        ([0, 9, 0], False),
        ([0, None, 1], True),
        ([0, 9, None], None),
        ([None, 9, 0], None),
    ],
)
def test_service_given_up_since_two_months(counts: list[int | None], expected: Truth) -> None:
    assert truth("churn_warning.service_unhealthy", vas_count=counts) is expected


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        # 9 + 10 + 11 = 30: the mean is 10 and 70% of it 7.
        ([7, 9, 10, 11], True),
        ([8, 9, 10, 11], False),
        ([0, 0, 0, 0], False),
        ([None, 0, 0, 0], False),
        ([7, 9, 10], None),
    ],
)
def test_a_circle_shrunk_to_seventy_percent(contacts: list[int | None], expected: Truth) -> None:
    assert truth("churn_warning.circle_unhealthy", contacts=contacts) is expected


@pytest.mark.parametrize(
    ("late", "expected"),
    [([1, 0, 0, 0, 0, 1], True), ([1, 0, 0, 0, 0, 0, 9], False), ([3, 3, 3, 3, 3], None)],
)
def test_late_payments_over_six_months(late: list[int], expected: Truth) -> None:
    assert truth("churn_warning.payment_unhealthy", late_payments=late) is expected


@pytest.mark.parametrize(
    ("own", "expected"),
    # 10, 20, 30, 90 and own: position 0.8 × 4 = 3.2. With own 50 it is 50 + 0.2 × 40 = 58, with own 90 it is 90,
    # with own 91 it is 90 + 0.2 × 1 = 90.2.
    [("50.00", False), ("90.00", False), ("91.00", True), ("?", None)],
)
def test_care_is_overdue_for_who_stands_above_the_80th_percentile(own: str, expected: Truth) -> None:
    others = [row for figure in ("10", "20", "30", "90") for row in subscriber(f"B{figure}", arpu=exact(figure))]
    untended = {"care_contacts": [0] * 6, "complaints": [0] * 6, "join_date": date(2025, 1, 1)}
    assert truth("churn_warning.care_overdue", others, arpu=exact(own, *["?"] * 5), **untended) is expected


@pytest.mark.parametrize(
    ("care", "complaints", "joined", "expected"),
    [
        ([0] * 6, [0, 0, 0, 9, 9, 9], date(2024, 10, 31), True),
        ([0, 0, 0, 0, 0, 1], [0, 0, 0, 9, 9, 9], date(2024, 10, 31), False),
        ([0, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0], date(2024, 10, 31), True),
        ([0, 0, 0, 0, None, 0], [0, 0, 0, 0, 0, 0], date(2024, 10, 31), None),
        ([0, 0, 0, 0, None, 0], [0, 0, 1, 0, 0, 0], date(2024, 10, 31), True),
    ],
)
def test_care_is_overdue_after_a_year_or_a_complaint(
    care: list[int | None], complaints: list[int], joined: date, expected: Truth
) -> None:
    columns = {"care_contacts": care, "complaints": complaints, "join_date": joined, "arpu": exact(*["9.00"] * 6)}
    assert truth("churn_warning.care_overdue", **columns) is expected
