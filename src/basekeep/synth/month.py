"""One month of the operator: lives, use, revenue, accounts, contacts, orders, and the risks that come of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from basekeep.kernel.months import month_text
from basekeep.synth.arrow import MISSING
from basekeep.synth.balance import SHARES, month_shares, settle, tenure_class
from basekeep.synth.blocks import Block, blocks
from basekeep.synth.campaigns import Contacts, care, sell
from basekeep.synth.causes import update_hazard
from basekeep.synth.circle import call_around
from basekeep.synth.codes import CANCELLED
from basekeep.synth.draws import Array
from basekeep.synth.events import business_order_batch, contact_log_batch
from basekeep.synth.field import home_visits_batch, satisfaction_batch
from basekeep.synth.holdings import change_holdings
from basekeep.synth.inclinations import turn
from basekeep.synth.lives import is_there, live, reenter, status
from basekeep.synth.orders import Orders, feel_care, order, take_effect
from basekeep.synth.revenue import earn
from basekeep.synth.risks import held_causes
from basekeep.synth.subscriber_month import Figures, subscriber_month_batch
from basekeep.synth.timeline import MonthFrame
from basekeep.synth.usage import use
from basekeep.synth.world import World
from basekeep.synth.writing import Writing


@dataclass(frozen=True)
class MonthMade:
    """Who is in the base at the month's end, and the V-net members of each group."""

    in_base: Array
    vnet_members: Array


def make_month(world: World, month: MonthFrame, writing: Writing, advance: Callable[[], None]) -> MonthMade:
    """Makes one month, block by block, and writes its rows; `advance` is called after each block."""
    people, state, seed = world.people, world.state, world.options.seed
    reenter(people, state, month.index, seed)
    parts = list(blocks(people, state, month, seed))
    for block in parts:
        live(block)
    there = np.concatenate([is_there(block) for block in parts])
    in_base = there & (state.left != month.index)
    classes = tenure_class(month.number - people.join_number[in_base])
    shares = month_shares(np.bincount(classes, minlength=len(SHARES)))
    for block in parts:
        _make_block(world, block, there[block.low : block.high], shares, writing)
        advance()
    writing.close(_file(month))
    vnet = people.group[in_base & people.vnet]
    return MonthMade(in_base, np.bincount(vnet, minlength=len(world.groups.size)))


def _make_block(world: World, block: Block, here: Array, shares: Array, writing: Writing) -> None:
    turn(block, here)
    line = status(block)
    change_holdings(block, here, world.devices)
    usage = use(block, line)
    revenue = earn(block, line, usage)
    account = settle(block, here, line, revenue.arpu, shares)
    circle = call_around(block, usage.mou_in + usage.mou_out)
    in_base = here & (line != CANCELLED)
    sold, cared = sell(block, in_base, line, usage.throttled), care(block, in_base, line)
    orders = order(block, in_base, line, usage.throttled, sold)
    take_effect(block, orders)
    reached = feel_care(block, cared, sold)
    _collect_points(block, in_base, revenue.arpu)
    figures = Figures(line, usage, revenue, account, circle, reached)
    _write(world, block, here, figures, writing)
    _write_events(world, block, sold.together(cared), orders, writing)
    update_hazard(block, held_causes(block, line, usage, revenue, account))
    _remember(block, here, account.balance, account.arpu)


def _collect_points(block: Block, in_base: Array, arpu: Array) -> None:
    """A point for each yuan; some change most of them for a gift."""
    state = block.state
    state.points[:] += np.where(in_base, arpu // 100, 0)
    redeems = in_base & block.draws.chance("month.redeems", 0.02)
    state.points[:] = np.where(redeems, state.points // 5, state.points)


def _remember(block: Block, here: Array, balance: Array, arpu: Array) -> None:
    """What the next month looks back on; unknown for a month without a row."""
    state = block.state
    state.balance_before[:], state.arpu_before[:] = state.balance, state.arpu
    state.balance[:], state.arpu[:] = np.where(here, balance, MISSING), np.where(here, arpu, MISSING)


def _write(world: World, block: Block, here: Array, figures: Figures, writing: Writing) -> None:
    batch = subscriber_month_batch(block, here, figures, world.words)
    writing.add("subscriber_month", _file(block.month), batch)


def _write_events(world: World, block: Block, contacts: Contacts, orders: Orders, writing: Writing) -> None:
    staff, words, rows = world.staff, world.words, writing.rows
    batches = {
        "contact_log": contact_log_batch(block, contacts, rows["contact_log"], staff, words),
        "business_order": business_order_batch(block, orders, rows["business_order"], staff, words),
        "satisfaction": satisfaction_batch(block, contacts, staff),
        "field_activity": home_visits_batch(block, contacts, staff, words.staff_units),
    }
    for table, batch in batches.items():
        writing.add(table, f"data/{table}.parquet", batch)


def _file(month: MonthFrame) -> str:
    return f"data/subscriber_month/{month_text(month.first)}.parquet"
