"""A CSV file made ready to be scanned: in place where it is plain UTF-8, else through a UTF-8 copy in staging."""

from __future__ import annotations

from pathlib import Path

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.csv_head import CsvHead, read_head
from basekeep.store.sources.csv_options import CsvOptions
from basekeep.store.sources.encodings import UTF_8, forced_codec, head_codec
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.packed import is_packed, opened, stopped
from basekeep.store.sources.pieces import Piece
from basekeep.store.sources.staging import Staging
from basekeep.store.sources.utf8_copies import copy_as_utf8

_HEAD_BYTES = 256 << 10


def peek_csv(file: SourceFile, options: CsvOptions, place: Place) -> Piece:
    """The file's columns from its head alone; its content is not checked.

    Raises:
        FindingsError: no encoding of that name, no column names, or no row.
    """
    head = _head(file)
    codec = _forced(options, place) or head_codec(head) or UTF_8
    return _piece(file, file.path, head.decode(codec, "ignore"), len(head), options)


def copy_csv(file: SourceFile, options: CsvOptions, staging: Staging, place: Place, progress: Progress) -> Piece:
    """The file ready to be scanned; what is packed or not UTF-8 is copied to staging.

    Raises:
        FindingsError: a byte is in no encoding, the packed file is damaged, no column names, or no row.
    """
    forced = _forced(options, place)
    codec = forced or head_codec(_head(file))
    if codec == UTF_8 and not is_packed(file):
        return _scannable(file, file.path, options)
    target = staging.path(".csv")
    copy_as_utf8(file, codec, forced is not None, target, progress)
    return _scannable(file, target, options)


def recode_csv(piece: Piece, options: CsvOptions, staging: Staging, progress: Progress) -> Piece:
    """A file that was taken for UTF-8 by its head, copied in the encoding that its whole content speaks for.

    Raises:
        FindingsError: a byte is in no encoding; with its line and column.
    """
    target = staging.path(".csv")
    forced = options.encoding is not None
    copy_as_utf8(piece.file, UTF_8 if forced else None, forced, target, progress)
    return _scannable(piece.file, target, options)


def _forced(options: CsvOptions, place: Place) -> str | None:
    if options.encoding is None:
        return None
    codec = forced_codec(options.encoding, place)
    if isinstance(codec, Finding):
        raise stopped([codec])
    return codec


def _scannable(file: SourceFile, scanned: Path, options: CsvOptions) -> Piece:
    head = _head(SourceFile(scanned, file.shown)) if scanned != file.path else _head(file)
    return _piece(file, scanned, head.decode(UTF_8, "replace"), len(head), options)


def _piece(file: SourceFile, scanned: Path, text: str, size: int, options: CsvOptions) -> Piece:
    head = read_head(text.removeprefix("\ufeff"), size < _HEAD_BYTES, options)
    if not head.has_rows:
        raise stopped([_no_rows(file, head)])
    return Piece(file, scanned, head.columns, head.dialect, head.first_row_line, even=head.even)


def _head(file: SourceFile) -> bytes:
    with opened(file) as stream:
        return stream.read(_HEAD_BYTES)


def _no_rows(file: SourceFile, head: CsvHead) -> Finding:
    what = Text("只有表头，没有数据行", "there is a header and no row")
    if not head.columns:
        what = Text("文件里没有列名", "the file has no column names")
    do = Text("重新导出这个文件，或把它移出目录。", "Export the file again, or move it away.")
    return Finding("file_without_rows", file.place(), what, do)
