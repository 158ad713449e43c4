"""The oracle's rules of behaviour held against cases worked out by hand. Month end is 31 October 2025."""

from datetime import date, timedelta

import pytest

from .logic import Truth
from .tiny import MONTH_END, exact, subscriber, truth

Pair = tuple[str, str]
SPARED: dict[str, object] = {"arpu": exact("40.00", "40.00", "40.00"), "bound_until": None}


@pytest.mark.parametrize(
    ("joined", "truths"),
    [
        (date(2025, 9, 1), (False, False, False)),
        (date(2025, 8, 31), (True, False, False)),
        (date(2025, 6, 1), (True, False, False)),
        (date(2025, 5, 31), (False, False, False)),
        (date(2024, 10, 31), (False, True, False)),
        (date(2023, 11, 1), (False, True, False)),
        (date(2023, 10, 31), (False, False, True)),
        (None, (None, None, None)),
    ],
)
def test_tenure(joined: date | None, truths: tuple[Truth, ...]) -> None:
    rules = ("new_recharge.month_3_to_5", "tenured_care.one_year", "tenured_care.two_years")
    assert tuple(truth(rule, join_date=joined) for rule in rules) == truths


@pytest.mark.parametrize(
    ("arpu", "expected"),
    [
        # 63 + 63 + 100.01 + 99.99 + 101.50 + 112.50 = 540.00; mean 90.00; 70% of it 63.00.
        (["63.00", "63.00", "100.01", "99.99", "101.50", "112.50"], True),
        # The sum is 540.02 and 70% of its mean 63.0023…, below 63.01.
        (["63.01", "63.01", "100.01", "99.99", "101.50", "112.50"], False),
        (["63.01", "62.99", "100.01", "99.99", "101.50", "112.50"], False),
        (["62.99", "63.01", "100.01", "99.99", "101.50", "112.50"], False),
        # 10 + 20 + 30 + 31 + 32 + 48.43 = 171.43; 70% of the mean is 20.0001…: m0 and m1 both by this one mean.
        (["10.00", "20.00", "30.00", "31.00", "32.00", "48.43"], True),
        (["0.00", "0.00", "0.00", "0.00", "0.00", "0.00"], False),
        (["1.00", "1.00", "?", "90.00", "90.00", "90.00"], None),
        (["1.00", "1.00", "90.00", "90.00", "90.00"], None),
    ],
)
def test_arpu_drop_at_seventy_percent_of_the_half_year(arpu: list[str], expected: Truth) -> None:
    assert truth("downgrade_warning.arpu_drop", arpu=exact(*arpu)) is expected


def test_arpu_counts_as_it_stands_whatever_the_status_was() -> None:
    arpu = exact("63.00", "63.00", "100.01", "99.99", "101.50", "112.50")
    status = ["active", "cancelled", "suspended", "cancelled", "active", "active"]
    assert truth("downgrade_warning.arpu_drop", arpu=arpu, status=status) is True


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, False), (0, False), (1, True), (30, True), (31, False), (None, False)]
)
@pytest.mark.parametrize(
    ("rule", "column"),
    [("downgrade_warning.vas_expiring", "vas_until"), ("churn_warning.plan_expiring", "bound_until")],
)
def test_ends_within_thirty_days(rule: str, column: str, days: int | None, expected: Truth) -> None:
    until = None if days is None else MONTH_END + timedelta(days=days)
    assert truth(rule, **{column: until}) is expected
    assert truth(rule) is None


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        # B's mean is 100.00. Own 50.00: mean of the two 75.00, half of it 37.50.
        (("50.00", "50.00", "50.00"), False),
        # Own x is below (x + 100) / 4 where x < 33.333…: 100.00 over three months is exactly there, 99.99 below.
        (("33.33", "33.33", "33.34"), False),
        (("33.33", "33.33", "33.33"), True),
        (("0.00", "?", "0.00"), None),
    ],
)
def test_low_usage_against_the_known_values_of_the_base(own: tuple[str, ...], expected: Truth) -> None:
    nothing_in = exact("0.00", "0.00", "0.00")
    other = subscriber("B", mou_out=exact("10.00", "190.00", "100.00"), mou_in=nothing_in)
    unknown = subscriber("C", mou_out=exact("9999.00"), mou_in=exact("0.00"))
    cancelled = subscriber("D", status="cancelled", mou_out=exact("9.00", "9.00", "9.00"), mou_in=nothing_in)
    rows = other + unknown + cancelled
    assert truth("low_usage.mou_below_half", rows, mou_out=exact(*own), mou_in=nothing_in) is expected


