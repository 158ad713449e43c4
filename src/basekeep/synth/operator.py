"""The door of the synthetic operator: every contract table as Parquet under `data/`, the truth apart under `truth/`.

The same options give the same bytes. Nothing here reads a clock, the network or the machine.
"""

from __future__ import annotations

from pathlib import Path

from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.synth import call_pair, truth
from basekeep.synth.balance_day import balance_day_batch
from basekeep.synth.blocks import BLOCK_ROWS, cut
from basekeep.synth.devices import device_model_batch, device_stock_batch
from basekeep.synth.field import exclusion_list_batch, rounds_batch
from basekeep.synth.group_month import begin_groups, group_month_batch
from basekeep.synth.groups import group_account_batch
from basekeep.synth.month import make_month
from basekeep.synth.options import Made, Options
from basekeep.synth.org_unit import org_unit_batch
from basekeep.synth.staff import staff_batch
from basekeep.synth.world import World, make_world
from basekeep.synth.writing import Writing

__all__ = ["Made", "Options", "make", "mapping"]


def make(options: Options, into: Path, progress: Progress) -> Made:
    """Makes the operator in the workspace `into`: `data/…` as mapped by `mapping`, `truth/subscriber_truth.parquet`.

    Raises:
        WorkError: `data` or `truth` already hold files, or cannot be written; nothing was changed.
    """
    world = make_world(options)
    with Writing(into) as writing:
        _write_catalogues(world, writing)
        _write_months(world, writing, progress)
        _write_truth(world, writing)
    return Made(into, writing.files(), dict(sorted(writing.rows.items())))


def mapping(made: Made) -> dict[str, str]:
    """The `tables:` of a workspace's settings: one select per contract table, paths relative to the workspace."""
    tables = sorted(name for name in made.rows if name != truth.TABLE)
    files = {name: f"data/{name}.parquet" for name in tables} | {"subscriber_month": "data/subscriber_month/*.parquet"}
    return {name: f"select * from read_parquet('{files[name]}')" for name in tables}


def _write_catalogues(world: World, writing: Writing) -> None:
    seed = world.options.seed
    batches = {
        "org_unit": org_unit_batch(world.organisation),
        "staff": staff_batch(world.staff, seed),
        "device_model": device_model_batch(world.devices),
        "device_stock": device_stock_batch(world.devices, world.organisation.city_ids, seed),
        "group_account": group_account_batch(world.groups, world.organisation, world.staff, seed),
    }
    for table, batch in batches.items():
        writing.add(table, f"data/{table}.parquet", batch)


def _write_months(world: World, writing: Writing, progress: Progress) -> None:
    parts = -(-len(world.people.code) // BLOCK_ROWS)
    progress.start(len(world.months) * parts, Text("生成合成运营商", "Making the synthetic operator"))
    seed, group_state = world.options.seed, begin_groups(world.groups, world.months[0], world.options.seed)
    ties = None
    for month in world.months:
        made = make_month(world, month, writing, progress.advance)
        left = len(world.months) - 1 - month.index
        groups = group_month_batch(world.groups, group_state, month, made.vnet_members, left, seed)
        writing.add("group_month", "data/group_month.parquet", groups)
        rounds = rounds_batch(month, world.staff, world.words.staff_units, seed)
        writing.add("field_activity", "data/field_activity.parquet", rounds)
        if left < call_pair.MONTHS:
            ties = ties or call_pair.make_ties(world.people, seed)
            pairs = call_pair.call_pair_batch(world.people, ties, made.in_base, month, seed)
            writing.add("call_pair", "data/call_pair.parquet", pairs)
    excluded = exclusion_list_batch(world.people, world.state, world.months[-1], seed)
    writing.add("exclusion_list", "data/exclusion_list.parquet", excluded)
    newest = balance_day_batch(world.people, world.state, world.months[-1], seed)
    writing.add("balance_day", "data/balance_day.parquet", newest)
    progress.done()


def _write_truth(world: World, writing: Writing) -> None:
    for low in range(0, len(world.people.code), BLOCK_ROWS):
        people, state = cut(world.people, low, low + BLOCK_ROWS), cut(world.state, low, low + BLOCK_ROWS)
        writing.add(truth.TABLE, f"truth/{truth.TABLE}.parquet", truth.truth_batch(people, state, world.months))
