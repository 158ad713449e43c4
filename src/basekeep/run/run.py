"""One run: statistics, figures, ranks, summaries; written apart and put in place in one step."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scans
from basekeep.kernel.errors import DamageError
from basekeep.kernel.months import month_text
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.grains import SUBSCRIBER
from basekeep.relations.figures import figures, ranked
from basekeep.relations.sql import sql_of
from basekeep.relations.statistics import Found
from basekeep.relations.tables_out import figures_table
from basekeep.run.checking import checking
from basekeep.run.exactness import need_exactness
from basekeep.run.families import FAMILIES, write_families
from basekeep.run.grain_remarks import grain_remarks
from basekeep.run.grains import folder_of, judge
from basekeep.run.joining import write_joined
from basekeep.run.plan import Plan
from basekeep.run.record import PLAYBOOK, RECORD, Label, RunRecord, describe, label_of, playbook_bytes, runs_folder
from basekeep.run.remarks import Remark, remarks
from basekeep.run.shards import NEWEST, SideTables, each_shard, lowering
from basekeep.run.statistics import base_statistics, write_statistic
from basekeep.run.summary import write_summaries
from basekeep.run.timing import Step, Timing
from basekeep.run.units import need_units
from basekeep.run.upgrade.inputs import inputs_of
from basekeep.run.upgrade.step import write_nothing, write_upgrade
from basekeep.store.disk import disk_errors, place_folder, replace_file, sync, write_new
from basekeep.store.roster import shard_file
from basekeep.store.writing import Work

FIGURES = "figures"


@dataclass(frozen=True)
class Outcome:
    """What a call of `run` did: the run, whether it was made now, and where its time went when it was made."""

    record: RunRecord
    made: bool
    timing: Timing


@dataclass(frozen=True)
class Day:
    """What makes the run of a day within the period of a month's run.

    Attributes:
        newest: for some subscribers, as `subscriber_id`, the `balance` and `status` that hold in place of the month's;
            null where the month's stays. Stored types.
    """

    label: Label
    newest: pa.Table


@dataclass(frozen=True)
class Decided:
    """What a run's decisions came to: counts for its record, and what bad input they met."""

    counts: Mapping[str, int]
    remarks: Sequence[Remark]


# Makes the tables of decisions in a run's folder, from its figures. A later room has it; a run is given it.
Decide = Callable[[Plan, Engine, Sequence[Path], Path], Decided]


def run(
    plan: Plan,
    engine: Engine,
    work: Work,
    progress: Progress,
    again: bool = False,
    decide: Decide | None = None,
    dry: bool = False,
    day: Day | None = None,
) -> Outcome:
    """Make the run of a plan, or find it made.

    Args:
        decide: makes the decisions, where the playbook has offers.
        again: make it again although it is there, and hold it against what is there, byte for byte; where a file of
            the run was damaged, what was made puts it back.
        dry: make the same tables under a run that cannot be dispatched.
        day: make the run of a later day instead.

    Raises:
        DamageError: a stored file is damaged, or the run made again is not the same.
        FindingsError: some number of the playbook could not be compared exactly.
    """
    label = day.label if day else label_of(plan, dry)
    target = runs_folder(plan.store_dir) / label.run_id
    if (target / RECORD).exists() and not again:
        record = RunRecord(target, json.loads((target / RECORD).read_bytes()))
        record.verify(threads=engine.threads)
        return Outcome(record, False, _kept_timing(plan, label))
    folder, timing = work.new_folder(), Timing()
    content = _make(plan, label, engine, folder, timing, progress, decide, day)
    with disk_errors():
        write_new(folder / RECORD, content)
        if (target / RECORD).exists():
            _hold_against(target, folder, content)
        else:
            with timing.step("publish"):
                for path in sorted(folder.rglob("*")):
                    sync(path)
                place_folder(folder, target)
        _keep_timing(plan, label, timing, work)
    return Outcome(RunRecord(target, json.loads(content)), True, timing)


def draft(plan: Plan, engine: Engine, folder: Path, progress: Progress) -> RunRecord:
    """Make a run in an empty folder and keep it out of the store: to see what a change would do before it is used."""
    content = _make(plan, label_of(plan), engine, folder, Timing(), progress)
    with disk_errors():
        write_new(folder / RECORD, content)
    return RunRecord(folder, json.loads(content))


