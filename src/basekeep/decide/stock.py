"""What each city has in stock of each device model, and which models an offer may give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.contract.tables import DEVICE_MODEL, DEVICE_STOCK
from basekeep.decide.base import Int
from basekeep.decide.levers import Levers
from basekeep.decide.places import Places
from basekeep.engines.protocol import Session
from basekeep.playbook.offers import Device
from basekeep.run.plan import Plan
from basekeep.run.stored import stored_rows


@dataclass(frozen=True)
class Model:
    """What is known of a model; the price in yuan × 10,000."""

    is_5g: bool | None = None
    price: int | None = None

    def fits(self, device: Device) -> bool:
        """Whether it is what an offer that names no models asks for; what is not known does not fit."""
        if device.is_5g is not None and self.is_5g is not device.is_5g:
            return False
        if device.least_yuan is None and device.most_yuan is None:
            return True
        if self.price is None:
            return False
        least, most = device.least_yuan or 0, device.most_yuan
        return least * NUMBER_SCALE <= self.price and (most is None or self.price <= most * NUMBER_SCALE)


@dataclass(frozen=True)
class Stock:
    """Devices in stock.

    Attributes:
        models: ids, in ascending order, of the models that some city has.
        known: of each what is known.
        cities: the cities that have any, as places.
        available: models × cities, in devices.
    """

    models: tuple[str, ...]
    known: tuple[Model, ...]
    cities: Int
    available: npt.NDArray[np.int64]

    def fitting(self, device: Device) -> Int:
        """The models that an offer may give."""
        if device.models:
            fits = [model in device.models for model in self.models]
        else:
            fits = [known.fits(device) for known in self.known]
        return np.flatnonzero(np.array(fits, bool)).astype(np.int32)


@dataclass(frozen=True)
class StoredStock:
    """What is stored: by model and unit how many are there, and what is known of models."""

    rows: tuple[tuple[str, str, int], ...] = ()
    known: Mapping[str, Model] = field(default_factory=dict)


def stored_stock(plan: Plan, session: Session) -> StoredStock:
    """What is stored; none where no stock is."""
    rows = session.rows(
        f"SELECT s.device_model_id, s.unit_id, s.available, d.is_5g, d.price FROM {stored_rows(plan, DEVICE_STOCK.name)} s "
        f"LEFT JOIN {stored_rows(plan, DEVICE_MODEL.name)} d ON s.device_model_id = d.device_model_id "
        "WHERE s.available > 0 ORDER BY 1, 2"
    )
    known = {model: Model(is_5g, price) for model, _, _, is_5g, price in rows}
    return StoredStock(tuple((model, unit, many) for model, unit, many, _, _ in rows), known)


def stock_of(rows: Iterable[tuple[str, str, int]], known: Mapping[str, Model], places: Places, levers: Levers) -> Stock:
    """The stock of each city, with the lever `stock`: its own with that of all units in it. What lies in no city can be given to nobody.

    Args:
        rows: model, unit and how many are there.
        known: what is known of models.
    """
    found: dict[tuple[str, int], int] = {}
    for model, unit, many in rows:
        place = places.of(unit)
        city = int(places.above["city"][place]) if place >= 0 else -1
        if city >= 0:
            found[model, city] = found.get((model, city), 0) + many
    changed = {key: max(int(levers.apply("stock", many)), 0) for key, many in found.items()}
    models = tuple(sorted({model for (model, _), many in changed.items() if many}))
    cities = sorted({city for (_, city), many in changed.items() if many})
    available = np.array([[changed.get((model, city), 0) for city in cities] for model in models], np.int64).reshape(
        len(models), len(cities)
    )
    return Stock(models, tuple(known.get(one, Model()) for one in models), np.array(cities, np.int32), available)


@dataclass(frozen=True)
class Handing:
    """Which model each subscriber of a city would be given: spread as the city's models are available.

    Attributes:
        model: cities × models that fit: places in the stock's models.
        upto: the same: up to which number each is drawn, counted on through all cities.
        before: of each city the number that its drawing begins with.
        total: of each city how many there are to draw.
        column: of each unit, by place, its column in the stock; -1 where it is no city that has any; one more, -1.
    """

    models: Int
    upto: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    total: npt.NDArray[np.int64]
    column: Int

    def drawn(self, city: Int, tie: npt.NDArray[np.uint64]) -> Int:
        """For subscribers of these cities (places, -1 where unknown) the model that the tie's hash draws; -1: none."""
        column = self.column[city]
        found = np.full(len(city), -1, np.int32)
        have = np.flatnonzero((column >= 0) & (self.total[column] > 0)) if len(self.total) else found[:0]
        at = column[have]
        number = self.before[at] + (tie[have] % self.total[at].astype(np.uint64)).astype(np.int64)
        slot = np.searchsorted(self.upto, number, side="right") % max(len(self.models), 1)
        found[have] = self.models[slot]
        return found


def handing(stock: Stock, device: Device, units: int) -> Handing:
    """How an offer's devices are handed out.

    Args:
        units: how many units the organisation has.
    """
    models = stock.fitting(device)
    by_city = stock.available[models].T
    total = by_city.sum(axis=1)
    column = np.full(units + 1, -1, np.int32)
    column[stock.cities] = np.arange(len(stock.cities))
    return Handing(models, np.cumsum(by_city.ravel()), np.cumsum(total) - total, total, column)
