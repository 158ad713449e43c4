"""Opens a file's bytes, unpacking .gz and .zst on the way; what is damaged or cut short is named, never half read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pyarrow as pa

from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.sources.files import SourceFile

CHUNK = 1 << 20


def is_packed(file: SourceFile) -> bool:
    """Whether the file is compressed."""
    return file.path.suffix.lower() in (".gz", ".zst")


@contextmanager
def opened(file: SourceFile) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked.

    Raises:
        FindingsError: a compressed file is damaged or cut short.
    """
    suffix = file.path.suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.open(file.path, "rb") as unpacked:
                yield unpacked  # type: ignore[misc]
        elif suffix == ".zst":
            with pa.OSFile(str(file.path)) as raw, pa.CompressedInputStream(raw, "zstd") as unpacked:
                yield unpacked
        else:
            with file.path.open("rb") as plain:
                yield plain
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged(file.place()) from error
    except OSError as error:
        # Arrow reports damage as an OSError without a number; one with a number is the disk's.
        if suffix == ".zst" and error.errno is None:
            raise damaged(file.place()) from error
        raise


def chunks(file: SourceFile) -> Iterator[bytes]:
    """The file's bytes, unpacked, a mebibyte at a time."""
    with opened(file) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def damaged(place: Place) -> FindingsError:
    """The error for a file that ends too early or whose content contradicts its own check sums."""
    finding = Finding(
        "file_damaged",
        place,
        Text("文件损坏或被截断", "the file is damaged or cut short"),
        Text("重新导出或重新传输这个文件。", "Export or transfer the file again."),
    )
    return stopped([finding])


def stopped(findings: list[Finding]) -> FindingsError:
    """The error that carries findings out of the reading of a table."""
    return FindingsError(
        "sources.unreadable",
        Text(
            f"数据源有 {len(findings)} 处错误，没有写入任何数据。",
            f"{len(findings)} errors in the sources; nothing was stored.",
        ),
        findings,
    )
