"""Puts the answer of a query into a file or a stream. A file appears whole or not at all, and replaces none unasked."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, get_args

from basekeep.engines.protocol import Stream
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.errors import CallError, WorkError
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.run.csv_result import write_csv
from basekeep.run.json_result import write_json
from basekeep.run.parquet_result import write_parquet
from basekeep.run.xlsx_chart import SheetChart
from basekeep.run.xlsx_result import refuse_too_large, write_xlsx
from basekeep.store.disk import disk_errors, remove, sync

Format = Literal["csv", "parquet", "json", "xlsx"]
_BATCH_ROWS = 65_536
# Tables whose rows have an order that people work in; the others come in the order of the subscribers' positions.
_ORDERS = {
    "target": "scorecard, rank",
    "score": "scorecard, rank NULLS LAST, subscriber_id",
    "action": "unit_id, channel, contact_on, staff_id, subscriber_id",
}
_WRITING = Text("写出", "Writing")


class Rows(Protocol):
    """Something with rows to write: the answer of a query, or a table that was worked out."""

    def stream(self, rows: int, /) -> Stream:
        """The rows in batches of about so many."""

    def count(self) -> int:
        """The exact number of rows."""


@dataclass(frozen=True)
class Layout:
    """How cells are written: what joins a list, the mark for Excel, whether texts like formulas are made harmless.

    `chart` is drawn beside the rows of a workbook.
    """

    separator: str = ";"
    bom: bool = False
    excel_safe: bool = False
    sheet: str = "basekeep"
    chart: SheetChart | None = None


@dataclass(frozen=True)
class Written:
    """A finished file."""

    path: Path
    rows: int
    bytes: int


def table_sql(table: str, where: str | None) -> str:
    """A whole table, or the rows of it for which a condition holds, in the order that people work in."""
    only = f"\nWHERE (\n{where}\n)" if where else ""
    order = f"\nORDER BY {_ORDERS[table]}" if table in _ORDERS else ""
    return f"SELECT * FROM {sql_name(table)}{only}{order}"


def format_of(path: Path) -> Format:
    """The format that a file's name stands for.

    Raises:
        CallError: the name ends otherwise.
    """
    for known in get_args(Format):
        if path.suffix.lower() == f".{known}":
            return known  # type: ignore[no-any-return]
    what = Text(f"不认识的文件类型：{path.name}", f"unknown kind of file: {path.name}")
    raise CallError("export.suffix", what, Text("文件名以 .csv、.parquet、.xlsx 或 .json 结尾。", "End it with .csv, .parquet, .xlsx or .json."))  # fmt: skip


def write_stream(query: Rows, form: Format, into: BinaryIO, layout: Layout, progress: Progress) -> int:
    """Write the answer to a stream as it is computed; gives the exact number of rows.

    Raises:
        CallError: the format needs a file.
    """
    if form == "xlsx":
        what = Text("xlsx 要写入文件", "xlsx is written to a file")
        raise CallError("export.needs_file", what, Text("加上 --to 文件.xlsx。", "Add --to FILE.xlsx."))
    progress.start(None, _WRITING)
    stream = query.stream(_BATCH_ROWS)
    if form == "csv":
        rows = write_csv(stream, into, layout.separator, layout.bom, layout.excel_safe, progress)
    else:
        rows = (write_json if form == "json" else write_parquet)(stream, into, progress)
    progress.done()
    return rows


def write_file(
    query: Rows, form: Format, path: Path, layout: Layout, force: bool, store_dir: Path, progress: Progress
) -> Written:
    """Write the answer to a file.

    Raises:
        CallError: the file is there already and may not be replaced, or the place is not one to write to.
        WorkError: the disk is full, or the place may not be written; nothing was changed.
    """
    refuse_place(path, force, store_dir)
    with disk_errors(), _beside(path) as part:
        if form == "xlsx":
            rows = _workbook(query, part, layout, progress)
        else:
            with part.open("xb") as into:
                rows = write_stream(query, form, into, layout, progress)
        sync(part)
        size = part.stat().st_size
        _place(part, path, force)
    return Written(path, rows, size)


def write_content(content: bytes, path: Path, force: bool, store_dir: Path) -> Written:
    """Write what is made already to a file.

    Raises:
        CallError: the file is there already and may not be replaced, or the place is not one to write to.
        WorkError: the disk is full, or the place may not be written; nothing was changed.
    """
    refuse_place(path, force, store_dir)
    with disk_errors(), _beside(path) as part:
        part.write_bytes(content)
        sync(part)
        _place(part, path, force)
    return Written(path, 0, len(content))


def _workbook(query: Rows, part: Path, layout: Layout, progress: Progress) -> int:
    rows = query.count()
    stream = query.stream(_BATCH_ROWS)
    refuse_too_large(rows, len(stream.schema.names))
    progress.start(rows, _WRITING)
    written = write_xlsx(stream, part, layout.sheet, layout.separator, progress, layout.chart)
    progress.done()
    return written


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name beside the target, on the same disk; what is left of it is removed."""
    part = path.parent / f".{path.name}.{secrets.token_hex(4)}.part"
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):
            remove(part)


def _place(part: Path, path: Path, force: bool) -> None:
    if force:
        os.replace(part, path)
        return
    try:
        os.link(part, path)  # unlike a move, it never replaces what somebody put there meanwhile
    except FileExistsError:
        raise _exists(path) from None
    except OSError:
        # File systems without hard links.
        os.replace(part, path)


def refuse_place(path: Path, force: bool, store_dir: Path) -> None:
    """Refuse a place that cannot be written to.

    Raises:
        CallError: a file is there already, or the place is a folder, or there is none, or it is the store's.
        WorkError: it may not be written.
    """
    folder = path.parent
    if not folder.is_dir():
        what = Text(f"没有文件夹 {folder}", f"there is no folder {folder}")
        raise CallError(
            "export.no_folder", what, Text("先建立它，或换一个位置。", "Make it first, or choose another place.")
        )
    if not os.access(folder, os.W_OK | os.X_OK):
        what = Text(f"没有权限写入文件夹 {folder}", f"not allowed to write to the folder {folder}")
        raise WorkError(
            "export.not_allowed", what, Text("换一个可写的位置。", "Choose a place that may be written to.")
        )
    if path.is_dir():
        what = Text(f"{path} 是文件夹", f"{path} is a folder")
        raise CallError("export.is_folder", what, Text("给出文件名。", "Give the name of a file."))
    if path.resolve().is_relative_to(store_dir.resolve()):
        what = Text("store/ 由程序自己管理，不能写入", "store/ is the program's own and cannot be written to")
        raise CallError("export.into_store", what, Text("换一个位置。", "Choose another place."))
    if path.exists() and not force:
        raise _exists(path)


def _exists(path: Path) -> CallError:
    what = Text(f"{path} 已存在", f"{path} is there already")
    return CallError(
        "export.exists",
        what,
        Text("换一个文件名，或加 --force 覆盖。", "Choose another name, or replace it with --force."),
    )
