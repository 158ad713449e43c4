"""The wide history as relations see it: a table without rows, with the columns that terms want."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import ibis

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.sql_text import sql_literal
from basekeep.playbook.declarations import Parameter
from basekeep.playbook.joined import JOINED, joined_by
from basekeep.relations.exact import Exact, Whole
from basekeep.relations.needs import Wanted
from basekeep.relations.sql import stored_type

TABLE = "history"
BASE_STATUSES = ("active", "suspended")
# Whether the subscriber belongs to a physical family, which one, and of how many; there in a run that found families.
FAMILY = "in_family"
FAMILY_MARKS = {FAMILY: "boolean", "family_id": "string", "family_size": "int32"}
# What every run needs, whatever the playbook says.
ALWAYS: tuple[Wanted, ...] = (("status", 0), ("join_date", 0), ("branch_id", 0))


@dataclass(frozen=True)
class UnitParameters:
    """Parameters that an overlay sets apart: each with a common denominator, by unit."""

    bottoms: Mapping[str, int]
    tops: Mapping[str, Mapping[str, int]]

    @staticmethod
    def of(parameters: Mapping[str, Parameter], overlays: Mapping[str, Mapping[str, Fraction]]) -> UnitParameters:
        """The parameters that any overlay names; `tops` is unit → parameter → numerator."""
        named = {name for overlay in overlays.values() for name in overlay}
        bottoms = {
            name: lcm(*(o[name].denominator for o in overlays.values() if name in o), p.value.denominator)
            for name, p in parameters.items()
            if name in named
        }
        tops = {
            unit: {name: int(overlay.get(name, parameters[name].value) * bottom) for name, bottom in bottoms.items()}
            for unit, overlay in overlays.items()
        }
        return UnitParameters(bottoms, tops)


def history_table(
    wanted: Iterable[Wanted], keys: Iterable[str], unit_parameters: Collection[str], extra: Mapping[str, str]
) -> Any:
    """The table: wanted columns, presence marks of columns that may be none, what is found through other tables by `keys`, unit parameters and statistics."""
    schema: dict[str, Any] = {"subscriber_id": "string"}
    for column, lag in wanted:
        schema[f"{column}_m{lag}"] = stored_type(SUBSCRIBER_MONTH.column(column))
        if SUBSCRIBER_MONTH.column(column).none_when_empty:
            schema[f"present_m{lag}"] = "boolean"
    for name in (name for key in keys for name in joined_by(key)):
        schema[name] = stored_type(JOINED[name].column)
    schema.update({f"parameter__{name}": "int64" for name in unit_parameters})
    return ibis.table({**schema, **extra}, name=TABLE)


def parameter_numbers(table: Any, parameters: Mapping[str, Parameter], units: UnitParameters) -> dict[str, Exact]:
    """Each parameter as an exact number: one constant, or by unit where an overlay names it."""
    found = {}
    for name, parameter in parameters.items():
        found[name] = Exact.constant(parameter.value)
        if name in units.bottoms:
            bottom = units.bottoms[name]
            default = int(parameter.value * bottom)
            expr = ibis.coalesce(table[f"parameter__{name}"], default)
            low, high = int(parameter.min * bottom), int(parameter.max * bottom)
            found[name] = Exact(Whole(min(low, default), max(high, default), expr), Whole.plain(bottom))
    return found


def stored_pairs(
    wanted: Iterable[Wanted], columns_by_lag: Mapping[int, Collection[str]], keys: Iterable[str]
) -> frozenset[Wanted]:
    """Which of the wanted (column, lag) pairs are stored, and what is found by `keys`."""
    pairs = {(column, lag) for column, lag in wanted if column in columns_by_lag.get(lag, ())}
    pairs |= {(name, 0) for key in keys if (key, 0) in pairs for name in joined_by(key)}
    return frozenset(pairs)


def in_base(status: str) -> str:
    """SQL's condition that a row belongs to the base, by the column of its status in the run's month."""
    return f"{status} IN ({', '.join(map(sql_literal, BASE_STATUSES))})"


def base(table: Any) -> Any:
    """The subscribers of the base: a row in the month, active or suspended."""
    return table.filter(table["status_m0"].isin(list(BASE_STATUSES)))
