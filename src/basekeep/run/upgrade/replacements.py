"""The three 5G models that best replace each ageing device, as far as stock reaches; and what that comes to per group."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scan
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import Devices, Upgrade
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.money import FEN, stored
from basekeep.run.upgrade.options import reasons
from basekeep.run.upgrade.stock import Block, assign

_GIVEN = pa.schema([(name, pa.int64()) for name in ("block", "start", "end", "choice", "supply")])
_FEN = f"// {NUMBER_SCALE // FEN}"


def make_choices(session: Session, scratch: Path) -> None:
    """Make the temporary table `upgrade__chosen`: each ageing line with the models it is offered.

    Args:
        scratch: a file to put what was given in; it is gone afterwards.
    """
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__block AS "
        "SELECT row_number() OVER (ORDER BY group_rank, group_id, wish) - 1 AS block, * FROM ("
        "SELECT a.group_rank, a.group_id, w.wish, a.city_id, a.present, count(*) AS lines FROM upgrade__ageing a "
        "JOIN upgrade__wish w ON a.city_id = w.city_id AND a.present = w.present GROUP BY ALL)"
    )
    pq.write_table(_given(session), scratch)
    session.run(f"CREATE OR REPLACE TEMP TABLE upgrade__given AS SELECT * FROM {parquet_scan(scratch)}")
    scratch.unlink()
    session.run(
        "CREATE OR REPLACE TEMP TABLE upgrade__chosen AS "
        "SELECT a.*, g.choice, g.supply, s.device_model_id FROM ("
        "SELECT a.*, b.block, b.wish, row_number() OVER (PARTITION BY b.block ORDER BY a.subscriber_id) - 1 AS nth "
        "FROM upgrade__ageing a JOIN upgrade__block b ON a.group_id = b.group_id AND a.city_id = b.city_id AND a.present = b.present"
        ") a JOIN upgrade__given g ON a.block = g.block AND a.nth >= g.start AND a.nth < g.end "
        "JOIN upgrade__supply s ON g.supply = s.supply"
    )


def _given(session: Session) -> pa.Table:
    """What each block is given, a row for each choice."""
    blocks = session.rows("SELECT block, wish, lines FROM upgrade__block ORDER BY block")
    stock = [int(many) for (many,) in session.rows("SELECT available FROM upgrade__supply ORDER BY supply")]
    found = list(assign((Block(*row) for row in blocks), _wishes(session), stock))
    many = np.array([len(one.choices) for one in found], dtype=np.int64)
    columns = {
        name: np.repeat(np.array([getattr(one, name) for one in found], dtype=np.int64), many)
        for name in ("block", "start", "end")
    }
    columns["choice"] = np.array([at + 1 for one in found for at in range(len(one.choices))], dtype=np.int64)
    columns["supply"] = np.array([supply for one in found for supply in one.choices], dtype=np.int64)
    return pa.table(columns, schema=_GIVEN)


def _wishes(session: Session) -> list[list[int]]:
    """For each wish the numbers of the stock, the best first."""
    ((many,),) = session.rows("SELECT count(*) FROM upgrade__wish")
    ordered = session.arrow("SELECT wish, supply FROM upgrade__option ORDER BY wish, place")
    ends = np.searchsorted(ordered["wish"].to_numpy(), np.arange(many), side="right")
    return [part.tolist() for part in np.split(ordered["supply"].to_numpy(), ends)][:-1]


def replacements(devices: Devices) -> str:
    """Each line's choices with points and reasons, by the groups' rank, then by line."""
    said = (
        f"SELECT p.wish, p.supply, p.score, n.brand, n.name AS device_name, n.price {_FEN} AS price_fen, "
        f"{reasons(devices, 'zh')} AS reasons_zh, {reasons(devices, 'en')} AS reasons_en "
        "FROM upgrade__option p JOIN upgrade__wish w ON p.wish = w.wish JOIN upgrade__supply s ON p.supply = s.supply "
        "JOIN upgrade__device n ON s.device_model_id = n.device_model_id "
        "LEFT JOIN upgrade__device o ON w.present = o.device_model_id "
        "WHERE (p.wish, p.supply) IN (SELECT (wish, supply) FROM upgrade__chosen)"
    )
    return (
        f"SELECT c.*, p.* EXCLUDE (wish, supply) FROM upgrade__chosen c JOIN ({said}) p ON c.wish = p.wish AND c.supply = p.supply "
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
