"""Compiled functions work where nothing can be written, too."""

from __future__ import annotations

import pytest
from numba.core import caching

from basekeep.decide.allocation.compiled import compiled


def _twice(x: int) -> int:
    return 2 * x


def test_a_function_is_compiled_where_no_folder_can_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [])
    assert compiled(_twice)(21) == 42
