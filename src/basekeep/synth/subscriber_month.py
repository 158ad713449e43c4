"""The `subscriber_month` table: one month's figures of those who have a row, as columns of the contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.synth import arrow, codes, plans
from basekeep.synth.arrow import MISSING
from basekeep.synth.balance import Account
from basekeep.synth.blocks import Block
from basekeep.synth.circle import Circle
from basekeep.synth.draws import Array
from basekeep.synth.homes import CELLS_PER_BRANCH
from basekeep.synth.lives import number_changes
from basekeep.synth.revenue import Revenue
from basekeep.synth.usage import Usage

# Columns whose value the source lost here and there; each in one row of two hundred, never two in a row.
LOSSY = (
    "birth_date", "id_region", "home_cell_id", "home_cell_kind", "address_id", "device_model_id", "device_since",
    "mou_out", "mou_in", "long_distance_min", "roaming_min", "data_mb", "balance", "contacts", "offnet_contact_share",
    "plan_actual_fee", "vas_count", "points", "broadband", "black_list",
)  # fmt: skip
_LOST = 0.005


@dataclass(frozen=True)
class Words:
    """The ids that codes stand for."""

    branches: pa.Array
    cells: pa.Array
    groups: pa.Array
    devices: pa.Array
    staff_units: pa.Array  # the unit of each of the staff


@dataclass(frozen=True)
class Figures:
    """One month's figures of a block."""

    status: Array
    usage: Usage
    revenue: Revenue
    account: Account
    circle: Circle
    cared: Array


def cell_ids(branches: int) -> pa.Array:
    """The ids of all home cells."""
    return arrow.identifier("C", np.arange(branches * CELLS_PER_BRANCH), 7)


def subscriber_ids(people_codes: Array) -> pa.Array:
    """Codes of `People` as subscriber ids."""
    return arrow.identifier("S", people_codes, 9)


def subscriber_month_batch(block: Block, here: Array, figures: Figures, words: Words) -> pa.RecordBatch:
    """The rows of the block's subscribers who are there."""
    rows = np.flatnonzero(here)
    columns = {
        **_identity(block, rows, words),
        **_line(block, rows, figures),
        **_belonging(block, rows, words, figures),
        **_use(rows, figures),
        **_account(block, rows, figures),
        **_contact(block, rows, figures),
    }
    return arrow.batch_of(SUBSCRIBER_MONTH, _with_gaps(columns, block.draws.uniform("subscriber_month.lost")[rows]))


def _with_gaps(columns: dict[str, pa.Array], uniform: Array) -> dict[str, pa.Array]:
    lost = (uniform / _LOST).astype(np.int32)
    for number, name in enumerate(LOSSY):
        column = columns[name]
        gaps = pa.array(lost == number)
        if pa.types.is_dictionary(column.type):
            indices = pc.if_else(gaps, pa.scalar(None, column.indices.type), column.indices)
            columns[name] = pa.DictionaryArray.from_arrays(indices, column.dictionary)
        else:
            columns[name] = pc.if_else(gaps, pa.scalar(None, column.type), column)
    return columns


def _identity(block: Block, rows: Array, words: Words) -> dict[str, pa.Array]:
    people = block.people
    return {
        "subscriber_id": subscriber_ids(people.code[rows]),
        "month": arrow.day(np.full(len(rows), block.month.first_day)),
        "customer_id": arrow.identifier("K", people.customer[rows], 9),
        # No operator's numbers begin with 160: nobody is called by these.
        "msisdn": arrow.identifier("160", people.code[rows] % 100_000_000, 8),
        "branch_id": arrow.label(people.branch[rows], words.branches),
        "join_date": arrow.day(people.join_day[rows]),
        "birth_date": arrow.day(people.birth_day[rows]),
        "id_type": arrow.label(people.id_type[rows], codes.ID_TYPE),
        "id_region": arrow.label(people.id_region[rows], codes.ID_REGION),
        "customer_class": arrow.label(people.customer_class[rows], codes.CUSTOMER_CLASS),
    }


