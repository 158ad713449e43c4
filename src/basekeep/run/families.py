"""The step of a run that finds physical families: ties, knots, members; then the table `family`.

Reads the stored call pairs and the month of the run; never a contract that says who is a family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import CALL_PAIR
from basekeep.engines.protocol import Engine, Tables
from basekeep.kernel.months import month_text
from basekeep.kernel.text import Text
from basekeep.relations.families import FAMILY_COLUMNS, MEMBER, family
from basekeep.relations.pair_notes import pair_notes
from basekeep.relations.sql import sql_of
from basekeep.relations.ties import BASE, TIE, base_of, tie_table, ties, without_hubs
from basekeep.run.communities import members_in_memory, members_relationally
from basekeep.run.family_marks import write_marks
from basekeep.run.family_plan import FamilyPlan
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.run.stored import stored_paths
from basekeep.run.timing import Step
from basekeep.store.disk import remove

FAMILIES, FAMILY_FILE = "families", "family.parquet"
_MAKING = "making"
_MONTH = "family_month"
_REMARKS = {
    "self_pairs": (
        Text("用户与自己的通话对，未采用", "pairs of a subscriber with itself; they are not used"),
        Text("在取数中去掉。", "Leave them out in the mapping."),
    ),
    "turned_pairs": (
        Text("a_id 排在 b_id 之后的通话对，已调换", "pairs with a_id after b_id; they are turned round"),
        Text("取数时让较小的标识在前。", "Let the lesser id stand first in the mapping."),
    ),
    "double_pairs": (
        Text("正反各记一次的通话对，只用次序正确的一条", "pairs that stand in both orders; the one in order is used"),
        Text("每月每对只给一行。", "Give one row for each pair and month."),
    ),
    "outside_pairs": (
        Text("有一方不在存量用户内的通话对（已离网，或月宽表中没有），未采用", "pairs with somebody outside the base, who has left or is not in subscriber_month; they are not used"),
        Text("与已离网用户的通话无妨；若很多，核对两张表的用户标识是否一致。", "Calls with those who have left are as they should be; where there are many, see whether both tables have the same ids."),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class FamiliesFound:
    """How many families and members there are, and the call pairs that were noted, by kind."""

    families: int
    members: int
    notes: Mapping[str, int]

    @property
    def remarks(self) -> list[Remark]:
        """A remark for each kind of pair that was noted."""
        return [
            Remark(f"{CALL_PAIR.name}.{name}", CALL_PAIR.name, self.notes.get(name, 0), what, do)
            for name, (what, do) in _REMARKS.items()
        ]


def write_families(plan: Plan, engine: Engine, folder: Path, step: Step) -> FamiliesFound | None:
    """Write `families/family.parquet` and, for each shard, who is in one; None where families are not asked for.

    Where something that is needed is not stored the table has no rows, and nobody is marked.
    """
    if plan.families is None:
        return None
    below = folder / FAMILIES
    below.mkdir()
    making = below / _MAKING
    making.mkdir()
    with engine.tables(making / "tables") as tables:
        found = _found(plan, plan.families, tables, making, step)
        rows = family(plan.families.limits.months, plan.families.limits.cell_weight)
        ordered = f"SELECT {', '.join(FAMILY_COLUMNS)} FROM ({sql_of(rows)}) ORDER BY head, subscriber_id"
        members = tables.here.copy(ordered, below / FAMILY_FILE)
        many = tables.here.rows(f"SELECT count(DISTINCT head) FROM {MEMBER}")[0][0]
    if plan.families.evaluable:
        write_marks(plan, engine, below, making)
    remove(making)
    step.rows_out = members
    return FamiliesFound(many, members, found)


def _found(plan: Plan, asked: FamilyPlan, tables: Tables, folder: Path, step: Step) -> Mapping[str, int]:
    """Ties and members as tables of this process, under the names that the table out is made from."""
    here = tables.here
    if not asked.evaluable:
        here.run(
            f"CREATE TEMP TABLE {TIE} (a VARCHAR, b VARCHAR, minutes BIGINT, night_share BIGINT, same_address BOOLEAN)"
        )
        here.run(f"CREATE TEMP TABLE {MEMBER} (subscriber_id VARCHAR, head VARCHAR)")
        return {}
    notes = find_ties(plan, asked, tables)
    step.rows_in = notes.pop("pairs")
    members = (members_relationally if tables.dialect != "duckdb" else members_in_memory)(tables, asked.limits, folder)
    here.run(f"CREATE TEMP TABLE {MEMBER} AS SELECT * FROM {members}")
    return notes


def find_ties(plan: Plan, asked: FamilyPlan, tables: Tables) -> dict[str, int]:
    """Make the table of ties, without those of hubs; gives the pairs that were read and those that were noted."""
    tables.read(_MONTH, stored_paths(plan, SUBSCRIBER_MONTH.name, month_text(plan.month)))
    names = [f"family_pairs_{back}" for back in range(len(asked.pairs))]
    for name, (month, _) in zip(names, asked.pairs, strict=True):
        tables.read(name, stored_paths(plan, CALL_PAIR.name, month_text(month)))
    tables.make(BASE, sql_of(base_of(_MONTH, asked.homes), tables.dialect))
    tables.make("family_notes", sql_of(pair_notes(names), tables.dialect))
    tables.make(TIE, sql_of(ties(names), tables.dialect))
    tables.make(TIE, sql_of(without_hubs(tie_table(), asked.limits.most_ties), tables.dialect))
    table = tables.here.arrow("SELECT * FROM family_notes")
    return {name: int(value) for name, value in table.to_pylist()[0].items()}
