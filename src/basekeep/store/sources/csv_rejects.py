"""Which CSV files the engine found lines in that are no records: it notes them in tables while it reads."""

from __future__ import annotations

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import sql_literal
from basekeep.store.sources.scans import REJECTED_LINES, REJECTED_SCANS


def forget_rejects(session: Session) -> None:
    """Begin anew, so that what is noted is of the next statement."""
    for table in (REJECTED_LINES, REJECTED_SCANS):
        session.run(f"DROP TABLE IF EXISTS {table}")


def rejected_files(session: Session) -> dict[str, bool]:
    """The paths of the files with such lines; true where their encoding is why."""
    known = f"SELECT count(*) FROM duckdb_tables() WHERE table_name = {sql_literal(REJECTED_SCANS)}"
    if not session.rows(known)[0][0]:
        return {}
    found = session.rows(
        f"SELECT s.file_path, coalesce(bool_or(l.error_type = 'INVALID ENCODING'), false) "
        f"FROM {REJECTED_SCANS} s LEFT JOIN {REJECTED_LINES} l USING (scan_id, file_id) GROUP BY 1"
    )
    return {str(path): bool(encoding) for path, encoding in found}
