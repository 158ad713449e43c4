"""Warns of a month that came with far fewer rows than before: often a file that was not exported to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.state import PartitionRef, State


def shrunk_months(
    before: State, after: State, changed: Mapping[tuple[str, str], PartitionRef], places: Mapping[str, Place],
    monthly: frozenset[str],
) -> Iterator[Finding]:  # fmt: skip
    """A warning where a month lost a fifth against its earlier version, or half against the month stored before it."""
    for (table, key), ref in changed.items():
        if table not in monthly:
            continue
        old = before.partition(table, key)
        if old is not None and ref.rows * 5 <= old.rows * 4:
            yield _shrunk(table, key, ref.rows, old.rows, Text("原来的版本", "its earlier version"), places[table])
            continue
        earlier = max((other for other in after.partitions.get(table, {}) if other < key), default=None)
        last = after.partition(table, earlier) if earlier else None
        if earlier and last and old != ref and ref.rows * 2 <= last.rows:
            yield _shrunk(
                table, key, ref.rows, last.rows, Text(f"前一个月 {earlier}", f"month {earlier}"), places[table]
            )


def _shrunk(table: str, key: str, rows: int, others: int, than: Text, place: Place) -> Finding:
    return Finding(
        "month_shrunk",
        place,
        Text(f"{table} {key} 现在只有 {rows:,} 行，{than.zh}有 {others:,} 行",
             f"{table} {key} now has {rows:,} rows only; {than.en} has {others:,}"),
        Text("核对源文件是否完整；不完整时重新导出，再执行 basekeep ingest。",
             "See whether the source file is whole; if not, export it again and run basekeep ingest again."),
        severity="warning",
    )  # fmt: skip
