"""Keeps the lines that are no records, in a Parquet file, in bounded memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from basekeep.kernel.masking import mask_msisdn

_SCHEMA = pa.schema([("file", pa.string()), ("line", pa.int64()), ("text", pa.string())])
_BATCH = 10_000
_KEPT_CHARACTERS = 2_000


class BrokenLines:
    """Collects broken lines of one file; `count` of them lie in `path` once it is closed, the `last` by its number.

    With `masked` every cell is masked: in a broken line nobody can say which cell is the personal one.
    """

    def __init__(self, path: Path, shown: str, delimiter: str, masked: bool) -> None:
        self.path = path
        self.count = 0
        self.last = 0
        self._shown = shown
        self._delimiter = delimiter
        self._masked = masked
        self._lines: list[tuple[int, str]] = []
        self._writer = pq.ParquetWriter(str(path), _SCHEMA)

    def add(self, line: int, content: bytes) -> None:
        """One broken line by its physical number."""
        text = content[: 4 * _KEPT_CHARACTERS].decode("utf-8", "replace")[:_KEPT_CHARACTERS]
        if self._masked:
            text = self._delimiter.join(mask_msisdn(cell) for cell in text.split(self._delimiter))
        self._lines.append((line, text))
        self.count += 1
        self.last = line
        if len(self._lines) >= _BATCH:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        columns = {
            "file": [self._shown] * len(self._lines),
            "line": [line for line, _ in self._lines],
            "text": [text for _, text in self._lines],
        }
        self._writer.write_table(pa.table(columns, schema=_SCHEMA))
        self._lines.clear()
