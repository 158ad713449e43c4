"""The tables that people query, as SQL over the files of the store and of one run."""

from __future__ import annotations

from pathlib import Path

from basekeep.contract.columns import STORED
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import TABLES
from basekeep.engines.sql_text import parquet_scan, parquet_scans, sql_literal, sql_name, sql_names
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.joined import PLACES
from basekeep.relations.actions import DECIDED, action
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.grains import key_of
from basekeep.relations.sql import sql_of
from basekeep.relations.tables_out import FIGURES, UNITS, membership, profile, score, target
from basekeep.run.decision_tables import SCHEMAS as DECISION_TABLES
from basekeep.run.decision_tables import decision_file, decision_view, waterfall_view
from basekeep.run.record import RunRecord
from basekeep.run.upgrade.tables import SCHEMAS as UPGRADE
from basekeep.run.upgrade.tables import empty
from basekeep.store.manifest import ExpectedFile
from basekeep.store.partition_files import partition_files
from basekeep.store.state import State

SUMMARIES = ("rule_summary", "segment_summary", "waterfall", "report")
# Tables that a run keeps as a file each, as they are queried; some runs have nothing to fill some of them.
WRITTEN = (*SUMMARIES, "group_membership", "group_target", "unit_membership")
# What a run made of each group or unit, of which the table out shows the metrics.
JUDGED = {"group_profile": "groups/profile.parquet", "unit_profile": "units/profile.parquet"}
FAMILY_PATH = "families/family.parquet"
TABLES_OUT = (
    "profile",
    "membership",
    "score",
    "target",
    "family",
    *WRITTEN,
    *JUDGED,
    *UPGRADE,
    *DECISION_TABLES,
    "action",
)
# Exact decimals again: stored numbers are whole ten-thousandths.
_NUMBER = "CAST({0} * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(18, 4))"
_SHOWN_TYPES = {**STORED, "number": "DECIMAL(18, 4)"}


def run_views(record: RunRecord, playbook: Playbook) -> dict[str, str]:
    """Each table of a run as a query; `figures`, `units`, `decided` and those beginning with `rank__` serve the others."""
    compiled = compile_playbook(playbook)
    views = {FIGURES: f"SELECT * FROM {parquet_scans(record.files('figures/'))}"}
    views[UNITS] = _units(record)
    for card in compiled.scorecards:
        views[f"rank__{card.name}"] = f"SELECT * FROM {parquet_scan(record.folder / 'rank' / f'{card.name}.parquet')}"
    views["profile"] = sql_of(profile(compiled))
    views["membership"] = sql_of(membership(compiled))
    for name, make in (("score", score), ("target", target)):
        parts = [sql_of(make(compiled, card)) for card in compiled.scorecards]
        if parts:
            views[name] = " UNION ALL ".join(f"({part})" for part in parts)
    there = record.content["files"]
    if FAMILY_PATH in there:
        views["family"] = f"SELECT * FROM {parquet_scan(record.folder / FAMILY_PATH)}"
    for name in WRITTEN:
        if (file := f"{name}.parquet") in there:
            views[name] = f"SELECT {sql_literal(record.run_id)} AS run_id, * FROM {parquet_scan(record.folder / file)}"
    for grain in compiled.grains:
        key, file = key_of(grain.grain), f"{grain.grain.name}s/profile.parquet"
        features = [name for name, _ in grain.profile if name != key]
        if file in there:
            views[f"{grain.grain.name}_profile"] = (
                f"SELECT {sql_names([key, *features])} FROM {parquet_scan(record.folder / file)}"
            )
    for name in DECISION_TABLES:
        made = decision_view(name, record.folder / decision_file(name) if decision_file(name) in there else None)
        views[name] = f"SELECT {sql_literal(record.run_id)} AS run_id, * FROM ({made})"
    if compiled.decisions is not None and (file := decision_file("decision")) in there:
        views[DECIDED] = f"SELECT * FROM {parquet_scan(record.folder / file)}"
        views["action"] = f"SELECT {sql_literal(record.run_id)} AS run_id, * FROM ({sql_of(action(compiled))})"
    views["waterfall"] = waterfall_view(views["waterfall"], views["decision_waterfall"])
    for name in UPGRADE:
        views[name] = f"SELECT {sql_literal(record.run_id)} AS run_id, * FROM ({_upgrade(record, name)})"
    return views


def _upgrade(record: RunRecord, name: str) -> str:
    """A table of the enterprise upgrade; without rows where an earlier version of this program made the run."""
    path = record.folder / "upgrade" / f"{name}.parquet"
    return f"SELECT * FROM {parquet_scan(path)}" if path in record.files("upgrade/") else empty(name)


def _units(record: RunRecord) -> str:
    """Where each branch lies, as the run saw it; nothing where no organisation was stored."""
    path = record.folder / "side" / "units.parquet"
    columns = ("branch_id", *PLACES)
    if path in record.files("side/"):
        return f"SELECT {', '.join(columns)} FROM {parquet_scan(path)}"
    return f"SELECT {', '.join(f'CAST(NULL AS VARCHAR) AS {name}' for name in columns)} WHERE FALSE"


def stored_views(store_dir: Path, state: State) -> dict[str, str]:
    """Each stored contract table as a query over all its months, numbers as exact decimals."""
    views = {}
    for name, partitions in state.partitions.items():
        parts = []
        for key, ref in sorted(partitions.items()):
            files = partition_files(store_dir, state, name, key)
            chosen = ", ".join(
                _readable(name, column) if column in ref.columns else _absent(name, column)
                for column in TABLES[name].names
            )
            only = f" WHERE {sql_name('month')} IS NOT NULL" if name == SUBSCRIBER_MONTH.name else ""
            parts.append(f"SELECT {chosen} FROM {parquet_scans([file.path for file in files])}{only}")
        views[name] = " UNION ALL ".join(parts)
    return views


def stored_files(store_dir: Path, state: State, table: str) -> list[ExpectedFile]:
    """The files of a stored table with the SHA-256 each must have."""
    return [
        file
        for key in sorted(state.partitions.get(table, {}))
        for file in partition_files(store_dir, state, table, key)
    ]


def _readable(table: str, column: str) -> str:
    name = sql_name(column)
    return f"{_NUMBER.format(name)} AS {name}" if TABLES[table].column(column).type == "number" else name


def _absent(table: str, column: str) -> str:
    return f"CAST(NULL AS {_SHOWN_TYPES[TABLES[table].column(column).type]}) AS {sql_name(column)}"
