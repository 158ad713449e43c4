"""What is made keeps the contract: columns, types, ranges, closed sets, keys."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from basekeep.contract.columns import Column, Table
from basekeep.contract.tables import TABLES
from basekeep.synth.operator import Made, mapping

KINDS = {
    "string": pa.types.is_string,
    "date": pa.types.is_date32,
    "bool": pa.types.is_boolean,
    "int": pa.types.is_integer,
    "number": pa.types.is_decimal,
    "timestamp": pa.types.is_timestamp,
}
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def rows(made: Made, table: Table) -> pa.Table:
    """All rows of a table; of the monthly wide table the first and last month."""
    if table.name != "subscriber_month":
        return pq.read_table(made.into / "data" / f"{table.name}.parquet")
    files = sorted((made.into / "data" / table.name).glob("*.parquet"))
    return pa.concat_tables(pq.read_table(file) for file in (files[0], files[-1]))


@every_table
def test_columns_stand_in_the_contracts_order_with_its_types(made: Made, table: Table) -> None:
    schema = rows(made, table).schema
    assert tuple(schema.names) == table.names
    assert [column.name for column in table.columns if not KINDS[column.type](schema.field(column.name).type)] == []


@every_table
def test_values_are_sane(made: Made, table: Table) -> None:
    read = rows(made, table)
    assert read.num_rows > 0
    for column in table.columns:
        outside = broken(column, read[column.name])
        assert not outside, f"{table.name}.{column.name}: {outside}"


@every_table
def test_keys_are_unique(made: Made, table: Table) -> None:
    if table.key:
        read = rows(made, table).select(list(table.key))
        assert read.group_by(list(table.key)).aggregate([]).num_rows == read.num_rows


def broken(column: Column, values: pa.ChunkedArray) -> list[object]:
    """Up to three values that the contract does not allow."""
    found: list[object] = []
    if column.required and not column.none_when_empty and values.null_count:
        found.append(None)
    known = values.drop_null()
    if column.lower is not None:
        found += pc.filter(known, pc.less(known, column.lower)).to_pylist()[:3]
    if column.upper is not None:
        found += pc.filter(known, pc.greater(known, column.upper)).to_pylist()[:3]
    if column.values:
        found += [value for value in pc.unique(known).to_pylist() if value not in column.values][:3]
    return found


def test_every_table_is_mapped_and_the_truth_is_not(made: Made) -> None:
    selects = mapping(made)
    assert set(selects) == set(TABLES)
    for select in selects.values():
        pattern = select.split("'")[1]
        assert list(made.into.glob(pattern)), pattern
        assert pattern.startswith("data/")


def test_rows_are_counted(made: Made) -> None:
    files = (made.into / "data" / "subscriber_month").glob("*.parquet")
    assert made.rows["subscriber_month"] == sum(pq.read_metadata(file).num_rows for file in files)
    assert made.rows["staff"] == pq.read_metadata(made.into / "data" / "staff.parquet").num_rows


def test_some_optional_values_are_missing_here_and_there(made: Made) -> None:
    read = rows(made, TABLES["subscriber_month"])
    for name in ("balance", "arpu", "mou_out", "data_mb", "contacts", "home_cell_id"):
        assert 0.002 < read[name].null_count / read.num_rows < 0.01, name


def test_ids_are_found_where_they_point(made: Made) -> None:
    def values(table: str, column: str) -> set[str]:
        return set(pc.unique(pq.read_table(made.into / "data" / f"{table}.parquet")[column]).drop_null().to_pylist())

    last = rows(made, TABLES["subscriber_month"])
    units, groups = values("org_unit", "unit_id"), values("group_account", "group_id")
    assert set(pc.unique(last["branch_id"]).to_pylist()) <= units
    assert set(pc.unique(last["group_id"]).drop_null().to_pylist()) <= groups
    assert set(pc.unique(last["device_model_id"]).drop_null().to_pylist()) <= values("device_model", "device_model_id")
    assert values("org_unit", "parent_id") <= units
    for table in ("staff", "group_account", "business_order", "contact_log", "field_activity"):
        assert values(table, "unit_id") <= units, table
    for table in ("business_order", "contact_log", "field_activity", "satisfaction"):
        assert values(table, "staff_id") <= values("staff", "staff_id"), table
    assert values("group_account", "chief_manager_id") | values("group_account", "manager_id") <= values(
        "staff", "staff_id"
    )
