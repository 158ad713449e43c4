"""Tells which CSV files hold a line that is no record by itself: an open quote, a cell over lines, a cut last line.

One pass over the bytes. Where it says no, no quote can make the engine take several lines for one record.
It only ever errs towards yes: then the file is read line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from basekeep.store.sources.packed import CHUNK
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.record_shapes import RecordShape

# DuckDB's own limit for one record is 2 MB.
_LONGEST = 4 << 20


def needs_care(piece: Piece) -> bool:
    """Whether a line of the file is no record by itself because of a quote, or because the file ends within it."""
    assert piece.dialect is not None
    shape = RecordShape(piece.dialect, len(piece.columns))
    with piece.scanned.open("rb") as source:
        head = source.read(64 << 10)
        source.seek(3 if head.startswith(b"\xef\xbb\xbf") else 0)
        ending = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        return any(_astray(block, shape, ending) for block in _blocks(source, ending))


def _blocks(source: BinaryIO, ending: bytes) -> Iterator[bytes]:
    """Whole lines, about a mebibyte at a time; the last block may lack its line end."""
    rest = b""
    while chunk := source.read(CHUNK):
        rest += chunk
        cut = rest.rfind(ending) + 1
        if cut or len(rest) > _LONGEST:
            yield rest[: cut or len(rest)]
            rest = rest[cut:] if cut else b""
    if rest:
        yield rest


def _astray(block: bytes, shape: RecordShape, ending: bytes) -> bool:
    if not block.endswith(ending):
        last = block[block.rfind(ending) + 1 :]
        if not _stands(last, shape):
            return True
    if not shape.quote or shape.quote not in block:
        return False
    return any(not _stands(line, shape) for line in _doubtful(block, shape, ending))


def _stands(line: bytes, shape: RecordShape) -> bool:
    body = line.removesuffix(b"\r")
    return shape.skips(body) or shape.is_record(body)


def _doubtful(block: bytes, shape: RecordShape, ending: bytes) -> Iterator[bytes]:
    """Lines with quotes, but for those whose quotes plainly come in pairs, each pair around one whole cell."""
    data = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(data == shape.quote[0])
    ends = np.append(np.flatnonzero(data == ending[0]), len(data))
    line = np.searchsorted(ends, quotes)
    held = np.bincount(line, minlength=len(ends))
    first = (np.cumsum(held) - held)[line]
    opens = (np.arange(len(quotes)) - first) % 2 == 0
    edges = [shape.delimiter[0], ending[0], ord("\r")]
    before = np.isin(np.append(ending[0], data)[quotes], edges)
    behind = np.isin(np.append(data, ending[0])[quotes + 1], edges)
    odd = held % 2 == 1
    odd[line[np.where(opens, ~before, ~behind)]] = True
    if len(shape.delimiter) > 1 or (shape.escape not in (b"", shape.quote) and shape.escape in block):
        odd = held > 0
    for index in np.flatnonzero(odd):
        yield block[int(ends[index - 1]) + 1 if index else 0 : int(ends[index])]
