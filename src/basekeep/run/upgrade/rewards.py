"""What completed lines earn, in whole fen: an entry for each, and what comes together by unit and manager.

A line completes once a month, with its first order of a declared offer in the month of the run, when it was not on 5G a
month before and is of a policy class or of a target group.
"""

from __future__ import annotations

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.months import month_end
from basekeep.playbook.upgrade import DeviceExtra, Rewards
from basekeep.run.upgrade.inputs import Inputs
from basekeep.run.upgrade.money import fen, tier_sql

_AMOUNTS = ("line_fen", "device_fen", "big_order_fen")


def make_ledger(inputs: Inputs, rewards: Rewards, session: Session) -> None:
    """Make the temporary table `upgrade__reward`, an entry for each completed line."""
    devices = inputs.declared.devices
    extras = list(rewards.device_extras.items())
    names = " ".join(f"WHEN {_fits(extra, inputs)} THEN {sql_literal(name)}" for name, extra in extras)
    amounts = " ".join(f"WHEN {sql_literal(name)} THEN {fen(extra.yuan)}" for name, extra in extras)
    extra_name = f"CASE {names} END" if extras else "CAST(NULL AS VARCHAR)"
    extra_fen = f"CASE device_extra {amounts} ELSE 0 END" if extras else "0"
    session.run(
        f"""CREATE OR REPLACE TEMP TABLE upgrade__reward AS
        WITH first_order AS ({_first_orders(inputs, rewards)}),
        bought AS (
            SELECT m.device_model_id, m.brand, {tier_sql(devices, "m.price")} AS tier FROM {inputs.models} m WHERE m.is_5g
        ),
        completed AS (
            SELECT o.order_id, o.subscriber_id, l.group_id, l.policy_kind AS policy_class, o.date, o.offer_id,
                coalesce(p.unit_id, l.unit_id) AS unit_id, coalesce(s.staff_id, l.manager_id) AS manager_id,
                b.device_model_id, {extra_name} AS device_extra
            FROM first_order o JOIN upgrade__line l ON o.subscriber_id = l.subscriber_id
            LEFT JOIN upgrade__place p ON o.unit_id = p.unit_id
            LEFT JOIN {_staff_of(inputs)} s ON o.staff_id = s.staff_id
            LEFT JOIN bought b ON l.device_model_id = b.device_model_id AND l.device_since {_in_month(inputs)}
            WHERE l.not_on_5g_before AND (l.policy_kind IS NOT NULL OR l.group_rank IS NOT NULL)
        ),
        counted AS (
            SELECT *, CASE WHEN group_id IS NOT NULL THEN count(*) OVER (PARTITION BY group_id) END AS group_completed
            FROM completed
        )
        SELECT *, {fen(rewards.line_yuan)} AS line_fen, {extra_fen} AS device_fen, {_big_order(rewards)} AS big_order_fen,
            line_fen + device_fen + big_order_fen AS total_fen
        FROM counted"""
    )


def ledger() -> str:
    """The entries, by unit, manager and line."""
    return "SELECT * FROM upgrade__reward ORDER BY unit_id, manager_id, subscriber_id"


def totals() -> str:
    """What came together for each unit and manager."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in (*_AMOUNTS, "total_fen"))
    return (
        f"SELECT unit_id, manager_id, count(*) AS lines, {sums} FROM upgrade__reward "
        "GROUP BY unit_id, manager_id ORDER BY unit_id, manager_id"
    )


def _first_orders(inputs: Inputs, rewards: Rewards) -> str:
    offers = ", ".join(map(sql_literal, rewards.offers))
    return (
        f"SELECT * FROM {inputs.orders} o WHERE o.date {_in_month(inputs)} AND o.offer_id IN ({offers}) "
        "QUALIFY row_number() OVER (PARTITION BY subscriber_id ORDER BY date, order_id) = 1"
    )


def _staff_of(inputs: Inputs) -> str:
    """Whom an order may be credited to: who is there still; anybody where no staff are stored."""
    if inputs.has_staff:
        return "upgrade__staff"
    return f"(SELECT DISTINCT staff_id FROM {inputs.orders} o WHERE staff_id IS NOT NULL)"


def _in_month(inputs: Inputs) -> str:
    return f"BETWEEN DATE '{inputs.month}' AND DATE '{month_end(inputs.month)}'"


def _fits(extra: DeviceExtra, inputs: Inputs) -> str:
    """Whether the device that a line bought is one of these."""
    parts = ["b.device_model_id IS NOT NULL"]
    if extra.brand is not None:
        parts.append(f"b.brand = {sql_literal(extra.brand)}")
    if extra.tier is not None:
        assert inputs.declared.devices is not None
        parts.append(f"b.tier = {list(inputs.declared.devices.tiers).index(extra.tier)}")
    if extra.device_model_id is not None:
        parts.append(f"b.device_model_id = {sql_literal(extra.device_model_id)}")
    return " AND ".join(parts)


def _big_order(rewards: Rewards) -> str:
    """The highest step that the group's completed lines of the month reach."""
    steps = sorted(rewards.big_orders, key=lambda step: -step.from_lines)
    whens = " ".join(f"WHEN group_completed >= {step.from_lines} THEN {fen(step.yuan)}" for step in steps)
    return f"CASE {whens} ELSE 0 END" if steps else "0"
