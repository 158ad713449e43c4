"""SQL masks phone numbers exactly as the kernel does."""

from __future__ import annotations

from basekeep.contract.tables import TABLES
from basekeep.engines.duckdb import DuckEngine
from basekeep.kernel.masking import mask_msisdn
from basekeep.run.masked import masked

NUMBERS = [
    "13812345678",
    "1381234",
    "123456",
    "12345",
    "1",
    "",
    "１３８１２３４５６７８",
    "138𠀀𠀀𠀀𠀀78",
    "a\u0301bcdefg",
]


def test_masking_in_sql_is_the_masking_of_the_kernel() -> None:
    given = ", ".join(f"('{number}')" for number in NUMBERS)
    query = masked(TABLES["subscriber_month"], f"SELECT * FROM (VALUES {given}, (NULL)) t(msisdn)")
    with DuckEngine(threads=1) as engine, engine.session() as session:
        found = [row[0] for row in session.rows(query)]
    assert found == [*(mask_msisdn(number) for number in NUMBERS), None]


def test_a_table_without_phone_numbers_is_left_as_it_is() -> None:
    assert masked(TABLES["org_unit"], "SELECT 1") == "SELECT 1"
