"""When subscribers joined and who holds the certificate: join dates, births, classes and numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from basekeep.synth.codes import (
    CAMPUS_CLASS,
    ENTERPRISE,
    ENTERPRISE_CLASS,
    LOCAL,
    OTHER_CITY,
    OTHER_PROVINCE,
    PERSONAL,
    PUBLIC_CLASS,
    STUDENT,
)
from basekeep.synth.draws import Array, Draws, pick
from basekeep.synth.homes import MIGRANT, STUDENT_HOME, Homes
from basekeep.synth.timeline import MonthFrame, first_days

_OLDEST_TENURE_MONTHS = 216
_MONTHLY_STAYERS = 0.982  # the founders' tenures thin out by this from month to month
_YOUNGEST_DAYS = 3653  # nobody has a line before the tenth birthday
_HOPPERS_AT_START, _HOPPERS_AMONG_NEWCOMERS = 0.034, 0.07
# An odd number not divisible by 5 runs through all nine-digit numbers before it meets one again.
_SPREAD, _CODES = 387_420_489, 1_000_000_000


def make_identity(homes: Homes, newcomers: Sequence[int], months: Sequence[MonthFrame], seed: int) -> dict[str, Array]:
    """The identity columns of `People`."""
    size = len(homes.branch)
    draws = Draws(seed, size)
    cohort = _cohorts(size, newcomers)
    certificates = _certificates(homes, draws)
    hopper = _hoppers(certificates, cohort, draws)
    tenure = np.where(hopper, draws.whole("identity.hopper_tenure", 1, 5), _tenure_months(draws))
    number = np.where(cohort < 0, months[0].number - tenure, months[0].number + cohort).astype(np.int32)
    join_day = _day_in_month(number, draws.uniform("identity.join_day"))
    birth_day = np.minimum(_births(homes, draws, months[0]), join_day - _YOUNGEST_DAYS).astype(np.int32)
    numbers = np.arange(size, dtype=np.int64)
    return {
        "code": (numbers * _SPREAD + seed % _CODES) % _CODES,
        "customer": numbers.astype(np.int32),
        "cohort": cohort,
        "join_number": number,
        "join_day": join_day,
        "birth_day": birth_day,
        "birth_month": birth_day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32) % 12,
        "hopper": hopper,
        **certificates,
    }


def _hoppers(certificates: dict[str, Array], cohort: Array, draws: Draws) -> Array:
    """Ordinary customers who change their number every few months."""
    ordinary = ~certificates["migrant"] & (certificates["customer_class"] == PUBLIC_CLASS)
    share = np.where(cohort < 0, _HOPPERS_AT_START, _HOPPERS_AMONG_NEWCOMERS)
    result: Array = ordinary & (certificates["id_type"] == PERSONAL) & draws.chance("identity.hopper", share)
    return result


def _cohorts(size: int, newcomers: Sequence[int]) -> Array:
    cohort = np.full(size, -1, dtype=np.int16)
    at = size - sum(newcomers)
    for month, number in enumerate(newcomers):
        cohort[at : at + number] = month
        at += number
    return cohort


def _tenure_months(draws: Draws) -> Array:
    """Full calendar months since the founders joined, at least 1, thinning out with age."""
    least = _MONTHLY_STAYERS**_OLDEST_TENURE_MONTHS
    left = least + (1 - least) * draws.uniform("identity.tenure")
    months = np.ceil(np.log(left) / np.log(_MONTHLY_STAYERS))
    return np.asarray(np.clip(months, 1, _OLDEST_TENURE_MONTHS), dtype=np.int32)


def _day_in_month(number: Array, uniform: Array) -> Array:
    first = first_days(number)
    return (first + ((first_days(number + 1) - first) * uniform).astype(np.int32)).astype(np.int32)


def _births(homes: Homes, draws: Draws, month: MonthFrame) -> Array:
    """Two adults, then a grandparent or a child; migrant workers and students in their ages."""
    grown = 24 + 44 * draws.uniform("identity.age") ** 1.3
    young, old = 14 + 8 * draws.uniform("identity.young"), 60 + 24 * draws.uniform("identity.old") ** 1.5
    later = np.where(draws.chance("identity.elder", 0.5), old, young)
    alone_and_old = (homes.size == 1) & draws.chance("identity.alone", 0.12)
    age = np.where((homes.place >= 2) | alone_and_old, np.where(alone_and_old, old, later), grown)
    age = np.where(homes.kind == MIGRANT, 19 + 36 * draws.uniform("identity.migrant_age"), age)
    age = np.where(homes.kind == STUDENT_HOME, 18 + 6 * draws.uniform("identity.student_age"), age)
    return (month.last_day - (age * 365.2425)).astype(np.int32)


def _certificates(homes: Homes, draws: Draws) -> dict[str, Array]:
    student, migrant = homes.kind == STUDENT_HOME, homes.kind == MIGRANT
    enterprise = draws.chance("identity.enterprise", 0.05) & ~student & ~migrant
    region = pick(draws.uniform("identity.region"), (78, 15, 7))
    region = np.where(migrant, np.where(draws.chance("identity.near", 0.1), OTHER_CITY, OTHER_PROVINCE), region)
    region = np.where(student, pick(draws.uniform("identity.student_region"), (35, 40, 25)), region)
    has_student_card = student & draws.chance("identity.student_card", 0.8)
    id_type = np.select([enterprise, has_student_card], [ENTERPRISE, STUDENT], PERSONAL)
    return {
        "household": homes.household,
        "branch": homes.branch,
        "cell": homes.cell,
        "cell_kind": homes.cell_kind,
        "address": homes.address,
        "migrant": migrant,
        "id_type": id_type.astype(np.int8),
        "id_region": np.where(enterprise, LOCAL, region).astype(np.int8),
        "customer_class": np.select([enterprise, student], [ENTERPRISE_CLASS, CAMPUS_CLASS], PUBLIC_CLASS).astype(
            np.int8
        ),
    }
