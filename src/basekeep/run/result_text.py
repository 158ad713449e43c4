"""Columns of a result as the texts that stand in a CSV cell: trimmed numbers, ISO dates, joined lists."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# With one of these at its beginning a spreadsheet takes a text for a formula; the wide forms are what Chinese input gives.
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"


def as_text(column: pa.Array, separator: str) -> pa.Array:
    """A column as strings; what is empty stays null."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_date(kind):
        return column.cast(pa.string())
    if (pa.types.is_decimal(kind) and kind.scale > 0) or pa.types.is_timestamp(kind):
        return _trimmed(column)
    return pa.array([cell_text(value, separator) for value in column.to_pylist()], pa.string())


def is_data(kind: pa.DataType) -> bool:
    """Whether the type's texts are numbers, dates or truths, in which a sign at the beginning means what it says."""
    types = pa.types
    return bool(
        types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        or types.is_temporal(kind)
    )  # fmt: skip


def harmless(column: pa.Array) -> pa.Array:
    """Texts that a spreadsheet would take for formulas, with a quotation mark before them."""
    signs = "".join(f"\\{sign}" if sign in "+-" else sign for sign in FORMULA_SIGNS)
    marked = pc.binary_join_element_wise("'", column, "")
    return pc.if_else(pc.fill_null(pc.match_substring_regex(column, f"^[{signs}]"), False), marked, column)


def cell_text(value: Any, separator: str) -> str | None:
    """One value as a cell's text."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return separator.join(cell_text(item, separator) or "" for item in value)
    if isinstance(value, dict):
        return separator.join(f"{key}={cell_text(item, separator) or ''}" for key, item in value.items())
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def _trimmed(column: pa.Array) -> pa.Array:
    """Numbers without the zeros that end them, times without an empty fraction of a second."""
    text = column.cast(pa.string())
    if pc.any(pc.match_substring(text, "E")).as_py():
        # Arrow says very small numbers in powers of ten.
        text = pa.array([None if value is None else f"{value:f}" for value in column.to_pylist()], pa.string())
    fraction = pc.match_substring(text, ".")
    return pc.if_else(fraction, pc.utf8_rtrim(pc.utf8_rtrim(text, characters="0"), characters="."), text)
