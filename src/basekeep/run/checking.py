"""Hashes the stored files of a run beside its first steps, which use one core alone; nothing counts before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from basekeep.engines.protocol import Engine
from basekeep.kernel.errors import BasekeepError
from basekeep.kernel.progress import SilentProgress
from basekeep.run.plan import Plan
from basekeep.run.reads import tables_read
from basekeep.run.timing import Timing
from basekeep.store.history import history_files
from basekeep.store.manifest import ExpectedFile, verify, verify_spread
from basekeep.store.partition_files import partition_files


@contextmanager
def checking(plan: Plan, engine: Engine, timing: Timing) -> Iterator[Callable[[], None]]:
    """Begin to verify the run's stored files; the block's value waits for the end.

    What the block made of a damaged file is never used: its own error gives way to the one that names the file.

    Raises:
        DamageError: a stored file is missing or changed.
    """
    files = history_files(plan.state, plan.store_dir, plan.month, plan.lags)
    for table, key in tables_read(plan):
        files += partition_files(plan.store_dir, plan.state, table, key)
    with ThreadPoolExecutor(1) as pool:
        if engine.elsewhere:
            hashed = pool.submit(verify_spread, engine, files)
        else:
            hashed = pool.submit(verify, files, 1, _Hashed(files, timing))

        def wait() -> None:
            hashed.result()

        try:
            yield wait
        except BasekeepError:
            hashed.result()
            raise


class _Hashed(SilentProgress):
    """Tells a run's timing how many bytes were hashed beside its steps."""

    def __init__(self, files: tuple[ExpectedFile, ...], timing: Timing) -> None:
        self._sizes = (file.path.stat().st_size for file in files)
        self._timing = timing

    def advance(self, steps: int = 1) -> None:
        """One more file is hashed."""
        for _ in range(steps):
            self._timing.hashed += next(self._sizes)