def _make(
    plan: Plan,
    label: Label,
    engine: Engine,
    folder: Path,
    timing: Timing,
    progress: Progress,
    decide: Decide | None = None,
    day: Day | None = None,
) -> bytes:
    for name in (FIGURES, "side", "rank"):
        (folder / name).mkdir()
    write_new(folder / PLAYBOOK, playbook_bytes(plan))
    with checking(plan, engine, timing) as sound:
        with timing.step("exactness"):
            need_exactness(plan.compiled.playbook)
        with timing.step("units") as step:
            joined = _joined(plan, engine, folder, step)
        with timing.step("families") as step:
            families = write_families(plan, engine, folder, step)
        marks = folder / FAMILIES if families else None
        with timing.step("statistics") as step:
            step.rows_in, step.rows_out = _month_rows(plan), len(plan.statistics)
            found = base_statistics(plan, engine, SideTables(joined, families=marks), progress)
        # Statistics are those of the month whatever came later: a day changes single subscribers, not what all are held to.
        newest = _newest(day, folder)
        side = SideTables(joined, _side_statistics(plan, found, folder), marks, newest)
        with timing.step("compile"):
            low = lowering(plan, plan.wanted, found)
            query = sql_of(figures(plan.compiled, low))
        with timing.step("figures") as step:
            base = _figures(plan, engine, side, query, folder, step, progress)
        with timing.step("verify") as step:
            sound()
            step.bytes_read = timing.hashed
    source = parquet_scans(sorted((folder / FIGURES).glob("*.parquet")))
    with engine.session() as session:
        with timing.step("rank") as step:
            targets = _ranks(plan, session, source, folder)
            step.rows_in, step.rows_out = base, sum(targets.values())
        with timing.step("groups") as step:
            grains = [judge(plan, session, grain, low, side, source, folder) for grain in plan.compiled.grains]
            step.rows_in, step.rows_out = base, sum(grain.rows for grain in grains)
        with timing.step("summaries") as step:
            month_rows = _month_rows(plan)
            tables = write_summaries(plan, session, source, month_rows, grains, folder)
            step.rows_in, step.rows_out = base, sum(map(len, tables.values()))
        with timing.step("upgrade") as step:
            bad = [*grain_remarks(plan, session, source), *_upgrade(plan, session, source, folder)]
            step.rows_in = base
    with timing.step("decisions") as step:
        decided = _decided(plan, engine, folder, decide)
        step.rows_in, step.rows_out = base, sum(decided.counts.values())
        bad += decided.remarks
    with timing.step("record"):
        counts = {"month_rows": month_rows, "base": base, **{f"target__{name}": many for name, many in targets.items()}}
        counts |= decided.counts
        counts |= {f"{folder_of(grain.compiled)}": grain.rows for grain in grains}
        if families:
            counts |= {"families": families.families, "family_members": families.members}
            bad += families.remarks
        by_rule = tables["rule_summary"]
        counts["memberships"] = sum(row["members"] for row in by_rule if row["grain"] == SUBSCRIBER.name)
        stored = {grain.compiled.grain.name: sorted(map(list, grain.stored)) for grain in grains}
        return describe(
            plan, folder, label, {"counts": counts, "inputs": stored, "remarks": remarks(bad), **_more(plan, found)}
        )


def _decided(plan: Plan, engine: Engine, folder: Path, decide: Decide | None) -> Decided:
    if decide is None or plan.compiled.decisions is None:
        return Decided({}, ())
    return decide(plan, engine, sorted((folder / FIGURES).glob("*.parquet")), folder)


def _more(plan: Plan, found: dict[t.BaseStatistic, Found]) -> dict[str, Any]:
    statistics = [
        {
            "statistic": statistic.statistic,
            "by": statistic.by,
            "values": {key or "": str(value) for key, value in found[statistic].items()},
        }
        for statistic in plan.statistics
    ]
    return {
        "missing_months": [month_text(month) for month in plan.missing_months],
        "base_statistics": statistics,
    }


