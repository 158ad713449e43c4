"""Copies of packed or foreign-encoded text files in staging, as UTF-8, in bounded memory. The original is never touched."""

from __future__ import annotations

import codecs
from pathlib import Path

from basekeep.kernel.findings import Finding
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.store.sources.encodings import UTF_8, bad_byte, first_bad, whole_codec
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.packed import CHUNK, opened, stopped


def copy_as_utf8(file: SourceFile, codec: str | None, forced: bool, target: Path, progress: Progress) -> None:
    """Write the file's text to `target` as UTF-8 without BOM, every byte checked.

    `codec` None: decide by the whole file. A codec guessed from the head is given up when a later byte refuses it.

    Raises:
        FindingsError: a byte is in no encoding, or the packed file is damaged.
    """
    chosen = codec or whole_codec(file)
    if not _copied(file, chosen, target, progress):
        other = None if forced else whole_codec(file)
        if other is None or other == chosen:
            raise stopped([_refused(file, chosen)])
        _copied(file, other, target, progress)


def _copied(file: SourceFile, codec: str, target: Path, progress: Progress) -> bool:
    """Whether every byte could be decoded; progress counts in mebibytes of the original."""
    decoder = codecs.getincrementaldecoder(codec)()
    size = file.path.stat().st_size // CHUNK + 1
    progress.start(size, Text(f"转换 {file.shown}", f"Converting {file.shown}"))
    try:
        with opened(file) as stream, target.open("wb") as out:
            start = True
            while chunk := stream.read(CHUNK):
                text = decoder.decode(chunk)
                out.write((text.removeprefix("\ufeff") if start else text).encode(UTF_8))
                start = start and not text
                progress.advance()
            out.write(decoder.decode(b"", True).encode(UTF_8))
    except UnicodeError:
        return False
    finally:
        progress.done()
    return True


def _refused(file: SourceFile, codec: str) -> Finding:
    bad = first_bad(file, codec)
    return bad_byte(file, bad.offset if bad else 0, codec)
