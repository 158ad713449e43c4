"""What the user may say about a CSV file in `read_csv(…)`, and what of it is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.store.sources.source_calls import OptionValue

_SYNONYMS = {"sep": "delim", "delimiter": "delim", "separator": "delim", "column_names": "names", "null": "nullstr"}
_TEXTS = ("delim", "quote", "escape", "comment", "encoding")
_FLAGS = ("header", "filename", "union_by_name")
# Every cell is read as text and every broken line is accounted for, so these change nothing.
_NEEDLESS = (
    "all_varchar", "auto_detect", "sample_size", "ignore_errors", "store_rejects", "parallel", "buffer_size",
    "max_line_size", "maximum_line_size", "compression", "files_to_sniff", "new_line", "hive_partitioning",
)  # fmt: skip
_NAMES = (*_TEXTS, *_FLAGS, "skip", "names", "nullstr", *_NEEDLESS)
_WRITTEN = {"\\t": "\t", "\\x01": "\x01", "\\u0001": "\x01"}


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """The options of one CSV source; None where the file itself decides."""

    delim: str | None = None
    quote: str = '"'
    escape: str = '"'
    comment: str = ""
    encoding: str | None = None
    header: bool = True
    filename: bool = False
    union_by_name: bool = False
    skip: int = 0
    names: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()


def csv_options(written: Mapping[str, OptionValue], place: Place) -> tuple[CsvOptions, tuple[Finding, ...]]:
    """The options understood, and a finding for each one that is not."""
    known: dict[str, OptionValue] = {}
    findings: list[Finding] = []
    for name, value in written.items():
        plain = _SYNONYMS.get(name, name)
        fault = _fault(plain, value)
        if fault:
            findings.append(_finding(name, fault, place))
        elif plain not in _NEEDLESS:
            known[plain] = value
    return _options(known), tuple(findings)


def _options(known: Mapping[str, OptionValue]) -> CsvOptions:
    texts = {name: _WRITTEN.get(str(known[name]), str(known[name])) for name in _TEXTS if name in known}
    flags = {name: bool(known[name]) for name in _FLAGS if name in known}
    quote = texts.pop("quote", '"')
    return CsvOptions(
        delim=texts.get("delim"),
        quote=quote,
        escape=texts.get("escape") or quote,
        comment=texts.get("comment", ""),
        encoding=texts.get("encoding"),
        header=flags.get("header", True),
        filename=flags.get("filename", False),
        union_by_name=flags.get("union_by_name", False),
        skip=int(known.get("skip") or 0),  # type: ignore[arg-type]
        names=_tuple(known.get("names")),
        nulls=_tuple(known.get("nullstr")),
    )


def _tuple(value: OptionValue) -> tuple[str, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _fault(name: str, value: OptionValue) -> Text | None:
    """What is wrong with an option, None when it is understood."""
    if name not in _NAMES:
        return Text(
            "不适用：每个单元格都按文本读入，再按数据规范检查",
            "does not apply: every cell is read as text and then checked",
        )
    if name in _TEXTS and not isinstance(value, str):
        return Text("应为文本", "should be a text")
    if name in ("quote", "escape", "comment") and len(str(value).encode()) > 1:
        return Text("应为一个 ASCII 字符或空文本", "should be one ASCII character or empty")
    if name == "delim" and not 1 <= len(str(value)) <= 4:
        return Text("应为一至四个字符", "should be one to four characters")
    if name in _FLAGS and not isinstance(value, bool):
        return Text("应为 true 或 false", "should be true or false")
    if name == "skip" and (isinstance(value, bool) or not isinstance(value, int)):
        return Text("应为整数", "should be a whole number")
    if name == "names" and not isinstance(value, tuple):
        return Text("应为文本列表", "should be a list of texts")
    return None


def _finding(name: str, fault: Text, place: Place) -> Finding:
    return Finding(
        "csv_option",
        place,
        Text(f"read_csv 的选项 {name} {fault.zh}", f"option {name} of read_csv {fault.en}"),
        Text(
            "删去或改正它；类型转换写在 select 中，例如 strptime(列, '%d/%m/%Y')。",
            "Remove or correct it; convert types in the select, e.g. strptime(column, '%d/%m/%Y').",
        ),
        near_names(name, (*_NAMES, *_SYNONYMS)) if name not in _NAMES else (),
    )
