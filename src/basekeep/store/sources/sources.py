"""Every source of a SELECT made ready: its files found, decoded, their heads read. All faults at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from basekeep.engines.sql_text import sql_literal, sql_name
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.csv_options import CsvOptions, csv_options
from basekeep.store.sources.csv_pieces import copy_csv, peek_csv
from basekeep.store.sources.files import SourceFile, find_files
from basekeep.store.sources.packed import damaged, stopped
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.scans import csv_relation, empty_relation, parquet_relation
from basekeep.store.sources.selects import Select
from basekeep.store.sources.source_calls import SourceCall
from basekeep.store.sources.staging import Staging
from basekeep.store.sources.workbooks import copy_sheet, peek_sheet, workbook_options


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a SELECT and the files it reads, in order."""

    call: SourceCall
    pieces: tuple[Piece, ...]
    with_filename: bool = False
    options: CsvOptions = field(default_factory=CsvOptions)

    def relation(self, tracked: bool) -> str:
        """The table expression that takes the call's place."""
        if self.call.kind == "csv" or self.call.kind == "workbook":
            return self._named(csv_relation(self.pieces, tracked, self.with_filename))
        if self.call.kind == "parquet":
            return self._named(parquet_relation(self.pieces, self.call.rest, tracked, self.with_filename))
        paths = ", ".join(sql_literal(piece.scanned) for piece in self.pieces)
        rest = f", {self.call.rest}" if self.call.rest else ""
        return self._named(f"(SELECT * FROM {self.call.function}([{paths}]{rest}))")

    def outline(self, tracked: bool) -> str:
        """The same columns, with as little reading as possible."""
        if self.call.kind == "csv" or self.call.kind == "workbook":
            return self._named(empty_relation(self.pieces, tracked, self.with_filename))
        return self.relation(tracked)

    def _named(self, relation: str) -> str:
        return f"{relation} AS {sql_name(self.call.name)}" if self.call.name else relation


def make_ready(
    select: Select, root: Path, staging: Staging | None, place: Place, progress: Progress
) -> tuple[Source, ...]:
    """The sources of a SELECT; without `staging` only heads are read and nothing is copied.

    Raises:
        FindingsError: files are missing, empty, damaged or in no encoding; options are not understood.
    """
    sources: list[Source] = []
    findings: list[Finding] = []
    for call in select.calls:
        files, faults = find_files(call.paths, root, place)
        findings += faults
        options, option_faults = _options(call, place)
        findings += option_faults
        if faults or option_faults:
            continue
        pieces, file_faults = _opened(files, _opener(call, options, staging, place, progress))
        findings += file_faults or _uneven(call, pieces)
        sources.append(Source(call, pieces, options.filename or select.names_file, options))
    if findings:
        raise stopped(findings)
    return tuple(sources)


_Opener = Callable[[SourceFile], Piece]


def _options(call: SourceCall, place: Place) -> tuple[CsvOptions, tuple[Finding, ...]]:
    if call.kind == "csv":
        return csv_options(call.options, place)
    return CsvOptions(), workbook_options(call.options, place) if call.kind == "workbook" else ()


def _opener(
    call: SourceCall, options: CsvOptions, staging: Staging | None, place: Place, progress: Progress
) -> _Opener:
    """What makes a piece of a file of this kind."""
    if call.kind == "csv":
        if staging is None:
            return lambda file: peek_csv(file, options, place)
        return lambda file: copy_csv(file, options, staging, place, progress)
    if call.kind == "workbook":
        if staging is None:
            return lambda file: peek_sheet(file, call.options)
        return lambda file: copy_sheet(file, call.options, staging.path(".csv"))
    return _parquet if call.kind == "parquet" else _as_it_is


def _opened(files: Sequence[SourceFile], opener: _Opener) -> tuple[tuple[Piece, ...], list[Finding]]:
    pieces: list[Piece] = []
    findings: list[Finding] = []
    for file in files:
        try:
            pieces.append(opener(file))
        except FindingsError as error:
            findings += error.findings
    return tuple(pieces), findings


def _as_it_is(file: SourceFile) -> Piece:
    return Piece(file, file.path)


def _parquet(file: SourceFile) -> Piece:
    """A Parquet file begins and ends with the same four letters; one cut short does not."""
    with file.path.open("rb") as stream:
        begin = stream.read(4)
        stream.seek(-min(4, file.path.stat().st_size), 2)
        if (begin, stream.read(4)) != (b"PAR1", b"PAR1"):
            raise damaged(file.place())
    return Piece(file, file.path)


def _uneven(call: SourceCall, pieces: Sequence[Piece]) -> list[Finding]:
    """A finding for each file whose columns are not those of most files of the source."""
    if call.kind not in ("csv", "workbook") or call.options.get("union_by_name") is True:
        return []
    sets = [frozenset(name.lower() for name in piece.columns) for piece in pieces]
    usual = Counter(sets).most_common(1)[0][0] if sets else frozenset()
    return [_odd(piece, usual - have, have - usual) for piece, have in zip(pieces, sets, strict=True) if have != usual]


def _odd(piece: Piece, lacking: frozenset[str], further: frozenset[str]) -> Finding:
    zh, en = [], []
    if lacking:
        zh.append(f"缺少列 {'、'.join(sorted(lacking))}")
        en.append(f"lacks {', '.join(sorted(lacking))}")
    if further:
        zh.append(f"多出列 {'、'.join(sorted(further))}")
        en.append(f"has also {', '.join(sorted(further))}")
    return Finding(
        "columns_differ",
        piece.file.place(),
        Text(f"与同一数据源的其他文件相比，{'，'.join(zh)}", f"unlike the other files of this source it {' and '.join(en)}"),
        Text("核对是否改了列名；确实不同时在 read_csv 中写 union_by_name=true，缺的列按空处理。",
             "See whether a column was renamed; where files really differ write union_by_name=true in read_csv: "
             "a column that is absent then reads as empty."),
        tuple(near for name in sorted(lacking) for near in near_names(name, further)),
    )  # fmt: skip
