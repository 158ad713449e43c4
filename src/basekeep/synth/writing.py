"""Parquet files written beside the calculation, by one thread and in order, so that the bytes never depend on load.

Everything is made in a folder of its own and put in place at the end; a failure leaves the workspace as it was.
"""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text

_WAITING = 3  # batches that may wait for the disk: bounds memory
_FOLDERS = ("data", "truth")


class Writing:
    """The files being made. Leaving the `with` block publishes them, or removes them after an error."""

    def __init__(self, into: Path) -> None:
        self.into = into
        self.rows: Counter[str] = Counter()
        self._staging = into / ".making"
        self._open: dict[Path, pq.ParquetWriter] = {}
        self._waiting: deque[Future[None]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1)

    def __enter__(self) -> Writing:
        for folder in _FOLDERS:
            _refuse_if_used(self.into / folder)
        shutil.rmtree(self._staging, ignore_errors=True)
        try:
            self._staging.mkdir(parents=True)
        except OSError as failure:
            raise _not_written(self.into, failure) from failure
        return self

    def add(self, table: str, file: str, batch: pa.RecordBatch) -> None:
        """Rows of a table for a file such as `data/staff.parquet`; each batch becomes a row group."""
        self.rows[table] += batch.num_rows
        self._waiting.append(self._thread.submit(self._write, Path(file), batch))
        while len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def close(self, file: str) -> None:
        """No more rows will come for this file."""
        self._waiting.append(self._thread.submit(self._close, Path(file)))

    def files(self) -> tuple[Path, ...]:
        """The files in place, relative to the workspace."""
        found = (path for folder in _FOLDERS for path in (self.into / folder).rglob("*.parquet"))
        return tuple(sorted(path.relative_to(self.into) for path in found))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()
        except OSError as failure:
            raise _not_written(self.into, failure) from failure
        finally:
            self._clean_up()
        if isinstance(error, OSError):
            raise _not_written(self.into, error) from error

    def _publish(self) -> None:
        """All rows on the disk, then both folders in place: the data last, for it is what is read."""
        while self._waiting:
            self._waiting.popleft().result()
        for file in list(self._open):
            self._close(file)
        placed: list[Path] = []
        try:
            for folder in reversed(_FOLDERS):
                (self._staging / folder).replace(self.into / folder)
                placed.append(self.into / folder)
        except OSError:
            for path in placed:
                shutil.rmtree(path)
            raise

    def _clean_up(self) -> None:
        self._thread.shutdown(cancel_futures=True)
        for file in list(self._open):
            # After a failure the files are thrown away: what closing them says is of no use.
            with contextlib.suppress(OSError):
                self._close(file)
        shutil.rmtree(self._staging, ignore_errors=True)

    def _write(self, file: Path, batch: pa.RecordBatch) -> None:
        if file not in self._open:
            path = self._staging / file
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[file] = pq.ParquetWriter(
                path, batch.schema, compression="zstd", compression_level=1, store_schema=False,
                use_dictionary=[field.name for field in batch.schema if not pa.types.is_decimal(field.type)
                                and not pa.types.is_string(field.type)],
            )  # fmt: skip
        self._open[file].write_batch(batch, row_group_size=max(batch.num_rows, 1))

    def _close(self, file: Path) -> None:
        writer = self._open.pop(file, None)
        if writer is not None:
            writer.close()


def _refuse_if_used(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise WorkError(
            "synth.not_empty",
            Text(
                f"{folder} 中已有文件，合成数据不会覆盖",
                f"{folder} already holds files; synthetic data never replaces any",
            ),
            Text("请换一个空的工作区，或先移走其中的文件", "Choose an empty workspace, or move the files away first"),
        )


def _not_written(folder: Path, failure: OSError) -> WorkError:
    reason = failure.strerror or str(failure)
    return WorkError(
        "synth.not_written",
        Text(f"无法写入 {folder}：{reason}", f"{folder} cannot be written: {reason}"),
        Text(
            "请检查权限和磁盘空间后重试；没有留下任何文件",
            "Check permissions and disk space, then try again; nothing was left",
        ),
    )
