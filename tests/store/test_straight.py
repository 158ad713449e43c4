"""One month wanted goes straight onto the roster; it is stored and accounted for as by way of a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from basekeep.store.ingest import IngestReport

from .small_operator import Operator

AUGUST, SEPTEMBER = date(2025, 8, 1), date(2025, 9, 1)
# What stands in the second month after the rows that are right.
BESIDE = {
    "nothing": [],
    "a known one twice": ["a,2025-09-01,active,2020-05-17,7"],
    "a known one otherwise": ["a,2025-09-01,active,2020-05-17,8"],
    "a newcomer twice": ["x,2025-09-01,active,2020-05-17,7"],
    "a newcomer otherwise": ["x,2025-09-01,active,2020-05-17,8"],
    "an unknown value": ["y,2025-09-01,sleeping,2020-05-17,7"],
    "a number out of range": ["y,2025-09-01,active,2020-05-17,-1"],
    "no number": ["y,2025-09-01,active,2020-05-17,much"],
    "no id": [",2025-09-01,active,2020-05-17,7"],
    "no month": ["y,,active,2020-05-17,7"],
    "a broken line": ["y,2025-09-01"],
    "numbers rounded": ["y,2025-09-01,active,2020-05-17,1.23456", "z,2025-09-01,active,2020-05-17,1.23450"],
    "blanks around": [" y ,2025-09-01, active ,2020-05-17, 7 ", "\u3000z,2025-09-01,active,,"],
}


def closed(root: Path, month: date | None, beside: list[str]) -> IngestReport:
    """An operator with August stored and September read."""
    operator = Operator(root)
    operator.month(AUGUST, dict.fromkeys("bcdefa", "7"))
    operator.ingest()
    (operator.root / "data" / "month_2025-08.csv").unlink()
    operator.month(SEPTEMBER, dict.fromkeys("fxabc", "7"))
    with (operator.root / "data" / "month_2025-09.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in beside)
    return operator.ingest(month, reject_limit="1")


@pytest.mark.parametrize("beside", BESIDE)
def test_a_month_wanted_is_stored_and_accounted_for_as_one_found(tmp_path: Path, beside: str) -> None:
    wanted = closed(tmp_path / "wanted", SEPTEMBER, BESIDE[beside])
    found = closed(tmp_path / "found", None, BESIDE[beside])
    assert (wanted.state.partitions, wanted.state.roster) == (found.state.partitions, found.state.roster)
    assert (wanted.newcomers, wanted.stored) == (found.newcomers, found.stored)
    for name in ("read", "stored", "rejected", "reasons", "months", "notes"):
        assert getattr(wanted.ledgers[0], name) == getattr(found.ledgers[0], name), name


def test_rows_of_other_months_are_left_out(tmp_path: Path) -> None:
    report = closed(tmp_path / "operator", SEPTEMBER, ["y,2025-08-01,active,2020-05-17,much"])
    assert (report.ledgers[0].read, report.ledgers[0].stored, report.newcomers) == (5, 5, 1)
