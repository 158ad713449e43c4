"""How well each 5G model in a city's stock fits each present device: points by brand, price tier, system and stock.

Makes the temporary tables `upgrade__device` (what is known of a model), `upgrade__supply` (5G models in each city's stock,
numbered), `upgrade__ageing` (the lines), `upgrade__wish` (present model × city, numbered) and `upgrade__option` (wish × supply,
with points and place). Lines play no part in the points.
"""

from __future__ import annotations

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.months import month_end
from basekeep.kernel.text import Language, Text
from basekeep.playbook.upgrade import Devices
from basekeep.run.upgrade.inputs import Inputs
from basekeep.run.upgrade.money import tier_sql

# Stands for the model of a line whose present device is not known.
UNKNOWN = ""


def make_options(inputs: Inputs, devices: Devices, session: Session) -> None:
    """Make the temporary tables."""
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__device AS "
        f"SELECT d.device_model_id, d.brand, d.name, d.is_5g, d.price, d.launched, {tier_sql(devices, 'd.price')} AS tier, "
        f"{_system(devices)} AS system FROM {inputs.models} d"
    )
    _supply(session, inputs)
    _ageing(session, inputs, devices)
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__wish AS "
        "SELECT row_number() OVER (ORDER BY city_id, present) - 1 AS wish, city_id, present "
        "FROM (SELECT DISTINCT city_id, present FROM upgrade__ageing WHERE city_id IS NOT NULL)"
    )
    session.run(f"CREATE OR REPLACE TEMP TABLE upgrade__option AS {_options(devices)}")


def _system(devices: Devices) -> str:
    """A brand's operating system: the one that names it, else the one that names none; unknown without a brand."""
    whens, others = [], "NULL"
    for name, system in devices.systems.items():
        if system.brands:
            whens.append(f"WHEN d.brand IN ({', '.join(map(sql_literal, system.brands))}) THEN {sql_literal(name)}")
        else:
            others = sql_literal(name)
    return f"CASE WHEN d.brand IS NULL THEN NULL {' '.join(whens)} ELSE {others} END"


def _supply(session: Session, inputs: Inputs) -> None:
    """What a city's own stock, and that of the units in it, holds of each 5G model."""
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__supply AS "
        "SELECT row_number() OVER (ORDER BY city_id, device_model_id) - 1 AS supply, * FROM ("
        "SELECT p.city_id, s.device_model_id, CAST(sum(s.available) AS BIGINT) AS available "
        f"FROM {inputs.stock} s JOIN upgrade__place p ON s.unit_id = p.unit_id "
        "JOIN upgrade__device d ON s.device_model_id = d.device_model_id "
        "WHERE d.is_5g AND s.available > 0 AND p.city_id IS NOT NULL GROUP BY ALL)"
    )


def _ageing(session: Session, inputs: Inputs, devices: Devices) -> None:
    """Members of target groups whose device is ageing and not 5G; a model that is not known is `UNKNOWN`.

    The month's end is a month's last day, so full months are calendar months.
    """
    end = f"DATE '{month_end(inputs.month)}'"
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__ageing AS "
        "SELECT l.subscriber_id, l.group_id, l.group_rank, l.city_id, l.device_model_id AS present_model_id, "
        f"coalesce(d.device_model_id, {sql_literal(UNKNOWN)}) AS present, "
        f"CAST(datediff('month', l.device_since, {end}) AS BIGINT) AS age_months "
        "FROM upgrade__line l LEFT JOIN upgrade__device d ON l.device_model_id = d.device_model_id "
        "WHERE l.group_rank IS NOT NULL AND coalesce(l.device_5g, d.is_5g) = FALSE "
        f"AND datediff('month', l.device_since, {end}) >= {devices.ageing_months}"
    )


def _options(devices: Devices) -> str:
    """Points; the nearest price, then the latest model, then the id settle what they leave open."""
    fit = devices.fit
    apart = "abs(o.tier - n.tier)"
    points = (
        f"CASE WHEN n.brand = o.brand THEN {fit.brand} ELSE 0 END"
        f" + CASE WHEN {apart} IS NULL THEN 0 ELSE greatest({fit.tier} - {apart} * {fit.tier_step}, 0) END"
        f" + CASE WHEN n.system = o.system THEN {fit.system} ELSE 0 END"
        f" + CASE WHEN s.available >= {devices.ample_stock} THEN {fit.stock} ELSE 0 END"
    )
    order = "score DESC, abs(n.price - o.price) NULLS LAST, n.launched DESC NULLS LAST, n.device_model_id"
    return (
        f"SELECT w.wish, s.supply, {points} AS score, row_number() OVER (PARTITION BY w.wish ORDER BY {order}) AS place "
        "FROM upgrade__wish w LEFT JOIN upgrade__device o ON w.present = o.device_model_id "
        "JOIN upgrade__supply s ON w.city_id = s.city_id JOIN upgrade__device n ON s.device_model_id = n.device_model_id"
    )


def reasons(devices: Devices, language: Language) -> str:
    """Why, in words: brand, price tier, system, stock; what is not known is not said.

    Speaks of the present model as `o`, the new one as `n`, the stock as `s`.
    """
    tiers = [tier.name.text.say(language) for tier in devices.tiers.values()]
    named = " ".join(f"WHEN {at} THEN {sql_literal(said)}" for at, said in enumerate(tiers))
    systems = {name: system.name.text.say(language) for name, system in devices.systems.items()}
    system = " ".join(f"WHEN {sql_literal(name)} THEN {sql_literal(said)}" for name, said in systems.items())
    said = {key: text.say(language) for key, text in _SAID.items()}
    tier = f"CASE n.tier {named} END"
    parts = [
        f"CASE WHEN n.brand = o.brand THEN {_filled(said['brand'], 'n.brand')} END",
        f"CASE WHEN n.tier = o.tier THEN {_filled(said['tier'], tier)} "
        f"WHEN n.tier > o.tier THEN {_filled(said['up'], 'CAST(n.tier - o.tier AS VARCHAR)', tier)} "
        f"WHEN n.tier < o.tier THEN {_filled(said['down'], 'CAST(o.tier - n.tier AS VARCHAR)', tier)} END",
        f"CASE WHEN n.system = o.system THEN {_filled(said['system'], f'CASE n.system {system} END')} END"
        if systems
        else "NULL",
        _filled(said["stock"], "CAST(s.available AS VARCHAR)"),
        f"CASE WHEN o.device_model_id IS NULL THEN {sql_literal(said['unknown'])} END",
    ]
    return f"list_filter([{', '.join(parts)}], lambda one: one IS NOT NULL)"


_SAID = {
    "brand": Text("同品牌：{0}", "the same brand: {0}"),
    "tier": Text("价位相同：{0}", "the same price tier: {0}"),
    "up": Text("价位高 {0} 档：{1}", "{0} price tier(s) higher: {1}"),
    "down": Text("价位低 {0} 档：{1}", "{0} price tier(s) lower: {1}"),
    "system": Text("系统相同：{0}，资料易迁移", "the same system, {0}: data move easily"),
    "stock": Text("本市有货 {0} 台", "{0} in stock in the city"),
    "unknown": Text("现用终端型号未知", "the present device is not known"),
}


def _filled(form: str, *values: str) -> str:
    """A form with SQL values in its places, as SQL."""
    parts = [sql_literal(piece) for piece in form.split("{0}")]
    text = f" || coalesce({values[0]}, '?') || ".join(parts)
    if len(values) > 1:
        text = text.replace("{1}", f"' || coalesce({values[1]}, '?') || '")
    return text