def _newest(day: Day | None, folder: Path) -> Path | None:
    if day is None:
        return None
    path = folder / "side" / NEWEST
    pq.write_table(day.newest.sort_by("subscriber_id"), path, compression="zstd", store_schema=False)
    return path


def _joined(plan: Plan, engine: Engine, folder: Path, step: Step) -> dict[str, Path]:
    need_units(plan)
    with engine.session() as session:
        found, step.rows_out = write_joined(plan, session, folder / "side")
    step.rows_in = step.rows_out
    return found


def _side_statistics(plan: Plan, found: dict[t.BaseStatistic, Found], folder: Path) -> dict[int, Path]:
    side = {}
    for index, statistic in enumerate(plan.statistics):
        if statistic.by and found[statistic]:
            side[index] = folder / "side" / f"statistic_{index}.parquet"
            write_statistic(found[statistic], side[index])
    return side


def _figures(
    plan: Plan,
    engine: Engine,
    side: SideTables,
    query: str,
    folder: Path,
    step: Step,
    progress: Progress,
) -> int:
    label = Text("计算规则与评分", "Rules and scores")
    rows = each_shard(plan, engine, side, plan.wanted, partial(_figures_of, query, folder), progress, label)
    step.rows_in, step.rows_out = _month_rows(plan), sum(rows)
    return sum(rows)


def _figures_of(query: str, folder: Path, session: Session, shard: int) -> int:
    path = folder / FIGURES / shard_file(shard)
    # Elsewhere the same shard may be begun twice, the first worker being lost: none is ever seen half written.
    part = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    rows = session.copy(query, part)
    # A shard of newcomers of later months says nothing; without it an old month's run keeps its bytes.
    if rows or not shard:
        os.replace(part, path)
    else:
        part.unlink()
    return rows


def _ranks(plan: Plan, session: Session, source: str, folder: Path) -> dict[str, int]:
    """Rank each scorecard's targets."""
    found = {}
    for card in plan.compiled.scorecards:
        query = sql_of(ranked(figures_table(plan.compiled), card))
        ordered = f"WITH {FIGURES} AS (SELECT * FROM {source}) SELECT * FROM ({query}) ORDER BY rank"
        found[card.name] = session.copy(ordered, folder / "rank" / f"{card.name}.parquet")
    return found


def _upgrade(plan: Plan, session: Session, source: str, folder: Path) -> list[Remark]:
    declared = plan.compiled.playbook.upgrade
    if declared is None:
        write_nothing(session, folder)
        return []
    return write_upgrade(inputs_of(plan, declared, source, folder), session, folder)


def _month_rows(plan: Plan) -> int:
    ref = plan.state.partition(SUBSCRIBER_MONTH.name, month_text(plan.month))
    return ref.rows if ref else 0


def _hold_against(target: Path, folder: Path, content: bytes) -> None:
    """The run made again is what is there, or puts back what was damaged."""
    if (target / RECORD).read_bytes() == content:
        try:
            RunRecord(target, json.loads(content)).verify()
        except DamageError:
            _put_back(target, folder)
        return
    try:
        sound = json.loads((target / RECORD).read_bytes())["run_id"] == target.name
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        _put_back(target, folder)
        return
    raise DamageError(
        "run.not_the_same",
        Text(f"重新运行的结果与 {target.name} 不一致", f"made again, the run is not the same as {target.name}"),
        Text("保留两份记录并报告此问题。", "Keep both records and report this."),
    )


def _put_back(target: Path, folder: Path) -> None:
    """Each file in its place, the record last: until then the run is still called damaged."""
    made = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in sorted(made, key=lambda path: path.name == RECORD):
        sync(path)
        place = target / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def _keep_timing(plan: Plan, label: Label, timing: Timing, work: Work) -> None:
    path = _timing_file(plan, label)
    path.parent.mkdir(exist_ok=True)
    replace_file(path, timing.encode(label.run_id), work.staging)


def _kept_timing(plan: Plan, label: Label) -> Timing:
    """How long the run took when it was made; empty where nobody kept it."""
    path = _timing_file(plan, label)
    return Timing.decode(path.read_bytes()) if path.exists() else Timing()


def _timing_file(plan: Plan, label: Label) -> Path:
    return plan.store_dir / "timings" / f"{label.run_id}.json"
