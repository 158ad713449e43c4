"""Fits a select to a contract table: which of its columns fill which of the contract's, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from basekeep.contract.columns import Table
from basekeep.engines.errors import EngineError
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_name
from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.masking import mask_msisdn
from basekeep.kernel.text import Text
from basekeep.store.sources.column_kinds import Matched
from basekeep.store.sources.engine_words import bind_finding
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.scans import FILE, ROW, all_columns
from basekeep.store.sources.selects import Select
from basekeep.store.sources.sources import Source

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a select fills a table. `tracked`: each of its rows can be traced to a row of a file."""

    tracked: bool
    columns: tuple[Matched, ...]
    notes: tuple[Finding, ...]


def fit(session: Session, table: Table, select: Select, sources: Sequence[Source], place: Place) -> Fitted:
    """Bind the select without reading it and match its columns by name, letter case aside.

    Raises:
        FindingsError: the select does not bind; a required column is missing; a type fits no way.
    """
    given, tracked = _columns(session, select, sources, place)
    named = {name.lower(): (name, kind) for name, kind in reversed(given)}
    matched = tuple(Matched(column, *named[column.name]) for column in table.columns if column.name in named)
    findings = [
        *(_missing(column.name, given, place) for column in table.columns if column.required and column.name not in named),
        *(_unfit(item, place) for item in matched if not item.fits),
    ]  # fmt: skip
    if findings:
        raise stopped(findings)
    extra = [name for name, _ in given if name.lower() not in table.names and not _file_name(name, sources)]
    taken = {item.column.name for item in matched}
    free = [name for name in table.names if name not in taken]
    return Fitted(tracked, matched, tuple(_extras(extra, free, place)))


def filled(select: Select, sources: Sequence[Source], tracked: bool) -> str:
    """The select over its ready sources, its last line ended so that a comment there ends with it."""
    text = select.filled([source.relation(tracked) for source in sources], f"{FILE}, {ROW}" if tracked else "")
    return f"{text}\n"


def _columns(
    session: Session, select: Select, sources: Sequence[Source], place: Place
) -> tuple[list[tuple[str, str]], bool]:
    """Names and types that the select gives, and whether FILE and ROW can travel through it."""
    if select.plain:
        outline = select.filled([source.outline(True) for source in sources], f"{FILE}, {ROW}")
        try:
            found = session.columns(f"SELECT * FROM (\n{outline}\n)")
            if {FILE, ROW} <= {name for name, _ in found}:
                return [(name, kind) for name, kind in found if name not in (FILE, ROW)], True
        except EngineError:
            pass
    outline = select.filled([source.outline(False) for source in sources])
    try:
        return session.columns(f"SELECT * FROM (\n{outline}\n)"), False
    except EngineError as error:
        known = [name for source in sources for name in all_columns(source.pieces)]
        raise stopped([bind_finding(error.message, known, place)]) from error


def _file_name(name: str, sources: Sequence[Source]) -> bool:
    return name.lower() == "filename" and any(source.with_filename for source in sources)


def _missing(name: str, given: Sequence[tuple[str, str]], place: Place) -> Finding:
    names = [_safe(found) for found, _ in given]
    shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    return Finding(
        "column_missing",
        place,
        Text(f"缺少必需的列 {name}；select 给出的列有：{shown}", f"required column {name} is missing; the select gives: {shown}"),
        Text(f"在 select 中写：源列名 as {name}；若文件没有表头，用 read_csv(..., header=false, names=[...])。",
             f"Write in the select: source_column as {name}; for a file without a header "
             "read_csv(..., header=false, names=[...])."),
        tuple(_safe(near) for near in near_names(name, [found for found, _ in given])),
    )  # fmt: skip


def _safe(name: str) -> str:
    """A file without a header gives its first row for names: what looks like a number of a person is masked."""
    return mask_msisdn(name) if sum(letter.isdigit() for letter in name) >= 7 else name


def _unfit(matched: Matched, place: Place) -> Finding:
    column = matched.column
    zone = matched.engine_type.startswith("TIMESTAMP WITH")
    do = Text(f"在 select 中转换，例如 cast({sql_name(matched.name)} as varchar) as {column.name}。",
              f"Convert it in the select, e.g. cast({sql_name(matched.name)} as varchar) as {column.name}.")  # fmt: skip
    if zone:
        do = Text(f"写明时区：{sql_name(matched.name)} at time zone 'Asia/Shanghai' as {column.name}。",
                  f"Name the time zone: {sql_name(matched.name)} at time zone 'Asia/Shanghai' as {column.name}.")  # fmt: skip
    what = Text(f"列 {matched.name} 的类型 {matched.engine_type} 不能成为 {column.type}",
                f"column {matched.name} of type {matched.engine_type} cannot become {column.type}")  # fmt: skip
    return Finding("column_type", place, what, do)


def _extras(extra: Sequence[str], free: Sequence[str], place: Place) -> list[Finding]:
    """One warning for each column that may be a slip of the name, one for all others together."""
    do = Text("不需要就不必处理；需要时在 select 中用 as 改成数据规范的列名。",
              "Nothing, where it is not needed; else rename it with as in the select.")  # fmt: skip
    found, plain = [], []
    for name in extra:
        near = near_names(name.lower(), free)
        if near:
            what = Text(
                f"数据规范没有列 {_safe(name)}，未读入", f"the contract has no column {_safe(name)}; it is left aside"
            )
            found.append(Finding("column_unknown", place, what, do, near, "warning"))
        else:
            plain.append(_safe(name))
    if plain:
        shown = ", ".join(plain[:_SHOWN]) + (" …" if len(plain) > _SHOWN else "")
        what = Text(f"数据规范没有的 {len(plain)} 列未读入：{shown}",
                    f"{len(plain)} columns that the contract does not have are left aside: {shown}")  # fmt: skip
        found.append(Finding("column_unknown", place, what, do, (), "warning"))
    return found
