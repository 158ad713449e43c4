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
# The server imports once and never starts an engine: a fork of it is cheap and clean.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["basekeep.store.ingest", "pytest"])


def touches_of(work: Callable[..., object], *given: Any) -> int:
    """How often the work touches the disk when nobody kills it."""
    touches = _CONTEXT.Value("q", 0)
    assert not _run(touches, 0, work, given)
    return int(touches.value)


def killed_before(touch: int, work: Callable[..., object], *given: Any) -> bool:
    """Whether the work was killed; False where it was done before its n-th touch of the disk."""
    return _run(_CONTEXT.Value("q", 0), touch, work, given)


def _run(touches: Any, last: int, work: Callable[..., object], given: tuple[Any, ...]) -> bool:
    process = _CONTEXT.Process(target=_killed_at, args=(touches, last, work, given))
    process.start()
    process.join()
    assert process.exitcode in (0, _KILLED), process.exitcode
    return process.exitcode == _KILLED


def _killed_at(touches: Any, last: int, work: Callable[..., object], given: tuple[Any, ...]) -> None:
    def counting(step: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            with touches.get_lock():
                touches.value += 1
                now = touches.value
            if now == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*args, **kwargs)

        return counted

    for name in _TOUCHES:
        setattr(os, name, counting(getattr(os, name)))
    DuckSession.copy = counting(DuckSession.copy)  # type: ignore[method-assign]
    work(*given)
