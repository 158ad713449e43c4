"""Knots found relationally are those found in memory, and so are the families."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.tables import TablesHere
from basekeep.relations.components import LABEL
from basekeep.relations.sql import sql_of
from basekeep.relations.ties import TIE, tie_table, without_hubs
from basekeep.run.communities import find_components, members_in_memory, members_relationally
from families.test_knots import LIMITS, named
from oracle.families import Strength, knots
from oracle.families import without_hubs as plainly_without_hubs

Edges = list[tuple[str, str]]


def random_edges(seed: int, people: int = 300, ties: int = 260) -> Edges:
    dice = random.Random(seed)
    pairs = {tuple(sorted(dice.sample(range(people), 2))) for _ in range(ties)}
    return sorted((named(a), named(b)) for a, b in pairs)


def write_ties(edges: Edges, tables: TablesHere, folder: Path) -> None:
    dice = random.Random(1)
    columns = {
        "a": [a for a, _ in edges],
        "b": [b for _, b in edges],
        "minutes": [dice.randint(1, 5) for _ in edges],
        "night_share": [1 for _ in edges],
        "same_address": [dice.random() < 0.5 for _ in edges],
    }
    pq.write_table(pa.table(columns), folder / "ties.parquet")
    tables.read("given", [folder / "ties.parquet"])
    tables.make(TIE, "SELECT * FROM given")


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_give_the_same_members(seed: int, tmp_path: Path) -> None:
    edges = random_edges(seed)
    with DuckEngine(threads=2) as engine, engine.tables(tmp_path / "tables") as tables:
        write_ties(edges, tables, tmp_path)
        both = []
        for members in (members_in_memory, members_relationally):
            table = members(tables, LIMITS, tmp_path)
            both.append(tables.here.rows(f"SELECT subscriber_id, head FROM {table} ORDER BY ALL"))
    assert both[0] == both[1]
    assert len(both[0]) > 50


def test_labels_reach_the_end_of_a_long_chain_whose_ids_are_in_disorder(tmp_path: Path) -> None:
    dice = random.Random(3)
    order = dice.sample(range(400), 400)
    edges: Edges = [(min(pair), max(pair)) for pair in zip(map(named, order), map(named, order[1:]), strict=False)]
    edges = [edge for index, edge in enumerate(edges) if index != 250]
    with DuckEngine(threads=2) as engine, engine.tables(tmp_path / "tables") as tables:
        write_ties(edges, tables, tmp_path)
        find_components(tables)
        labels = dict(tables.here.rows(f"SELECT subscriber_id, label FROM {LABEL}"))
    expected = {who: min(knot) for knot in knots(edges) for who in knot}
    assert labels == expected
    assert len(set(labels.values())) == 2


@pytest.mark.parametrize("most", [3, 4])
def test_a_hub_ties_nobody_together(most: int, tmp_path: Path) -> None:
    # The courier has exactly four ties; the others have one or two.
    courier = [(named(0), named(other)) for other in (1, 3, 5, 7)]
    edges = sorted([*courier, (named(1), named(2)), (named(3), named(4))])
    with DuckEngine(threads=1) as engine, engine.tables(tmp_path / "tables") as tables:
        write_ties(edges, tables, tmp_path)
        tables.make(TIE, sql_of(without_hubs(tie_table(), most)))
        kept = tables.here.rows(f"SELECT a, b FROM {TIE} ORDER BY ALL")
    assert kept == sorted(plainly_without_hubs(dict.fromkeys(edges, Strength(1, 1, True)), most))  # type: ignore[arg-type]
    assert (len(kept) == len(edges)) == (most == 4)