def _line(block: Block, rows: Array, figures: Figures) -> dict[str, pa.Array]:
    people, plan = block.people, block.state.plan[rows]
    return {
        "status": arrow.label(figures.status[rows], codes.STATUS),
        "brand": arrow.label(people.brand[rows], codes.BRAND),
        "payment": arrow.label(people.payment[rows], codes.PAYMENT),
        "plan_id": arrow.label(plan, plans.IDS),
        "plan_family": arrow.label(plans.FAMILY[plan], plans.FAMILIES),
        "plan_generation": arrow.whole(plans.GENERATION[plan]),
        "plan_fee": arrow.number(figures.revenue.plan_fee[rows]),
        "plan_actual_fee": arrow.number(figures.revenue.actual_fee[rows]),
        "upgrade_pack": arrow.flag(block.state.upgrade_pack[rows]),
        "product_class": arrow.label(people.product[rows], codes.PRODUCT_CLASS),
        "is_staff": arrow.flag(people.is_staff[rows]),
        "is_fake": arrow.flag(people.is_fake[rows]),
        "red_list": arrow.flag(people.red_list[rows]),
        "black_list": arrow.flag(people.black_list[rows]),
        "is_main_card": arrow.flag(people.is_main[rows]),
        "is_billed": arrow.flag(figures.revenue.arpu[rows] > 0),
        "fusion": arrow.whole(people.fusion[rows]),
        "secondary_cards": arrow.whole(np.where(people.is_main, people.secondary, 0)[rows]),
        "broadband": arrow.flag(people.broadband[rows]),
    }


def _belonging(block: Block, rows: Array, words: Words, figures: Figures) -> dict[str, pa.Array]:
    people, state = block.people, block.state
    return {
        "family_account_id": arrow.identifier("F", people.family_account[rows], 9),
        "group_id": arrow.label(people.group[rows], words.groups),
        "group_role": arrow.label(people.role[rows], codes.GROUP_ROLE),
        "vnet_member": arrow.flag(people.vnet[rows]),
        "device_model_id": arrow.label(state.device[rows], words.devices),
        "device_since": arrow.day(state.device_day[rows]),
        "device_5g": arrow.flag(state.device_5g[rows]),
        "home_cell_id": arrow.label(people.cell[rows], words.cells),
        "home_cell_kind": arrow.label(people.cell_kind[rows], codes.CELL_KIND),
        "address_id": arrow.identifier("A", people.address[rows], 10),
        "directed_long_distance": arrow.flag(people.directed[rows]),
        "bound_until": arrow.day(state.bound_day[rows]),
        "vas_until": arrow.day(state.extra_day[rows]),
        "bill_due_date": arrow.day(figures.account.bill_day[rows]),
    }


def _use(rows: Array, figures: Figures) -> dict[str, pa.Array]:
    usage = figures.usage
    return {
        "arpu": arrow.number(figures.account.arpu[rows]),
        "mou_out": arrow.number(usage.mou_out[rows]),
        "mou_in": arrow.number(usage.mou_in[rows]),
        "long_distance_min": arrow.number(usage.long_distance[rows]),
        "roaming_min": arrow.number(usage.roaming[rows]),
        "data_mb": arrow.number(usage.data[rows]),
        "data_included_mb": arrow.number(usage.included[rows]),
        "throttled_days": arrow.whole(usage.throttled[rows]),
    }


def _account(block: Block, rows: Array, figures: Figures) -> dict[str, pa.Array]:
    account = figures.account
    return {
        "balance": arrow.number(account.balance[rows]),
        "recharge_amount": arrow.number(account.recharge[rows]),
        "recharge_count": arrow.whole(account.recharges[rows]),
        "low_balance_alerts": arrow.whole(account.alerts[rows]),
        "late_payments": arrow.whole(account.late[rows]),
        "vas_count": arrow.whole(block.state.services[rows]),
        "points": arrow.whole(block.state.points[rows]),
    }


def _contact(block: Block, rows: Array, figures: Figures) -> dict[str, pa.Array]:
    people, state, draws, circle = block.people, block.state, block.draws, figures.circle
    new_grievance = state.grieved == 3
    left = state.left == block.month.index
    ported = left & draws.chance("subscriber_month.ported", np.where(state.wooed > 0, 0.6, 0.25))
    pays = np.where(people.pays_by_phone & (figures.status == codes.ACTIVE), 2.4, 0.02)
    return {
        "contacts": arrow.whole(circle.contacts[rows]),
        "offnet_contact_share": arrow.number(np.where(circle.contacts > 0, circle.offnet, MISSING)[rows], digits=4),
        "competitor_hotline_calls": arrow.whole(circle.hotline[rows]),
        "competitor_staff_calls": arrow.whole(circle.staff[rows]),
        "forwarded_offnet": arrow.flag(circle.forwarded[rows]),
        "number_changes_12m": arrow.whole(number_changes(block)[rows]),
        "complaints": arrow.whole((new_grievance * (1 + draws.count("subscriber_month.complaints", 0.3)))[rows]),
        "care_contacts": arrow.whole(figures.cared[rows]),
        "mobile_pay_count": arrow.whole(draws.count("subscriber_month.mobile_pay", pays)[rows]),
        "service_12580_count": arrow.whole(draws.count("subscriber_month.12580", 0.09)[rows]),
        "activity_count": arrow.whole(draws.count("subscriber_month.activity", 0.05)[rows]),
        "ported_out": arrow.flag(ported[rows]),
    }
