"""Masking in SQL is masking in Python."""

from __future__ import annotations

import pytest

from basekeep.engines.duckdb import DuckEngine
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.masking import mask_msisdn
from basekeep.store.sources.masked import masked


@pytest.mark.parametrize("text", ["", "1", "12345", "123456", "13812345678", "八六138客户", "a" * 40])
def test_sql_masks_as_python_does(sources_engine: DuckEngine, text: str) -> None:
    with sources_engine.session() as session:
        assert session.rows(f"SELECT {masked(sql_literal(text))}") == [(mask_msisdn(text),)]
