"""What makers may see: models, cities and counts of lines. Never anything of a person, a group or a member of staff.

Its columns are a closed list; its texts come from the catalogue of models and the organisation alone, and one that is
also somebody's identifier is left out with its row. No totals are given. A cell of few lines is withheld; so that it
cannot be told from what a city has in all, at least two cells of such a city are, with enough lines between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import VendorList
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.inputs import Inputs
from basekeep.run.upgrade.marketing_cost import Row
from basekeep.run.upgrade.options import UNKNOWN

COLUMNS = (
    "brand", "city_id", "device_model_id", "device_name", "present_lines", "present_months", "wanted_lines",
    "present_withheld", "wanted_withheld",
)  # fmt: skip
_TEXTS = ("brand", "city_id", "device_model_id", "device_name")
_SIDES = ("present", "wanted")
# A maker may be a customer too: that its name is a group's name tells nothing.
_NO_NAMES = "brand"


@dataclass(frozen=True)
class _Cells:
    """Lines by city and model, and the months their devices were in use; makers and names by model."""

    lines: Mapping[str, dict[tuple[str, str], int]]
    months: Mapping[tuple[str, str], int]
    models: Mapping[str, tuple[str, str | None]]


def vendor_list(declared: VendorList, inputs: Inputs, session: Session) -> tuple[list[Row], Remark]:
    """The rows by maker, city and model; the remark counts those left out for an identifier."""
    cells = _cells(session)
    withheld = {side: _withheld_by_city(cells.lines[side], declared.least_lines) for side in _SIDES}
    keys = sorted({key for side in _SIDES for key in cells.lines[side]}, key=lambda key: (cells.models[key[1]][0], key))
    rows = [_row(key, cells, withheld) for key in keys]
    unsafe = _identifiers(rows, inputs, session)
    safe = [row for row in rows if not any((name, row[name]) in unsafe for name in _TEXTS)]
    return safe, Remark(
        "vendor_list.identifier", "device_model", len(rows) - len(safe),
        Text("厂商清单中含有与用户、集团或人员标识相同文字的行；未给出", "rows of the vendor lists with a text that is also somebody's identifier; they are left out"),
        Text("改正型号表或组织机构中的这些文字。", "Correct these texts in device_model or org_unit."),
    )  # fmt: skip


def withhold(cells: Mapping[tuple[str, str], int], least: int) -> frozenset[tuple[str, str]]:
    """Which cells are withheld of those that make up one sum that somebody may know.

    All of fewer than `least` lines; and, where there are any, the next smallest until there are two with `least` between
    them, so that each could be at least two different numbers.
    """
    ordered = sorted(cells, key=lambda key: (cells[key], key))
    few = sum(cells[key] < least for key in ordered)
    while 0 < few < len(ordered) and (few < 2 or sum(cells[key] for key in ordered[:few]) < least):
        few += 1
    return frozenset(ordered[:few])


def _withheld_by_city(cells: Mapping[tuple[str, str], int], least: int) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for city in {city for city, _ in cells}:
        found |= withhold({key: many for key, many in cells.items() if key[0] == city}, least)
    return frozenset(found)


def _cells(session: Session) -> _Cells:
    present = session.rows(
        "SELECT city_id, present, count(*), sum(age_months) FROM upgrade__ageing a JOIN upgrade__device d ON a.present = d.device_model_id "
        f"WHERE city_id IS NOT NULL AND present <> {sql_literal(UNKNOWN)} AND d.brand IS NOT NULL GROUP BY ALL"
    )
    wanted = session.rows(
        "SELECT c.city_id, c.device_model_id, count(*) FROM upgrade__chosen c JOIN upgrade__device d ON c.device_model_id = d.device_model_id "
        "WHERE c.choice = 1 AND d.brand IS NOT NULL GROUP BY ALL"
    )
    models = session.rows("SELECT device_model_id, brand, name FROM upgrade__device WHERE brand IS NOT NULL")
    return _Cells(
        {
            "present": {(city, model): int(many) for city, model, many, _ in present},
            "wanted": {(city, model): int(many) for city, model, many in wanted},
        },
        {(city, model): int(months) for city, model, _, months in present},
        {model: (brand, name) for model, brand, name in models},
    )


def _row(key: tuple[str, str], cells: _Cells, withheld: Mapping[str, frozenset[tuple[str, str]]]) -> Row:
    city, model = key
    brand, name = cells.models[model]
    row: Row = {"brand": brand, "city_id": city, "device_model_id": model, "device_name": name}
    for side in _SIDES:
        hidden = key in withheld[side]
        row[f"{side}_withheld"] = hidden
        row[f"{side}_lines"] = None if hidden else cells.lines[side].get(key, 0)
    lines = row["present_lines"]
    assert lines is None or isinstance(lines, int)
    # To the nearest whole month.
    row["present_months"] = (2 * cells.months[key] + lines) // (2 * lines) if lines else None
    return {column: row[column] for column in COLUMNS}


def _identifiers(rows: list[Row], inputs: Inputs, session: Session) -> set[tuple[str, object]]:
    """The texts of the rows, by column, that are or hold somebody's identifier as a word."""
    texts = sorted({(name, str(row[name])) for row in rows for name in _TEXTS if row[name] is not None})
    if not texts:
        return set()
    listed = ", ".join(f"({sql_literal(name)}, {sql_literal(text)})" for name, text in texts)
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__word AS SELECT DISTINCT name, text, unnest(list_concat([text], "
        r"regexp_extract_all(text, '[^\s,;:/()（），；：、]+'), regexp_extract_all(text, '[\p{L}\p{N}]+'))) AS word "
        f"FROM (VALUES {listed}) t(name, text)"
    )
    people = ("subscriber_id", "customer_id", "msisdn", "family_account_id", "address_id", "group_id")
    places = [(f"SELECT {column} AS id FROM {inputs.people} p", "TRUE") for column in people]
    places += [(f"SELECT {column} FROM {inputs.staff} s", "TRUE") for column in ("staff_id", "name")]
    places += [(f"SELECT group_id FROM {inputs.groups} g", "TRUE")]
    places += [(f"SELECT name FROM {inputs.groups} g", f"name <> {sql_literal(_NO_NAMES)}")]
    places += [(f"SELECT order_id FROM {inputs.orders} o", "TRUE")]
    found: set[tuple[str, object]] = set()
    for query, only in places:
        ids = f"SELECT DISTINCT id FROM ({query}) t(id) WHERE id IN (SELECT word FROM upgrade__word)"
        found.update(session.rows(f"SELECT name, text FROM upgrade__word WHERE {only} AND word IN ({ids})"))
    return found
