"""The rows of a query over a run, for screens that show a few of them."""

from __future__ import annotations

from typing import Any


def found_rows(opened: Any, sql: str, run_id: str, progress: Any) -> list[dict[str, Any]]:
    """All rows; for queries that give few."""
    from basekeep.app import answering

    with answering(opened, sql, run_id, progress) as query:
        return [row for batch in query.stream(100).batches for row in batch.to_pylist()]
