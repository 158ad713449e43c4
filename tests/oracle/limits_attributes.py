"""One month's attributes: all brands, classes and flags, and dates exactly on a limit."""

from datetime import date, timedelta
from random import Random

from .calendar_months import latest_festival_months, month_end, months_before
from .upgrade import EXCLUSIONS, FLAG_OF_EXCLUSION

Cells = dict[str, object]
PRODUCT_CLASSES = [name for name in EXCLUSIONS if name not in FLAG_OF_EXCLUSION]


def joined(rng: Random, month: date) -> date:
    """Joining days: recent months' first and last days, anniversaries, festival ends and 28 or 29 February."""
    end, festival_end = month_end(month), month_end(latest_festival_months(month)[-1])
    if rng.random() < 0.2:
        first = months_before(month, rng.choice([0, 1, 2, 3, 4, 5]))
        return rng.choice([first, month_end(first)])
    around = rng.choice(
        [
            months_before(month, rng.choice([12, 24])) + timedelta(days=rng.choice([-1, 0, 1, 27])),
            month_end(months_before(month, rng.choice([11, 12, 23, 24]))),
            festival_end + timedelta(days=rng.choice([-1, 0, 0, 1, 1, 1])),
            date(rng.choice([2016, 2020, 2024]), 2, rng.choice([28, 29])),
            date(rng.choice([2021, 2022, 2023]), 2, 28),
            *[date(rng.randint(2010, 2021), rng.randint(1, 12), rng.randint(1, 28)) for _ in range(4)],
        ]
    )
    return min(around, end)


def attributes(rng: Random, month: date) -> Cells:
    """All columns of a month but its key, status, join date and measures."""
    cells = {**_person(rng), **_product(rng), **_group_and_home(rng), **_dates(rng, month)}
    if rng.random() < 0.6:
        cells.update(_fit_for_5g(rng))
    if rng.random() < 0.4:
        cells.update(_migrant(rng))
    return cells


def _person(rng: Random) -> Cells:
    return {
        "birth_date": date(rng.randint(1940, 2010), rng.randint(1, 12), rng.randint(1, 28)),
        "id_type": rng.choice(["personal", "personal", "enterprise", "student"]),
        "id_region": rng.choice(["local", "other_city", "other_province"]),
        "customer_class": rng.choice(["public", "public", "enterprise", "campus"]),
        "brand": rng.choice(["gotone", "mzone", "easyown", "and_family"]),
        "payment": rng.choice(["prepaid", "postpaid"]),
        "directed_long_distance": rng.random() < 0.5,
        "forwarded_offnet": rng.random() < 0.2,
        "ported_out": False,
    }


def _product(rng: Random) -> Cells:
    family = rng.choice(["changxiang", "lexiang", "feiyang"])
    return {
        "plan_id": f"{family}_{rng.choice([59, 99, 129])}",
        "plan_family": family,
        "plan_generation": rng.choice([2, 3, 4, 5]),
        "plan_actual_fee": rng.choice([0, 4999, 5000, 5001]),
        "upgrade_pack": rng.random() < 0.3,
        "product_class": rng.choice([*PRODUCT_CLASSES, "school_bus", *[None] * 40]),
        "is_staff": rng.random() < 0.04,
        "is_fake": rng.random() < 0.04,
        "red_list": rng.random() < 0.04,
        "black_list": rng.random() < 0.04,
        "is_main_card": rng.random() < 0.8,
        "is_billed": rng.random() < 0.8,
        "fusion": rng.choice([1, 2, 3]),
        "secondary_cards": rng.randint(0, 3),
        "broadband": rng.random() < 0.3,
    }


def _group_and_home(rng: Random) -> Cells:
    group = rng.choice([None, None, "G01", "G02"])
    return {
        "family_account_id": rng.choice([None, None, "F01"]),
        "group_id": group,
        "group_role": rng.choice(["member", "contact", "key_person", "leader", None]) if group else None,
        "vnet_member": group is not None and rng.random() < 0.5,
        "device_model_id": rng.choice(["D01", "D02", "D03"]),
        "device_5g": rng.random() < 0.4,
        "home_cell_id": f"C{rng.randint(1, 30):03d}",
        "home_cell_kind": rng.choice(["residential", "work_site", "factory", "dormitory", "campus", "market"]),
        "address_id": f"A{rng.randint(1, 99):03d}",
    }


def _dates(rng: Random, month: date) -> Cells:
    end = month_end(month)

    def near_end(days: list[int]) -> date | None:
        chosen = rng.choice([*days, None])
        return None if chosen is None else end + timedelta(days=chosen)

    return {
        "bound_until": near_end([-30, 0, 0, 1, 30, 31, 200]) if rng.random() < 0.7 else None,
        "vas_until": near_end([-1, 0, 1, 30, 30, 31]),
        "bill_due_date": near_end([-40, 0, 6, 7, 7, 8]),
        "device_since": month - timedelta(days=rng.randint(30 * 14, 1500)),
    }


def _fit_for_5g(rng: Random) -> Cells:
    """In the activity space but for at most one thing, which the measures of data add to."""
    fit: Cells = {
        "is_billed": True,
        "is_main_card": True,
        "fusion": rng.choice([2, 3]),
        "plan_actual_fee": rng.choice([5000, 5001, 9900]),
        "plan_family": rng.choice(["changxiang", "lexiang"]),
        "plan_generation": 4,
        "upgrade_pack": False,
    }
    if rng.random() < 0.3:
        del fit[rng.choice(list(fit))]
    return fit


def _migrant(rng: Random) -> Cells:
    return {
        "brand": "easyown",
        "id_region": "other_province",
        "directed_long_distance": rng.random() < 0.8,
        "bound_until": None,
    }
