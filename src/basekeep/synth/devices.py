"""Phone models by brand, tier and year, what a customer buys when, and the stock of the cities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from basekeep.contract.tables import DEVICE_MODEL, DEVICE_STOCK
from basekeep.synth import arrow
from basekeep.synth.draws import Array, Draws, pick
from basekeep.synth.timeline import day_number

BRANDS = ("Huawei", "Honor", "Xiaomi", "OPPO", "vivo", "ZTE", "OnePlus", "Apple", "Samsung")
_DOMESTIC = np.array([True] * 7 + [False] * 2)
_TIERS = (("畅", 999), ("Plus", 2299), ("Pro", 4999))
_YEARS = 8
# Weights of the brands in each tier: makers at home share the lower two, abroad the upper one.
_SHARE_OF_BRAND = (
    (14, 14, 24, 18, 18, 10, 2, 0, 0), (18, 14, 18, 17, 17, 2, 5, 6, 3), (30, 6, 9, 7, 7, 0, 3, 34, 4),
)  # fmt: skip


@dataclass(frozen=True)
class Devices:
    """All models, ordered by brand, tier and launch year; days since 1970."""

    brand: Array
    tier: Array
    launched: Array
    is_5g: Array
    price: Array
    first_year: int


def make_devices(last_year: int, seed: int) -> Devices:
    """Models of the last eight years; 5G comes to the dear ones first."""
    size = len(BRANDS) * len(_TIERS) * _YEARS
    numbers = np.arange(size)
    tier, year = numbers // _YEARS % len(_TIERS), numbers % _YEARS
    day_of_year = Draws(seed, size).whole("devices.launched", 0, 300)
    starts = np.array([day_number(date(last_year - _YEARS + 1 + y, 1, 1)) for y in range(_YEARS)])
    prices = np.array([price for _, price in _TIERS])[tier] + 100 * Draws(seed, size).whole("devices.price", -4, 8)
    return Devices(
        brand=(numbers // (_YEARS * len(_TIERS))).astype(np.int8),
        tier=tier.astype(np.int8),
        launched=(starts[year] + day_of_year).astype(np.int32),
        is_5g=year >= np.array([5, 3, 2])[tier],
        price=prices,
        first_year=last_year - _YEARS + 1,
    )


def bought(devices: Devices, day: Array, value: Array, choice: Array) -> Array:
    """The model bought on a day, by the buyer's value (standard normal) and a uniform choice of brand."""
    tier = np.digitize(value, (-0.1, 0.9)).astype(np.int8)
    brand = np.select([tier == t for t in range(3)], [pick(choice, _SHARE_OF_BRAND[t]) for t in range(3)])
    year = np.clip((day / 365.2425).astype(np.int32) + 1970 - devices.first_year, 0, _YEARS - 1)
    model = (brand * len(_TIERS) + tier) * _YEARS + year
    # Not on the market yet: last year's model.
    early = (devices.launched[model] > day) & (year > 0)
    return np.asarray(model - early, dtype=np.int16)


def for_4g(devices: Devices, model: Array) -> Array:
    """The latest model of the same brand and tier that is not for 5G and no newer: what is bought for a 4G plan."""
    numbers = np.arange(len(devices.brand))
    earlier = numbers.copy()
    for _ in range(_YEARS - 1):
        earlier -= devices.is_5g[earlier] & (earlier % _YEARS > 0)
    return np.asarray(earlier[model], dtype=np.int16)


def model_ids(devices: Devices) -> pa.Array:
    """The model ids as a dictionary for codes."""
    return arrow.identifier("D", np.arange(len(devices.brand)), 4)


def device_model_batch(devices: Devices) -> pa.RecordBatch:
    """The `device_model` table."""
    years = devices.first_year + np.arange(len(devices.brand)) % _YEARS
    names = [
        f"{BRANDS[b]} {_TIERS[t][0]}{y % 100:02d}{' 5G' if g else ''}"
        for b, t, y, g in zip(devices.brand, devices.tier, years, devices.is_5g, strict=True)
    ]
    return arrow.batch_of(
        DEVICE_MODEL,
        {
            "device_model_id": model_ids(devices),
            "brand": arrow.label(devices.brand, BRANDS),
            "name": pa.array(names),
            "is_5g": arrow.flag(devices.is_5g),
            "domestic": arrow.flag(_DOMESTIC[devices.brand]),
            "price": arrow.number(devices.price * 100),
            "launched": arrow.day(devices.launched),
        },
    )


def device_stock_batch(devices: Devices, city_ids: tuple[str, ...], seed: int) -> pa.RecordBatch:
    """The `device_stock` table: 5G models of the last years in every city, some sold out."""
    offered = np.flatnonzero(devices.is_5g & (np.arange(len(devices.brand)) % _YEARS >= _YEARS - 3))
    model, city = np.repeat(offered, len(city_ids)), np.tile(np.arange(len(city_ids)), len(offered))
    draws = Draws(seed, len(model))
    available = np.where(draws.chance("stock.none", 0.12), 0, draws.lognormal("stock.available", 60, 0.9))
    return arrow.batch_of(
        DEVICE_STOCK,
        {
            "device_model_id": model_ids(devices).take(pa.array(model)),
            "unit_id": pa.array(city_ids).take(pa.array(city)),
            "available": arrow.whole(np.rint(available)),
        },
    )
