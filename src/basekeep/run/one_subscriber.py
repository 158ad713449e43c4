"""Asks about one subscriber of a frozen run: finds its shard, verifies what is read, answers questions in one query."""

from __future__ import annotations

from typing import Any

from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text
from basekeep.relations.history import TABLE
from basekeep.relations.sql import sql_of
from basekeep.run.questions import Questions
from basekeep.run.replay import Replay
from basekeep.run.shards import view_sql
from basekeep.store.finding import find_subscriber
from basekeep.store.history import history_files
from basekeep.store.manifest import verify
from basekeep.store.roster import shard_file


def ask_subscriber(
    replayed: Replay, engine: Engine, session: Session, subscriber_id: str, questions: Questions
) -> dict[str, Any]:
    """Answer the questions for the subscriber; gives its `status`, its phone number (`msisdn`) and its shard's file name.

    Raises:
        CallError: the subscriber is not in the store.
        DamageError: a stored file that is read is damaged.
    """
    plan = replayed.plan
    shard = find_subscriber(session, plan.store_dir, plan.state, subscriber_id)
    if shard is None:
        raise CallError(
            "explain.unknown_subscriber",
            Text(f"没有用户 {subscriber_id!r}", f"there is no subscriber {subscriber_id!r}"),
            Text("核对用户标识；它应与月宽表的 subscriber_id 一致。", "Check the id: it is the subscriber_id of the monthly table."),
        )  # fmt: skip
    files = history_files(plan.state, plan.store_dir, plan.month, plan.lags)
    verify([file for file in files if file.path.name == shard_file(shard)], engine.threads)
    replayed.record.verify(f"families/shards/{shard_file(shard)}")
    wanted = (*plan.wanted, *((("msisdn", 0),) if "msisdn" in plan.columns[0] else ()))
    low = questions.low
    query = sql_of(low.table.select(status=low.table["status_m0"], **questions.asked))
    phone = "msisdn_m0" if ("msisdn", 0) in wanted else "NULL"
    only = f"SELECT * FROM ({view_sql(plan, replayed.side, shard, wanted)}) WHERE subscriber_id = {sql_literal(subscriber_id)}"
    session.run(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {only}")
    row: dict[str, Any] = session.arrow(query).to_pylist()[0]
    questions.answer(row)
    row["msisdn"] = session.rows(f"SELECT {phone} FROM {TABLE}")[0][0]
    row["shard"] = shard_file(shard)
    return row
