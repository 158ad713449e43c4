"""Hashes the stored files of a run beside its first steps, which use one core alone; nothing counts before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from basekeep.engines.protocol import Engine
from basekeep.kernel.errors import BasekeepError
from basekeep.run.plan import Plan
from basekeep.store.history import history_files
from basekeep.store.manifest import verify, verify_spread


@contextmanager
def checking(plan: Plan, engine: Engine) -> Iterator[Callable[[], int]]:
    """Begin to verify the run's stored files; the block's value waits for the end and gives the bytes hashed.

    What the block made of a damaged file is never used: its own error gives way to the one that names the file.

    Raises:
        DamageError: a stored file is missing or changed.
    """
    files = history_files(plan.state, plan.store_dir, plan.month, plan.lags)
    with ThreadPoolExecutor(1) as pool:
        hashed = pool.submit(verify_spread, engine, files) if engine.elsewhere else pool.submit(verify, files)

        def wait() -> int:
            hashed.result()
            return sum(file.path.stat().st_size for file in files)

        try:
            yield wait
        except BasekeepError:
            hashed.result()
            raise
