"""The tables in and their columns, from the contract; the tables out and theirs, from what a run gives."""

from __future__ import annotations

from basekeep.contract.columns import Column, Table
from basekeep.reference.markdown import cell, code, table

_HEADS = ("列 column", "类型 type", "中文", "English", "单位 unit", "取值 values")


def columns_table(of: Table) -> str:
    """The columns of a contract table; ● marks the required ones."""
    return table(_HEADS, [_row(column) for column in of.columns])


def _row(column: Column) -> tuple[str, ...]:
    mark = "● " if column.required else ""
    return (
        f"{mark}{code(column.name)}", column.type, cell(column.label.zh), cell(column.label.en), column.unit,
        " · ".join(_values(column)),
    )  # fmt: skip


def _values(column: Column) -> list[str]:
    said = []
    if column.values:
        said.append(" ".join(code(value) for value in column.values))
    if column.lower is not None and column.upper is not None:
        said.append(f"{column.lower:,} … {column.upper:,}")
    if column.none_when_empty:
        said.append("空＝无 empty means none")
    if column.personal:
        said.append("个人信息 personal")
    return said
