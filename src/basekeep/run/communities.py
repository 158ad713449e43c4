"""Members of families from the ties: in memory on one machine, relationally where a cluster has made them. The same families.

The only file that imports SciPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from basekeep.engines.protocol import Session, Tables
from basekeep.engines.sql_text import parquet_scan
from basekeep.playbook.families import FamilyLimits
from basekeep.relations import components
from basekeep.relations.sql import sql_of
from basekeep.relations.ties import TIE
from basekeep.run.knots import Tie, cut

Whole = npt.NDArray[np.int64]
_PERSON = "family_person"


def members_in_memory(tables: Tables, limits: FamilyLimits, folder: Path) -> str:
    """The members of all families with the least of each, `subscriber_id, head`, as a table expression."""
    here, path = tables.here, folder / "member.parquet"
    # Places in the order of ids, so that the least place is the least id.
    here.run(
        f"CREATE OR REPLACE TEMP TABLE {_PERSON} AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS place "
        f"FROM (SELECT a AS id FROM {TIE} UNION SELECT b FROM {TIE})"
    )
    found = here.arrow(
        f"SELECT x.place AS a, y.place AS b, minutes, same_address FROM {TIE} t "
        f"JOIN {_PERSON} x ON x.id = t.a JOIN {_PERSON} y ON y.id = t.b"
    )
    a, b, minutes = (found[name].to_numpy() for name in ("a", "b", "minutes"))
    heads = heads_of(a, b, minutes, found["same_address"].to_numpy(), limits)
    members = np.flatnonzero(heads >= 0)
    pq.write_table(pa.table({"place": members, "head": heads[members]}), path)
    return (
        f"(SELECT p.id AS subscriber_id, h.id AS head FROM {parquet_scan(path)} m "
        f"JOIN {_PERSON} p ON p.place = m.place JOIN {_PERSON} h ON h.place = m.head)"
    )


def heads_of(a: Whole, b: Whole, minutes: Whole, same_address: npt.NDArray[np.bool_], limits: FamilyLimits) -> Whole:
    """For everybody, by place, the least member of the family; −1 for those in none. Everybody is in some tie."""
    if not len(a):
        return np.empty(0, np.int64)
    many = int(max(a.max(), b.max())) + 1
    label = connected(a, b, many)
    count = int(label.max()) + 1
    ties = np.bincount(np.concatenate([a, b]), minlength=many)
    size, least = np.bincount(label, minlength=count), np.full(count, many)
    np.minimum.at(least, label, ties)
    _, first = np.unique(label, return_index=True)
    enough = least * limits.tied_share.denominator >= (size - 1) * limits.tied_share.numerator
    well = (size <= limits.largest) & enough
    heads = np.where(well[label], first[label], -1)
    rest = np.flatnonzero(~well[label[a]])
    rest = rest[np.argsort(label[a[rest]], kind="stable")]
    rows = zip(label[a[rest]].tolist(), a[rest].tolist(), b[rest].tolist(), minutes[rest].tolist(),
               same_address[rest].tolist(), strict=True)  # fmt: skip
    for family in _cut_each(rows, limits):
        heads[list(family)] = min(family)
    return heads


def connected(a: Whole, b: Whole, many: int) -> Whole:
    """For each of `many` the number of the knot that it lies in, by ties of `a` to `b`; numbers go from 0 up."""
    if not many:
        return np.empty(0, np.int64)
    ties = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(many, many))
    _, label = connected_components(ties, directed=False)
    return np.asarray(label, np.int64)


def members_relationally(tables: Tables, limits: FamilyLimits, folder: Path) -> str:
    """The same where the ties are: only knots that have to be cut come here."""
    find_components(tables)
    tables.make("family_well_tied", sql_of(components.well_tied(limits.largest, limits.tied_share), tables.dialect))
    tables.make("family_to_cut", sql_of(components.to_cut(limits.largest, limits.tied_share), tables.dialect))
    path = folder / "cut.parquet"
    families = list(_cut_each(_knots(tables.here), limits))
    members = [(who, min(family)) for family in families for who in sorted(family)]
    columns = {"subscriber_id": [who for who, _ in members], "label": [head for _, head in members]}
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), path)
    both = f"SELECT * FROM family_well_tied UNION ALL SELECT * FROM {parquet_scan(path)}"
    return f"(SELECT subscriber_id, label AS head FROM ({both}))"


def find_components(tables: Tables) -> None:
    """Make the table of labels, one for each knot: the least id of all who hang together."""
    tables.make(components.LABEL, sql_of(components.first_labels(), tables.dialect))
    while True:
        tables.make(components.BEFORE, f"SELECT * FROM {components.LABEL}")
        tables.make(components.NEARER, sql_of(components.nearer_labels(), tables.dialect))
        tables.make(components.LABEL, sql_of(components.next_labels(), tables.dialect))
        tables.make("family_changed", sql_of(components.changed(), tables.dialect))
        if not tables.here.rows("SELECT many FROM family_changed")[0][0]:
            return


def _knots(here: Session) -> Iterator[tuple[Any, ...]]:
    stream = here.batches("SELECT label, a, b, minutes, same_address FROM family_to_cut ORDER BY label", 65_536)
    for batch in stream.batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _cut_each(rows: Iterable[tuple[Any, ...]], limits: FamilyLimits) -> Iterator[frozenset[Any]]:
    """The families of each knot; its ties stand together, behind its label."""
    for _, knot in groupby(rows, key=lambda row: row[0]):
        yield from cut([Tie(*row[1:]) for row in knot], limits)
