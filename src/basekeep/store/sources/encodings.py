"""Which encoding a text file is in, and where a byte lies that is in none. Reads; writes nothing."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.store.sources.files import SourceFile
from basekeep.store.sources.packed import chunks, stopped

UTF_8 = "utf-8"
GB18030 = "gb18030"
_BOMS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", GB18030),
)
_WIDE = re.compile("[\u0800-\U0010ffff]")
# With so many three-byte characters a text is UTF-8 with a fault in it, not GB18030 that passed by chance.
_SURELY_UTF_8 = 3
_USUAL = ("utf-8", "gb18030", "gbk", "gb2312", "utf-16", "big5", "latin-1")


@dataclass(frozen=True, slots=True)
class BadByte:
    """The first byte that a codec refuses: its offset, and how many wide characters came before it."""

    offset: int
    wide_before: int


def head_codec(head: bytes) -> str | None:
    """The codec that a file's first bytes speak for; None when only the whole file can tell."""
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec
    bad = _Scan(UTF_8).take(head)
    if bad is None:
        return UTF_8
    if bad.wide_before < _SURELY_UTF_8 and _Scan(GB18030).take(head) is None:
        return GB18030
    return None


def whole_codec(file: SourceFile) -> str:
    """The codec in which every byte of the file makes sense.

    Raises:
        FindingsError: a byte is in no encoding; with its line and its column in bytes.
    """
    bad = first_bad(file, UTF_8)
    if bad is None:
        return UTF_8
    offset, codec = bad.offset, UTF_8
    if bad.wide_before < _SURELY_UTF_8:
        worse = first_bad(file, GB18030)
        if worse is None:
            return GB18030
        offset, codec = max((offset, UTF_8), (worse.offset, GB18030))
    raise stopped([bad_byte(file, offset, codec)])


def first_bad(file: SourceFile, codec: str) -> BadByte | None:
    """The first byte of the file that the codec refuses, if any."""
    scan = _Scan(codec)
    for chunk in chunks(file):
        bad = scan.take(chunk)
        if bad:
            return bad
    return scan.take(b"", final=True)


class _Scan:
    """Decodes piece by piece and remembers how far it came."""

    def __init__(self, codec: str) -> None:
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._taken = 0
        self._wide = 0

    def take(self, chunk: bytes, final: bool = False) -> BadByte | None:
        """Decode one more piece; a character cut at its end waits for the next, unless it is the last."""
        waiting = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(error.encoding, "ignore")
            return BadByte(self._taken - waiting + error.start, self._wide + len(_WIDE.findall(before)))
        self._taken += len(chunk)
        if self._wide < _SURELY_UTF_8:
            self._wide += len(_WIDE.findall(text))
        return None


def bad_byte(file: SourceFile, offset: int, codec: str) -> Finding:
    """The finding for a byte at that offset: line and column in bytes, both from 1."""
    line, last_newline, seen, byte = 1, -1, 0, b""
    for chunk in chunks(file):
        part = chunk[: max(0, offset - seen)]
        if b"\n" in part:
            line += part.count(b"\n")
            last_newline = seen + part.rfind(b"\n")
        seen += len(chunk)
        if seen > offset:
            byte = chunk[offset - seen :][:1]
            break
    what = f"0x{byte.hex().upper()}" if byte else "EOF"
    return Finding(
        "encoding",
        file.place(line, offset - last_newline),
        Text(
            f"此处的字节（{what}）不是 {codec.upper()} 文字：编码不对、文件损坏或被截断",
            f"the byte here ({what}) is no {codec.upper()} text: another encoding, damage, or cut short",
        ),
        Text(
            "重新导出文件；若确知编码，在 read_csv 中写 encoding='gb18030' 等。",
            "Export the file again; if you know its encoding, write encoding='gb18030' or another in read_csv.",
        ),
    )


def forced_codec(name: str, place: Place) -> str | Finding:
    """The codec that the user named; a finding when there is none of that name."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
    except (LookupError, UnicodeError):
        do = Text(
            "常用：utf-8、gb18030、utf-16；不写则自动识别。",
            "Usual: utf-8, gb18030, utf-16; left out, it is recognised.",
        )
        what = Text(f"没有名为 {name} 的编码", f"there is no encoding named {name}")
        return Finding("encoding_unknown", place, what, do, near_names(name.lower(), _USUAL))
    if found.name in ("gbk", "gb2312"):
        return GB18030
    return UTF_8 if found.name in ("ascii", "utf-8-sig") else found.name
