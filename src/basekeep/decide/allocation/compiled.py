"""Compiles a function of numbers for this machine: without the interpreter's lock, kept on disk where that is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compiled at its first call; where nothing can be written, as in a read-only install, at that of each process."""
    try:
        return cast(_Function, numba.njit(function, nogil=True, error_model="numpy", cache=True))
    except RuntimeError:  # no folder to keep it in
        return cast(_Function, numba.njit(function, nogil=True, error_model="numpy"))
