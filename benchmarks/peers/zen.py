"""GoRules Zen: the shipped scorecard as six decision tables, judged row by row for a sample of the ranked.

Zen judges one row that somebody has put together: taking the rows from the monthly files does not count here.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import zen

from basekeep.engines.sql_text import parquet_scan
from basekeep.run.record import RunRecord
from basekeep.store.workspace import Workspace
from benchmarks.base import Base
from benchmarks.peers.needs import MONTH_END
from benchmarks.runs import made, scorecard_alone
from benchmarks.watch import Watch

SAMPLE = 20_000
_AT_ONCE = 500

# Attribute → conditions with their points; the first that is true counts. Money and megabytes are whole hundredths.
_TABLES: dict[str, tuple[tuple[str, int], ...]] = {
    "fusion": (("fusion != null and fusion >= 3", 20), ("fusion == 2", 12)),
    "secondary_cards": (
        ("secondary_cards == 0", 15),
        ("secondary_cards == 1", 10),
        ("secondary_cards != null and secondary_cards >= 2", 5),
    ),
    "customer_value": (
        ("arpu_sum_3 != null and arpu_sum_3 >= 30000", 20),
        ("arpu_sum_3 != null and arpu_sum_3 >= 21000", 14),
        ("arpu_sum_3 != null and arpu_sum_3 >= 15000", 8),
    ),
    "data_use": (
        ("throttled_days != null and throttled_days >= 3", 20),
        ("included != null and included > 0 and data * 10 >= included * 9", 18),
        ("included != null and included > 0 and data * 10 >= included * 6", 10),
    ),
    "plan_family": (("plan_family == 'changxiang'", 10), ("plan_family == 'lexiang'", 6)),
    "device_5g": (("device_5g == true", 25), ("device_years != null and device_years >= 2", 10)),
}


def judge(base: Base, watch: Watch) -> None:
    """Judge the sample; its points must be those of Basekeep."""
    workspace = base.workspace()
    rows = _sample(base, workspace, made(workspace, scorecard_alone, Watch()).record)
    expected = [row.pop("points") for row in rows]
    decision = zen.ZenEngine().create_decision(json.dumps(_graph()))
    with watch:
        found = asyncio.run(_judged(decision, rows))
    unlike = sum(one != two for one, two in zip(found, expected, strict=True))
    if unlike:
        raise SystemExit(f"Zen gives other points than Basekeep to {unlike:,} of {len(rows):,} subscribers")
    watch.notes["judged"] = len(rows)


async def _judged(decision: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Many at once: a call that is waited for by itself takes several times as long."""
    found = []
    for low in range(0, len(rows), _AT_ONCE):
        answers = await asyncio.gather(*(decision.async_evaluate(row) for row in rows[low : low + _AT_ONCE]))
        found += [answer["result"]["points"] for answer in answers]
    return found


def _sample(base: Base, workspace: Workspace, record: RunRecord) -> list[dict[str, Any]]:
    months = " ".join(
        f"LEFT JOIN {parquet_scan(base.month_file(lag))} m{lag} USING (subscriber_id)" for lag in range(3)
    )
    query = f"""
        SELECT ranked.points, m0.fusion, m0.secondary_cards, m0.throttled_days, m0.plan_family, m0.device_5g,
            (100 * (m0.arpu + m1.arpu + m2.arpu))::BIGINT AS arpu_sum_3,
            (100 * m0.data_mb)::BIGINT AS data, (100 * m0.data_included_mb)::BIGINT AS included,
            date_sub('year', m0.device_since, DATE '{MONTH_END}') AS device_years
        FROM {parquet_scan(record.folder / "rank" / "upgrade_5g.parquet")} ranked {months}
        ORDER BY hash(subscriber_id) LIMIT {SAMPLE}"""
    with workspace.open_engine() as engine, engine.session() as session:
        return list(session.arrow(query).to_pylist())


def _graph() -> dict[str, Any]:
    total = {"expressions": [{"id": "total", "key": "points", "value": " + ".join(_TABLES)}]}
    nodes = [
        _node("row", "inputNode"),
        *(_node(name, "decisionTableNode", _table(name)) for name in _TABLES),
        _node("total", "expressionNode", total),
        _node("points", "outputNode"),
    ]
    pairs = [("row", name) for name in _TABLES] + [(name, "total") for name in _TABLES] + [("total", "points")]
    edges = [{"id": f"{one}-{two}", "type": "edge", "sourceId": one, "targetId": two} for one, two in pairs]
    return {"nodes": nodes, "edges": edges}


def _node(name: str, kind: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
    node = {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}}
    return {**node, "content": content} if content else node


def _table(name: str) -> dict[str, Any]:
    levels = (*_TABLES[name], ("", 0))
    return {
        "hitPolicy": "first",
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": "points", "name": "points", "field": name}],
        "rules": [{"_id": f"{at}", "when": when, "points": str(points)} for at, (when, points) in enumerate(levels)],
    }
