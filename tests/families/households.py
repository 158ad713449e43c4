"""A small operator with a few households of known make, as a workspace with files."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from basekeep.playbook.shipping import shipped_folder

MONTHS = ("2025-10", "2025-11", "2025-12")
# Who calls whom at home; `cell` where only the home cell is the same.
HOUSEHOLDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "A1": [("S01", "S02"), ("S01", "S03"), ("S02", "S03")],
    "A2": [("S04", "S05")],
}
_ALONE = ("S06", "S07", "S08")
_SETTINGS = """language: en
reject_limit: 0.5
tables:
  subscriber_month: select * from read_csv('data/month.csv')
  call_pair: select * from read_csv('data/pairs.csv')
"""


def write_operator(folder: Path, pairs: Sequence[Sequence[object]] = (), months: Sequence[str] = MONTHS) -> Path:
    """A workspace with the households, and more pairs as `month, a, b, minutes both ways, night share, through a V-net`."""
    (folder / "data").mkdir(parents=True)
    (folder / "basekeep.yaml").write_text(_SETTINGS, encoding="utf-8")
    shutil.copytree(shipped_folder(), folder / "playbook")
    _write(folder / "data" / "month.csv", _subscribers(months))
    write_pairs(folder, [*_calls(months), *pairs])
    return folder


def write_pairs(folder: Path, pairs: Sequence[Sequence[object]]) -> None:
    """The file of pairs anew."""
    head = ["month", "a_id", "b_id", "minutes_ab", "minutes_ba", "night_share", "via_vnet"]
    rows = [[f"{month}-01", a, b, there, back, night, vnet] for month, a, b, there, back, night, vnet in pairs]
    _write(folder / "data" / "pairs.csv", [head, *rows])


def _subscribers(months: Sequence[str]) -> Iterator[list[object]]:
    yield ["subscriber_id", "month", "status", "join_date", "msisdn", "home_cell_id", "address_id"]
    homes = {who: home for home, ties in HOUSEHOLDS.items() for tie in ties for who in tie}
    for month in months:
        for who in (*homes, *_ALONE):
            address = "" if who == "S08" else homes.get(who, f"alone-{who}")
            cell = "" if who == "S08" else f"C{homes.get(who, '9')[-1]}"
            yield [who, f"{month}-01", "active", "2020-01-01", f"1390000{who[1:]}99", cell, address]


def _calls(months: Sequence[str]) -> Iterator[list[object]]:
    for month in months:
        for ties in HOUSEHOLDS.values():
            for a, b in ties:
                yield [month, a, b, "10.25", "2.00", "0.4", "false"]


def _write(path: Path, rows: Sequence[Sequence[object]] | Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
