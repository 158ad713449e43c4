"""The record of a run: one id made from snapshot, playbook and parameters; every file with its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.errors import CallError, DamageError, WorkError
from basekeep.kernel.findings import near_names
from basekeep.kernel.months import month_text, shift_month
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.plan import Plan
from basekeep.run.reads import tables_read
from basekeep.store.manifest import ExpectedFile, sha256_of, verify

# Raised when the same playbook over the same snapshot would give other bytes.
FORMAT = 3
RECORD = "run.json"
# How the id of a dry run ends: its tables are those of the run without this ending.
DRY = "-dry"
PLAYBOOK = "playbook.json"
_NOT_DATA = {RECORD}


@dataclass(frozen=True)
class RunRecord:
    """One finished run."""

    folder: Path
    content: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """The run's id."""
        return str(self.content["run_id"])

    @property
    def month(self) -> str:
        """The month of the run, as YYYY-MM."""
        return str(self.content["month"])

    @property
    def dry(self) -> bool:
        """Whether the run was made to be looked at only."""
        return bool(self.content.get("dry", False))

    @property
    def parent(self) -> str | None:
        """The month's run whose decisions this one renewed; None for the run of a month."""
        return self.content.get("parent")

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows of the month, of the base, of each table."""
        counts: Mapping[str, int] = self.content["counts"]
        return counts

    def files(self, under: str = "") -> tuple[Path, ...]:
        """The run's files below a folder of it, in order."""
        return tuple(self.folder / name for name in sorted(self.content["files"]) if name.startswith(under))

    def verify(self, under: str = "", threads: int = 1) -> None:
        """Hash the files before they are used.

        Raises:
            DamageError: one is missing or changed.
        """
        try:
            verify(self.expected(under), threads)
        except DamageError as error:
            raise self.damage(error) from error

    def expected(self, under: str = "") -> list[ExpectedFile]:
        """The run's files below a folder of it, with the SHA-256 each must have."""
        files = self.content["files"]
        return [ExpectedFile(path, files[path.relative_to(self.folder).as_posix()]) for path in self.files(under)]

    def damage(self, error: DamageError) -> DamageError:
        """The error of a damaged file of the run, with what to do about it."""
        return DamageError("run.damaged", error.what, _make_again(self))

    def playbook(self) -> Playbook:
        """The playbook as it was when the run was made.

        Raises:
            WorkError: another version of this program made the run, with a playbook that this one does not read.
        """
        self.verify(PLAYBOOK)
        try:
            return Playbook.model_validate_json((self.folder / PLAYBOOK).read_bytes())
        except ValidationError as error:
            raise WorkError(
                "run.other_version",
                Text(f"运行 {self.run_id} 由另一版本的程序生成，读不了它的策略手册", f"the run {self.run_id} was made by another version of this program, whose playbook cannot be read"),
                Text(f"重新运行：basekeep run --month {self.month}", f"Run the month again: basekeep run --month {self.month}"),
            ) from error  # fmt: skip


def _make_again(record: RunRecord) -> Text:
    call = f"basekeep run --month {record.month} --again{' --dry' if record.dry else ''}"
    if record.parent:
        call = f"basekeep daily --date {record.content['day']} --run {record.parent} --again"
    return Text(f"运行可以原样重做：{call}", f"A run can be made again as it was: {call}")


def identity(plan: Plan) -> dict[str, Any]:
    """What makes the run: the versions of what it reads, the playbook with its parameters, and the month."""
    partitions = {
        month_text(month): ref.version
        for month in (shift_month(plan.month, -lag) for lag in plan.lags)
        if (ref := plan.state.partition(SUBSCRIBER_MONTH.name, month_text(month)))
    }
    others: dict[str, dict[str, str]] = {}
    for table, key in tables_read(plan):
        if ref := plan.state.partition(table, key):
            others.setdefault(table, {})[key] = ref.version
    return {
        "format": FORMAT,
        "month": month_text(plan.month),
        "snapshot": {SUBSCRIBER_MONTH.name: partitions, **others},
        "playbook_sha256": hashlib.sha256(playbook_bytes(plan)).hexdigest(),
    }


@dataclass(frozen=True)
class Label:
    """What a run is called, and what its record says of itself besides what makes its tables."""

    run_id: str
    marks: Mapping[str, Any]


def label_of(plan: Plan, dry: bool = False) -> Label:
    """The label of the run of this plan, or of its dry run: the same tables, which are never dispatched."""
    return Label(f"{run_id(plan)}{DRY}", {"dry": True}) if dry else Label(run_id(plan), {})


