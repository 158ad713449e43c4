"""Read = stored + rejected, by reason and line, on random dirty tables, against a count in plain Python."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from basekeep.store.sources.reading import Reading

from .plain_account import COLUMNS, Account, account
from .reader import Reader, rejected, stored

CELLS = {
    "subscriber_id": ["S1", "S2", "S3", "S4", "S5", "S6", " S1", "", "七"],
    "month": ["2025-12-01"] * 8 + ["2025-12", "2025-11-30", "202512", "20251201", "2025/12/1", "2025-13-01", "", "x"],
    "status": ["active"] * 8 + ["suspended", "cancelled\t", "Active", "", "停机"],
    "join_date": ["2020-01-05"] * 6 + ["20200105", "2020/1/5", "2020-02-30", "2020-01-05 10:00:00", "2020-01", "1-5-2020", "", "1700-01-01"],
    "plan_fee": ["70.10"] * 4 + ["70.1", "", "0", "1000000", "1000000.00001", "-0.00001", "1e2", "1e99", "nan", "７", "1_0", "70元", "0.00005"],
    "is_staff": ["1"] * 4 + ["true", "", "否", "N", "2", "x"],
    "contacts": ["3"] * 4 + ["3.0", "", "3.5", "-1", "1e1", "1000001", "x", "99999999999999999999"],
}  # fmt: skip
ROWS = st.tuples(*(st.sampled_from(CELLS[name]) for name in COLUMNS)).map(",".join)
BROKEN = st.sampled_from(
    ["", "S1,2025-12-01", "S1,2025-12-01,active,2020-01-05,1,1,1,1", '"S1,2025-12-01,active,2020-01-05,1,1,1']
)
LINES = st.lists(st.one_of(ROWS, ROWS, ROWS, ROWS, BROKEN), min_size=1, max_size=40)


def counted(reading: Reading) -> Account:
    rows = [tuple(row[name] for name in COLUMNS) for row in stored(reading)]
    kept = [(row["reason"], row["column"], row["file"], row["line"]) for row in rejected(reading)]
    return Account(reading.ledger.read, rows, kept)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=LINES, second=LINES)
@example(first=["S1,2025-12-01,active,2020-01-05,70.10,1,3"], second=["S2,2025-12-01,active,2020-01-05,70.10,1,3"])
@example(first=["S1,2025-12-01,active,2020-01-05,70.10,1,3"], second=["S1,2025-12-01,active,2020-01-05,70.1,是,3.0"])
@example(
    first=["S1,2025-12-01,active,20200105,70.10,1,3"],
    second=['"S1,2025-12-01,active,2020-01-05,1,1,1', ",2025-12-01,active,2020-01-05,70.10,1,3"],
)
def test_the_account_is_that_of_plain_python(reader: Reader, first: list[str], second: list[str]) -> None:
    files = {"a.csv": first, "b.csv": second}
    for name, lines in files.items():
        reader.write(name, ",".join(COLUMNS) + "\n" + "".join(f"{line}\n" for line in lines))
    for lines in files.values():
        if not any(lines):
            return
    expected = account(files)
    reading = reader.read("select * from '?.csv'")
    found = counted(reading)
    assert Counter(found.rejected) == Counter(expected.rejected)
    assert Counter(found.stored) == Counter(expected.stored)
    assert found.read == expected.read == reading.ledger.stored + reading.ledger.rejected
    by_reason = Counter((reason, column) for reason, column, _, _ in expected.rejected)
    assert {(reason.code, reason.column): reason.count for reason in reading.ledger.reasons} == by_reason
    for reason in reading.ledger.reasons:
        mine = [
            (name, line)
            for code, column, name, line in expected.rejected
            if (code, column) == (reason.code, reason.column)
        ]
        assert (reason.first_file, reason.first_line) == min(mine)
