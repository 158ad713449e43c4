"""What kind of line each subscription is: brand, payment, product class, flags, cards, family account."""

from __future__ import annotations

import numpy as np

from basekeep.synth.codes import (
    CAMPUS_CLASS,
    DATA_ONLY,
    EASYOWN,
    ENTERPRISE_CLASS,
    GOTONE,
    NONE,
    POSTPAID,
    PREPAID,
)
from basekeep.synth.draws import Array, Draws, pick
from basekeep.synth.homes import Homes

_SPECIAL_LINES = 0.06  # share of lines of one of the product classes
_PRODUCT_WEIGHTS = (4, 5, 4, 5, 6, 6, 6, 9, 5, 4, 7, 7, 4, 6, 7)


def make_lines(homes: Homes, people: dict[str, Array], months_before: int, seed: int) -> dict[str, Array]:
    """The line columns of `People`; `months_before` is the month number of the first month."""
    draws = Draws(seed, len(homes.branch))
    tenure_years = (months_before - people["join_number"]) / 12
    migrant, hopper, student = people["migrant"], people["hopper"], people["customer_class"] == CAMPUS_CLASS
    # Hoppers and migrant workers hold lines worth less; fusion is for those who are settled.
    value = draws.normal("lines.value") - 0.45 * migrant - 0.4 * student - 0.35 * hopper + 0.25 * (tenure_years > 3)
    brand = _brand(value, migrant, student, hopper, draws)
    settled = value - 0.8 * (migrant | student | hopper) + 0.3 * (homes.size > 1)
    account = (homes.size > 1) & _by_household(homes, draws, "lines.account", 0.36)
    product = np.where(
        draws.chance("lines.special", _SPECIAL_LINES), draws.pick("lines.product", _PRODUCT_WEIGHTS), NONE
    )
    return {
        "value": value.astype(np.float32),
        "brand": brand,
        "payment": _payment(brand, tenure_years, people, draws),
        "product": np.where(hopper, NONE, product).astype(np.int8),
        "is_main": ~draws.chance("lines.second_card", np.where(homes.place > 0, 0.25, 0.08)),
        "secondary": draws.pick("lines.secondary", (60, 24, 12, 4)),
        "fusion": (1 + np.digitize(settled + 0.6 * draws.normal("lines.fusion"), (-0.15, 1.05))).astype(np.int8),
        "broadband": draws.chance("lines.broadband", np.where(settled > 0, 0.16, 0.06)),
        "family_account": np.where(account, homes.household, NONE).astype(np.int32),
        "directed": draws.chance("lines.directed", np.where(migrant, 0.62, 0.06)),
        **_flags(draws),
    }


def data_only(product: Array) -> Array:
    """Lines that carry no calls."""
    return np.isin(product, DATA_ONLY)


def _brand(value: Array, migrant: Array, student: Array, hopper: Array, draws: Draws) -> Array:
    uniform = draws.uniform("lines.brand")
    low, middle, high = pick(uniform, (8, 30, 62)), pick(uniform, (25, 28, 47)), pick(uniform, (62, 15, 23))
    brand = np.select([value < -0.3, value < 0.8], [low, middle], high)
    brand = np.where(migrant, pick(uniform, (3, 9, 88)), np.where(student, pick(uniform, (2, 88, 10)), brand))
    return np.where(hopper & (brand == GOTONE), EASYOWN, brand).astype(np.int8)


def _payment(brand: Array, tenure_years: Array, people: dict[str, Array], draws: Draws) -> Array:
    """The long-standing pay afterwards by direct debit and keep about a month in the account."""
    share = (
        0.08
        + 0.22 * (brand == GOTONE)
        + 0.25 * (tenure_years >= 3)
        + 0.3 * (people["customer_class"] == ENTERPRISE_CLASS)
    )
    return np.where(draws.chance("lines.payment", share), POSTPAID, PREPAID).astype(np.int8)


def _by_household(homes: Homes, draws: Draws, name: str, share: float) -> Array:
    """One draw for each household, the same for all its members."""
    result: Array = draws.uniform(name)[homes.household % draws.size] < share
    return result


def _flags(draws: Draws) -> dict[str, Array]:
    return {
        "is_staff": draws.chance("lines.staff", 0.007),
        "is_fake": draws.chance("lines.fake", 0.006),
        "red_list": draws.chance("lines.red", 0.005),
        "black_list": draws.chance("lines.black", 0.004),
    }
