"""Keeps the account of an ingest under `rejects/`: the ledger of every table and its rejected rows.

Kept whether the ingest was stored or not. The ledger shows no personal data; the rejected rows are as the source has them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from basekeep.kernel.findings import Finding
from basekeep.kernel.months import month_text
from basekeep.store.disk import disk_errors, place_folder, write_new
from basekeep.store.sources.ledger import Ledger, MonthRejects
from basekeep.store.state import PartitionRef
from basekeep.store.writing import Work

REJECTS = "rejects"
LEDGER = "ledger.json"


def next_ingest_id(store_dir: Path, today: date) -> str:
    """The next free name of the day, as `20260105-002`."""
    day = today.strftime("%Y%m%d")
    taken = [path.name for path in (store_dir / REJECTS).glob(f"{day}-*")]
    return f"{day}-{max((int(name[9:]) for name in taken), default=0) + 1:03d}"


def keep_rejects(
    work: Work, ingest_id: str, ledgers: Sequence[Ledger], versions: Mapping[tuple[str, str], PartitionRef]
) -> Path:
    """Write the folder of one ingest; `versions` are those that it makes, none where nothing is to be stored."""
    folder = work.new_folder()
    with disk_errors():
        for ledger in ledgers:
            if ledger.rejects_file:
                os.replace(ledger.rejects_file, folder / f"{ledger.table}.parquet")
        content = {
            "ingest": ingest_id,
            "stored": bool(versions),
            "tables": [_ledger(ledger) for ledger in ledgers],
            "versions": [
                {"table": table, "partition": key, "version": ref.version, "rows": ref.rows}
                for (table, key), ref in sorted(versions.items())
            ],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_new(folder / LEDGER, f"{text}\n".encode())
        target = work.store_dir / REJECTS / ingest_id
        place_folder(folder, target)
    return target


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {
        "table": ledger.table,
        "read": ledger.read,
        "stored": ledger.stored,
        "rejected": ledger.rejected,
        "reasons": [asdict(reason) for reason in ledger.reasons],
        "months": [_month(month) for month in ledger.months],
        "rejects_file": f"{ledger.table}.parquet" if ledger.rejects_file else None,
        "notes": [_note(note) for note in ledger.notes],
    }


def _month(month: MonthRejects) -> dict[str, Any]:
    return {"month": month_text(month.month), "read": month.read, "rejected": month.rejected}


def _note(note: Finding) -> dict[str, Any]:
    return {
        "code": note.code,
        "place": str(note.place),
        "severity": note.severity,
        "what": asdict(note.what),
        "do": asdict(note.do),
    }
