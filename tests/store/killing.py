"""A writer that is killed, as by a power cut, just before its n-th touch of the disk. Runs in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

from basekeep.engines.duckdb import DuckSession

_TOUCHES = ("mkdir", "open", "fsync", "rename", "replace", "link", "unlink", "rmdir")
_KILLED = -signal.SIGKILL


def killed_before(touch: int, work: Callable[..., object], *given: Any) -> bool:
    """Whether the work was killed; False where it was done before its n-th touch of the disk."""
    context = multiprocessing.get_context("forkserver")
    # The server imports once and never starts an engine: a fork of it is cheap and clean.
    context.set_forkserver_preload(["basekeep.store.storing", "pytest"])
    process = context.Process(target=_killed_at, args=(touch, work, given))
    process.start()
    process.join()
    assert process.exitcode in (0, _KILLED), process.exitcode
    return process.exitcode == _KILLED


def _killed_at(touch: int, work: Callable[..., object], given: tuple[Any, ...]) -> None:
    left = touch

    def counting(step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **kwargs)

        return counted

    for name in _TOUCHES:
        setattr(os, name, counting(getattr(os, name)))
    DuckSession.copy = counting(DuckSession.copy)  # type: ignore[method-assign]
    work(*given)
