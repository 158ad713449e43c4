"""The rows of a what-if over its ranges, as a file takes them: one row for each value, every input and result a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pyarrow as pa

from basekeep.contract.columns import Unit
from basekeep.engines.protocol import Stream
from basekeep.playbook.declarations import WhatIf
from basekeep.playbook.whatif import follow
from basekeep.run.whatif.asked import Settled

Row = Mapping[str, Fraction | None]
# Decimals written of a number; of a share two more, as it is read in percent.
_PLACES, _SHARE_PLACES, _DIGITS = 4, 6, 38


@dataclass(frozen=True)
class Table:
    """The rows, those of one line of the picture together.

    Attributes:
        along: the range that runs along each line; `lines` is the one that gives the lines.
        shows: the result that is looked at.
        units: the columns in order, each with its unit.
    """

    along: str | None
    lines: str | None
    shows: str
    units: Mapping[str, Unit]
    rows: tuple[Row, ...]

    @classmethod
    def over(
        cls, what_if: WhatIf, settled: Settled, inputs: Mapping[str, Fraction], given: Mapping[str, Fraction]
    ) -> Table:
        """Work out every row."""
        names = [*settled.ranges, None, None]
        along, lines = names[0], names[1]
        places = [name for name in (lines, along) if name]
        units: dict[str, Unit] = {name: one.unit for name, one in what_if.inputs.items() if name in settled.used}
        units |= {name: one.unit for name, one in what_if.results.items()}
        rows: list[Row] = []
        for values in product(*(settled.ranges[name].values() for name in places)):
            here = dict(zip(places, values, strict=True))
            starts = {name: here.get(name, value) for name, value in inputs.items()}
            fixed = {**given, **{name: value for name, value in here.items() if name in what_if.results}}
            rows.append(follow(settled.formulas, starts, fixed))
        claim = what_if.claim
        if claim:
            claimed = f"{claim.of}_claimed"
            units[claimed] = what_if.results[claim.of].unit
            rows = [{**row, claimed: claim.value} for row in rows]
        return cls(along, lines, settled.shows, units, tuple(rows))

    def count(self) -> int:
        """The number of rows."""
        return len(self.rows)

    def stream(self, rows: int) -> Stream:
        """The rows as exact decimals, rounded only beyond the digits that are written."""
        kinds = {name: pa.decimal128(_DIGITS, _places(unit)) for name, unit in self.units.items()}
        schema = pa.schema(list(kinds.items()))
        cells = [
            pa.array([_decimal(row[name], _places(unit)) for row in self.rows], kinds[name])
            for name, unit in self.units.items()
        ]
        return Stream(schema, iter(pa.table(cells, schema=schema).to_batches(max_chunksize=rows)))


def _places(unit: Unit) -> int:
    return _SHARE_PLACES if unit == "share" else _PLACES


def _decimal(value: Fraction | None, places: int) -> Decimal | None:
    if value is None:
        return None
    whole = round(value * 10**places)
    digits = tuple(int(digit) for digit in str(abs(whole)))
    return Decimal((int(whole < 0), digits, -places))