def run_id(plan: Plan) -> str:
    """The id of the run of this plan."""
    return f"{month_text(plan.month)}-{digest_of(identity(plan))}"


def digest_of(content: Mapping[str, Any]) -> str:
    """What makes a run as twelve letters of its id."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def playbook_bytes(plan: Plan) -> bytes:
    """The playbook with its parameters and overlays, always the same bytes for the same content."""
    # What-ifs are no part of a run: other assumptions about the future do not make it another one.
    dumped = plan.compiled.playbook.model_dump(mode="json", exclude={"whatif"})
    return (json.dumps(dumped, ensure_ascii=False, indent=1) + "\n").encode()


def describe(plan: Plan, folder: Path, label: Label, more: Mapping[str, Any]) -> bytes:
    """The content of `run.json` for a finished folder."""
    files = {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _NOT_DATA
    }
    content = {**identity(plan), "run_id": label.run_id, **label.marks, **more, "files": files}
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def runs_folder(store_dir: Path) -> Path:
    """Where runs lie."""
    return store_dir / "runs"


def all_runs(store_dir: Path) -> Iterator[RunRecord]:
    """Every finished run, by month, then by when it was made."""
    found = [path for path in runs_folder(store_dir).glob(f"*/{RECORD}") if path.is_file()]
    for path in sorted(found, key=lambda path: (path.parent.name[:7], path.stat().st_mtime_ns)):
        yield read_record(path)


def find_run(store_dir: Path, wanted: str | None) -> RunRecord:
    """A run by its id or the beginning of it; the latest month's latest run when none is named.

    A dry run is found where it is named, or where there is no other.

    Raises:
        CallError: there is none, or several begin so.
    """
    runs = list(all_runs(store_dir))
    if not runs:
        raise CallError(
            "run.none",
            Text("还没有运行过", "there is no run yet"),
            Text("先执行 basekeep run --month YYYY-MM。", "Run basekeep run --month YYYY-MM first."),
        )
    if wanted is None:
        return _real(runs)[-1]
    found = [run for run in runs if run.run_id.startswith(wanted)]
    # The ids of a dry run and of days begin with that of the run itself.
    exact = [run for run in found if run.run_id == wanted] or _of_months(_real(found))
    if len(exact) == 1:
        return exact[0]
    ids = [run.run_id for run in (found or runs)]
    near = ", ".join(near_names(wanted, ids) or ids[-3:])
    what = Text(f"运行 {wanted!r} 不唯一", f"several runs begin with {wanted!r}") if found else _no_run(wanted)
    raise CallError("run.unknown", what, Text(f"可选：{near}", f"There are: {near}"))


def find_month_run(store_dir: Path, wanted: str | None) -> RunRecord:
    """The same; when none is named, the latest run that is of a whole month.

    Raises:
        CallError: there is none, or several begin so.
    """
    runs = list(all_runs(store_dir))
    return _of_months(_real(runs))[-1] if wanted is None and runs else find_run(store_dir, wanted)


def _real(runs: Sequence[RunRecord]) -> Sequence[RunRecord]:
    return [run for run in runs if not run.dry] or runs


def _of_months(runs: Sequence[RunRecord]) -> Sequence[RunRecord]:
    return [run for run in runs if run.parent is None] or runs


def need_real(record: RunRecord) -> None:
    """Refuse a dry run where something would be carried out.

    Raises:
        CallError: the run is a dry one.
    """
    if record.dry:
        raise CallError(
            "run.dry",
            Text(f"{record.run_id} 是试运行，不能派单", f"{record.run_id} is a dry run; it cannot be dispatched"),
            Text(f"先正式运行：basekeep run --month {record.month}", f"Make the run itself: basekeep run --month {record.month}"),
        )  # fmt: skip


def _no_run(wanted: str) -> Text:
    return Text(f"没有运行 {wanted!r}", f"there is no run {wanted!r}")


def read_record(path: Path) -> RunRecord:
    """The record of one run.

    Raises:
        DamageError: it is not what such a record is.
    """
    try:
        content = json.loads(path.read_bytes())
        record = RunRecord(path.parent, content)
        if record.run_id != path.parent.name:
            raise ValueError(record.run_id)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DamageError(
            "run.record_damaged",
            Text(f"运行记录已损坏：{path}", f"the record of a run is damaged: {path}"),
            Text("删除这个运行文件夹后重新运行该月。", "Remove that run's folder and run the month again."),
        ) from error
    return record
