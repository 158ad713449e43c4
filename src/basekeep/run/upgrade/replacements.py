"""The three 5G models that best replace each ageing device, as far as stock reaches; and what that comes to per group."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import Upgrade
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.money import FEN, stored
from basekeep.run.upgrade.stock import Block, assign

_GIVEN = pa.schema(
    [
        ("block", pa.int64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("choice", pa.int64()),
        ("device_model_id", pa.string()),
    ]
)
_FEN = f"// {NUMBER_SCALE // FEN}"


def make_choices(session: Session, scratch: Path) -> None:
    """Make the temporary table `upgrade__chosen`: each ageing line with the models it is offered.

    Args:
        scratch: a file to put what was given in; it is gone afterwards.
    """
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__block AS "
        "SELECT row_number() OVER (ORDER BY group_rank, group_id, city_id, present) AS block, * "
        "FROM (SELECT group_rank, group_id, city_id, present, count(*) AS lines FROM upgrade__ageing "
        "WHERE city_id IS NOT NULL GROUP BY ALL)"
    )
    blocks = session.rows("SELECT block, city_id, present, lines FROM upgrade__block ORDER BY block")
    ranked = session.rows(
        "SELECT present, city_id, device_model_id FROM upgrade__option ORDER BY present, city_id, place"
    )
    wishes = {key: [row[2] for row in rows] for key, rows in groupby(ranked, key=lambda row: (row[0], row[1]))}
    stock = {
        (city, model): many
        for city, model, many in session.rows("SELECT city_id, device_model_id, available FROM upgrade__supply")
    }
    rows = [
        {"block": one.block, "start": one.start, "end": one.end, "choice": choice + 1, "device_model_id": model}
        for one in assign((Block(*row) for row in blocks), wishes, stock)
        for choice, model in enumerate(one.models)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=_GIVEN), scratch)
    session.run(f"CREATE OR REPLACE TEMP TABLE upgrade__given AS SELECT * FROM {parquet_scan(scratch)}")
    scratch.unlink()
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__chosen AS "
        "SELECT a.*, g.choice, g.device_model_id FROM ("
        "SELECT a.*, b.block, row_number() OVER (PARTITION BY b.block ORDER BY a.subscriber_id) - 1 AS nth "
        "FROM upgrade__ageing a JOIN upgrade__block b ON a.group_id = b.group_id AND a.city_id = b.city_id AND a.present = b.present"
        ") a JOIN upgrade__given g ON a.block = g.block AND a.nth >= g.start AND a.nth < g.end"
    )


def replacements() -> str:
    """Each line's choices with points and reasons, by the groups' rank, then by line."""
    return (
        "SELECT c.subscriber_id, c.group_id, c.city_id, c.present_model_id, c.age_months, c.choice, c.device_model_id, "
        f"n.brand, n.name AS device_name, n.price {_FEN} AS price_fen, o.score, o.reasons_zh, o.reasons_en "
        "FROM upgrade__chosen c JOIN upgrade__device n ON c.device_model_id = n.device_model_id "
        "JOIN upgrade__option o ON o.present = c.present AND o.city_id = c.city_id AND o.device_model_id = c.device_model_id "
        "ORDER BY c.group_rank, c.group_id, c.subscriber_id, c.choice"
    )


def packages(declared: Upgrade) -> str:
    """Per group and model of first choice: lines, those that can trade in and for how much, those that can pay by instalments."""
    trade, instalment = declared.trade_in, declared.instalment
    may_trade = "FALSE"
    credit, least = "0", "FALSE"
    monthly, months = "NULL", "NULL"
    if trade is not None:
        may_trade = f"o.price >= {stored(trade.least_price_yuan)} AND c.age_months <= {trade.most_months}"
        share = trade.price_share
        credit = f"(o.price * {share.numerator}) // {share.denominator * (NUMBER_SCALE // FEN)}"
    if instalment is not None:
        least = f"n.price >= {stored(instalment.least_price_yuan)}"
        share = 1 + instalment.fee_share
        divisor = share.denominator * instalment.months * (NUMBER_SCALE // FEN)
        # Rounded up to the fen: the last month then asks for no more than the others.
        monthly = f"CASE WHEN {least} THEN (n.price * {share.numerator} + {divisor - 1}) // {divisor} END"
        months = f"CASE WHEN {least} THEN {instalment.months} END"
    return (
        f"SELECT c.group_id, c.device_model_id, n.brand, n.name AS device_name, count(*) AS lines, n.price {_FEN} AS price_fen, "
        f"coalesce(count_if({may_trade}), 0) AS trade_in_lines, "
        f"coalesce(sum(CASE WHEN {may_trade} THEN {credit} END), 0) AS trade_in_fen, "
        f"coalesce(count_if({least}), 0) AS instalment_lines, {months} AS months, {monthly} AS monthly_fen "
        "FROM upgrade__chosen c JOIN upgrade__device n ON c.device_model_id = n.device_model_id "
        "LEFT JOIN upgrade__device o ON c.present = o.device_model_id "
        "WHERE c.choice = 1 GROUP BY c.group_rank, c.group_id, c.device_model_id, n.brand, n.name, n.price "
        "ORDER BY c.group_rank, c.group_id, lines DESC, c.device_model_id"
    )


def without_supply(session: Session) -> Remark:
    """Ageing devices of target groups for which nothing is left in the city."""
    ageing, served = session.rows(
        "SELECT (SELECT count(*) FROM upgrade__ageing), (SELECT count(*) FROM upgrade__chosen WHERE choice = 1)"
    )[0]
    return Remark(
        "upgrade.without_supply", "device_stock", int(ageing) - int(served),
        Text("本市库存不足、没有可推荐终端的老旧终端用户", "lines with an ageing device for which the city's stock has nothing left"),
        Text("调拨或采购 5G 终端后重新入库 device_stock。", "Bring 5G devices into the city, then ingest device_stock again."),
    )  # fmt: skip
