"""What a query may read: each named table as SQL over verified files, of the store or of one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from basekeep.contract.tables import TABLES
from basekeep.engines.errors import SqlError
from basekeep.engines.read_only import SHOWN_AS, ReadOnly
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.run.decision_tables import SCHEMAS as DECISION_TABLES
from basekeep.run.decision_tables import decision_file
from basekeep.run.evidence import evidence_files, evidence_view
from basekeep.run.masked import masked
from basekeep.run.record import PLAYBOOK, RunRecord, find_run
from basekeep.run.replay import replay
from basekeep.run.upgrade.tables import SCHEMAS as UPGRADE
from basekeep.run.views import FAMILY_PATH, JUDGED, TABLES_OUT, WRITTEN, run_views, stored_files, stored_views
from basekeep.store.manifest import verify
from basekeep.store.state import State

# The files of a run that each of its tables is read from.
_FOLDERS = {"profile": ("figures/", "side/"), "membership": ("figures/",), "score": ("figures/", "rank/")}
_FOLDERS["target"] = _FOLDERS["score"]
_FOLDERS["action"] = ("figures/", decision_file("decision"))
# What the evidence of a membership is taken from besides the stored months.
_BESIDE = ("side/", "families/shards/")
# Those that are read from one file each.
_FILES: dict[str, tuple[str, ...]] = {
    **{name: (f"{name}.parquet",) for name in WRITTEN},
    **{name: (file,) for name, file in JUDGED.items()},
}
_FILES |= {name: (f"upgrade/{name}.parquet",) for name in UPGRADE}
_FILES |= {name: (decision_file(name),) for name in DECISION_TABLES}
_FILES["waterfall"] += (decision_file("decision_waterfall"),)
_FILES["family"] = (FAMILY_PATH,)


@dataclass(frozen=True)
class Sources:
    """The tables of one query as SQL, the only files that it may read, and the run that it is answered from."""

    views: dict[str, str]
    files: tuple[Path, ...]
    run_id: str | None


def sources(
    store_dir: Path, state: State, asked: ReadOnly, run: str | None, threads: int, progress: Progress
) -> Sources:
    """The sources of a query, every file of them hashed.

    Args:
        run: a run's id or its beginning; the latest month's latest run when not given.

    Raises:
        SqlError: a table that does not exist or is not stored.
        CallError: there is no such run.
        DamageError: a file is not what was stored.
    """
    # A name that the query's own WITH gives may hide a table of ours: then it is taken only if it is there.
    named = {name for name in asked.tables if name in TABLES or name in TABLES_OUT or name not in asked.own}
    stored = _stored(store_dir, state, {n for n in named if n in TABLES}, asked, threads, progress)
    strange = sorted(name for name in named if name not in TABLES and name not in TABLES_OUT)
    if strange:
        raise _unknown(strange[0], state)
    out = sorted(name for name in named if name in TABLES_OUT and name not in asked.own)
    if not out and run is None:
        return stored
    record = find_run(store_dir, run)
    views, files = _of_run(store_dir, state, record, out, asked, threads)
    return Sources({**stored.views, **views}, (*stored.files, *files), record.run_id)


def _stored(
    store_dir: Path, state: State, names: Iterable[str], asked: ReadOnly, threads: int, progress: Progress
) -> Sources:
    held = sorted(name for name in names if name in state.partitions)
    missing = sorted(name for name in names if name not in state.partitions and name not in asked.own)
    if missing:
        raise _not_stored(missing[0])
    files = [file for name in held for file in stored_files(store_dir, state, name)]
    if files:
        verify(files, threads, progress)
    only = replace(state, partitions={name: state.partitions[name] for name in held})
    views = {name: masked(TABLES[name], query) for name, query in stored_views(store_dir, only).items()}
    return Sources(views, tuple(file.path for file in files), None)


def _of_run(
    store_dir: Path, state: State, record: RunRecord, names: list[str], asked: ReadOnly, threads: int
) -> tuple[dict[str, str], list[Path]]:
    record.verify(PLAYBOOK)
    inner = run_views(record, record.playbook()) if names else {}
    hidden = {name: query for name, query in inner.items() if name not in TABLES_OUT}
    views: dict[str, str] = {}
    files: list[Path] = []
    for name in names:
        if name not in inner:
            raise _not_in_run(name, record)
        for under in _FILES.get(name) or _FOLDERS[name]:
            record.verify(under, threads)
            files += record.files(under)
        views[name] = inner[name] if name in _FILES else _closed(inner[name], hidden)
    if "membership" in names and (asked.all_columns or "evidence" in asked.columns):
        # Evidence is computed from the history when it is asked for; membership alone is a scan of the figures.
        replayed = replay(record, store_dir, state)
        expected = evidence_files(replayed)
        verify(expected, threads)
        files += [file.path for file in expected]
        for under in _BESIDE:
            record.verify(under, threads)
            files += record.files(under)
        views["membership"] = evidence_view(replayed)
    return views, files


def _closed(query: str, hidden: dict[str, str]) -> str:
    """A table of a run with the relations that it is made from inside it, where no query can name them."""
    needed = [f"{sql_name(name)} AS NOT MATERIALIZED ({inner})" for name, inner in hidden.items() if name in query]
    return f"WITH {', '.join(needed)} SELECT * FROM ({query})"


def _unknown(name: str, state: State) -> SqlError:
    tables = [*(name for name in TABLES if name in state.partitions), *TABLES_OUT]
    what = Text(f"没有表 {name!r}", f"there is no table {name!r}")
    do = Text(f"可查询的表：{'、'.join(tables)}。", f"Tables: {', '.join(tables)}.")
    return SqlError(Finding("query.unknown_table", Place(SHOWN_AS), what, do, near_names(name, tables)))


def _not_in_run(name: str, record: RunRecord) -> SqlError:
    what = Text(f"运行 {record.run_id} 没有表 {name}", f"the run {record.run_id} has no table {name}")
    do = Text(
        "它的策略手册没有声明相应的内容；改好后重新运行该月。",
        "Its playbook declares nothing that would fill it; declare it and run the month again.",
    )
    return SqlError(Finding("query.not_in_run", Place(SHOWN_AS), what, do))


def _not_stored(name: str) -> SqlError:
    what = Text(f"表 {name} 还没有入库", f"the table {name} is not stored yet")
    do = Text(
        f"在 basekeep.yaml 的 tables 下映射 {name}，再执行 basekeep ingest。",
        f"Map {name} under tables in basekeep.yaml, then run basekeep ingest.",
    )
    return SqlError(Finding("query.not_stored", Place(SHOWN_AS), what, do))