@pytest.mark.parametrize(
    ("amounts", "counts", "alerts", "expected"),
    [
        (("20.00", "0.00", "70.00"), [1, 0, 2], [1, 1, 1], True),
        (("20.01", "0.00", "70.00"), [1, 0, 2], [1, 1, 1], False),
        (("20.00", "0.00", "70.00"), [1, 0, 2], [1, 1, 0], False),
        (("0.00", "0.00", "0.00"), [0, 0, 0], [1, 1, 1], None),
        (("0.00", "0.00", "0.00"), [0, 0, 0], [0, 0, 0], False),
        (("20.00", "?", "70.00"), [1, 0, 2], [1, 1, 1], None),
    ],
)
def test_small_recharges(amounts: tuple[str, ...], counts: list[int], alerts: list[int], expected: Truth) -> None:
    columns = {"recharge_amount": exact(*amounts), "recharge_count": counts, "low_balance_alerts": alerts}
    assert truth("tariff_sensitive.small_recharges", **columns) is expected


ABOVE, AT_LIMIT = ("70.01", "30.00"), ("70.00", "30.00")
NO_MINUTES, UNKNOWN = ("0.00", "0.00"), ("?", "0.00")


@pytest.mark.parametrize(
    ("now", "last_year", "expected"),
    [
        # (incoming, outgoing) of m0, m1 and of m12, m13. 70.01 of 100.01 is above 70%; 70.00 of 100.00 is not.
        ((ABOVE, ABOVE), (UNKNOWN, UNKNOWN), True),
        ((ABOVE, AT_LIMIT), (UNKNOWN, UNKNOWN), None),
        ((AT_LIMIT, ABOVE), (UNKNOWN, UNKNOWN), None),
        ((ABOVE, AT_LIMIT), (NO_MINUTES, NO_MINUTES), False),
        # 200.00 now is 70% of 285.71…: of 285.72 it is not more than 70% (200.004), of 285.71 it is (199.997).
        ((AT_LIMIT, AT_LIMIT), (("285.72", "0.00"), NO_MINUTES), True),
        ((AT_LIMIT, AT_LIMIT), (("285.71", "0.00"), NO_MINUTES), False),
        # 50.00 + 20.00 = 70% of 60.01 + 39.99, exactly; and one hundredth more.
        ((("0.00", "50.00"), ("0.00", "20.00")), (("60.01", "0.00"), ("0.00", "39.99")), True),
        ((("0.00", "50.00"), ("0.00", "20.01")), (("60.01", "0.00"), ("0.00", "39.99")), False),
        # Nobody called: the share is unknown. Against a year ago it is a fall, against nothing it stays unknown.
        ((NO_MINUTES, NO_MINUTES), (("60.01", "0.00"), NO_MINUTES), True),
        ((NO_MINUTES, NO_MINUTES), (NO_MINUTES, NO_MINUTES), None),
    ],
)
def test_dual_sim(now: tuple[Pair, Pair], last_year: tuple[Pair, Pair], expected: Truth) -> None:
    months = [*now, *[("9.00", "9.00")] * 10, *last_year]
    columns = {"mou_in": exact(*(came for came, _ in months)), "mou_out": exact(*(out for _, out in months))}
    assert truth("downgrade_warning.dual_sim", **columns) is expected
    assert truth("churn_warning.dual_sim", **columns) is expected


@pytest.mark.parametrize(
    ("balances", "expected"),
    [
        (("49.99", "50.00", "50.01"), True),
        (("50.00", "50.01", "50.02"), False),
        (("49.99", "49.99", "50.01"), False),
        (("49.99", "50.00", "50.00"), False),
        (("49.99", "50.00", "?"), None),
        (("50.00", "?", "?"), False),
    ],
)
def test_balance_falling(balances: tuple[str, ...], expected: Truth) -> None:
    assert truth("churn_warning.balance_falling", balance=exact(*balances), **SPARED) is expected


@pytest.mark.parametrize(
    ("arpu", "bound_until", "expected"),
    [
        (("29.99", "30.00", "30.01"), MONTH_END, True),
        (("29.98", "30.00", "30.01"), None, False),
        (("0.00", "90.00", "90.00"), None, True),
        (("0.01", "90.00", "90.00"), None, False),
        (("?", "90.00", "90.00"), None, None),
        (("30.00", "30.00", "30.00"), MONTH_END + timedelta(days=1), False),
    ],
)
def test_the_guard_is_30_to_60_and_unbound(arpu: tuple[str, ...], bound_until: date | None, expected: Truth) -> None:
    columns = {"number_changes_12m": 2, "arpu": exact(*arpu), "bound_until": bound_until}
    assert truth("churn_warning.number_hopper", **columns) is expected


def test_without_the_column_nobody_is_known_to_be_unbound() -> None:
    assert truth("churn_warning.number_hopper", number_changes_12m=2, arpu=SPARED["arpu"]) is None


@pytest.mark.parametrize(("share", "expected"), [("0.5000", False), ("0.5001", True)])
def test_offnet_circle_is_above_half(share: str, expected: bool) -> None:
    assert truth("churn_warning.offnet_circle", offnet_contact_share=exact(share, "?", "?"), **SPARED) is expected
