"""Gives branches, groups, customers and families numbers, and each subscriber of the base those of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from basekeep.decide.base import Int
from basekeep.decide.positions import placed, positions, rows_of_files
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan, sql_name
from basekeep.relations.offers import CUSTOMER, GROUP, TOGETHER
from basekeep.run.families import FAMILIES, FAMILY_FILE

_COLUMNS = ("branch", "team", "customer", "family")


@dataclass(frozen=True)
class Codes:
    """Numbers by subscriber; what each means is said at `Base`."""

    branches: tuple[str, ...]
    branch: Int
    groups: tuple[str, ...]
    group: Int
    customer: Int
    customers: int
    family: Int
    families: int


def gather_codes(session: Session, figures: Sequence[Path], folder: Path) -> Codes:
    """The codes of a run's subscribers, in the order of the figures.

    Args:
        folder: the run's folder; without families in it nobody is in one.
    """
    named = positions(figures, ("branch_id", GROUP, CUSTOMER, TOGETHER))
    session.run(f"CREATE OR REPLACE TEMP VIEW decide__named AS SELECT * FROM {named}")
    _number(session, "branch", "SELECT DISTINCT branch_id FROM decide__named")
    _number(session, "team", f"SELECT DISTINCT {sql_name(GROUP)} FROM decide__named")
    # Who has one line alone needs no number that others share.
    together = f"SELECT {sql_name(CUSTOMER)} FROM decide__named WHERE {sql_name(TOGETHER)}"
    _number(session, "customer", f"{together} GROUP BY 1 HAVING count(*) > 1")
    members = _families(session, folder)
    codes = _joined(session, sum(rows_of_files(figures)), members)
    customer, customers = _each_its_own(codes["customer"], _count(session, "customer"))
    return Codes(
        _names(session, "branch"), codes["branch"], _names(session, "team"), codes["team"],
        customer, customers, codes["family"], _count(session, "family"),
    )  # fmt: skip


def _number(session: Session, kind: str, names: str) -> None:
    """A table `decide__KIND (name, place)`: the names in ascending order, from 0."""
    session.run(
        f"CREATE OR REPLACE TEMP TABLE decide__{kind} AS "
        f"SELECT name, CAST(row_number() OVER (ORDER BY name) - 1 AS INTEGER) AS place FROM ({names}) names(name) "
        "WHERE name IS NOT NULL"
    )


def _families(session: Session, folder: Path) -> str:
    """Number the families; gives `subscriber_id, family_id` as a table expression."""
    path = folder / FAMILIES / FAMILY_FILE
    nobody = "(SELECT CAST(NULL AS VARCHAR) AS subscriber_id, CAST(NULL AS VARCHAR) AS family_id WHERE FALSE)"
    members = f"(SELECT subscriber_id, family_id FROM {parquet_scan(path)})" if path.exists() else nobody
    _number(session, "family", f"SELECT DISTINCT family_id FROM {members}")
    return members


def _joined(session: Session, rows: int, members: str) -> dict[str, Int]:
    query = (
        f"SELECT n.position, {', '.join(f'coalesce({name}.place, -1) AS {sql_name(name)}' for name in _COLUMNS)} "
        "FROM decide__named n LEFT JOIN decide__branch branch ON n.branch_id = branch.name "
        f"LEFT JOIN decide__team team ON n.{sql_name(GROUP)} = team.name "
        f"LEFT JOIN decide__customer customer ON n.{sql_name(TOGETHER)} AND n.{sql_name(CUSTOMER)} = customer.name "
        f"LEFT JOIN {members} m ON n.subscriber_id = m.subscriber_id "
        "LEFT JOIN decide__family family ON m.family_id = family.name"
    )
    return placed(session, query, rows, dict.fromkeys(_COLUMNS, np.int32), fill=-1)


def _each_its_own(customer: Int, shared: int) -> tuple[Int, int]:
    """Lines that are counted by themselves take the numbers after the shared ones."""
    alone = np.flatnonzero(customer < 0)
    customer[alone] = np.arange(shared, shared + len(alone), dtype=np.int32)
    return customer, shared + len(alone)


def _names(session: Session, kind: str) -> tuple[str, ...]:
    return tuple(name for (name,) in session.rows(f"SELECT name FROM decide__{kind} ORDER BY place"))


def _count(session: Session, kind: str) -> int:
    return int(session.rows(f"SELECT count(*) FROM decide__{kind}")[0][0])
