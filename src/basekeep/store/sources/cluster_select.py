"""A mapping's select as the cluster runs it: files that it names become views, the rest is put in the cluster's words.

A select that names tables of the cluster only is taken word for word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from basekeep.engines.spark import file_url
from basekeep.engines.sql_text import sql_name
from basekeep.engines.support import Feature, Support
from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text
from basekeep.store.sources.packed import stopped
from basekeep.store.sources.selects import Select, parse_select
from basekeep.store.sources.source_calls import OptionValue, SourceCall, SourceKind

# Options of read_csv that the cluster's own reader has under another name.
_CSV_OPTIONS = {"delim": "sep", "sep": "sep", "quote": "quote", "escape": "escape", "encoding": "encoding",
                "header": "header", "nullstr": "nullValue"}  # fmt: skip
_CSV_DEFAULTS = {"header": "true", "multiLine": "true", "escape": '"', "mode": "FAILFAST", "encoding": "UTF-8"}
_KINDS: dict[SourceKind, Feature] = {
    "csv": Feature.CSV, "parquet": Feature.PARQUET, "workbook": Feature.WORKBOOK, "other": Feature.OTHER_FILES,
}  # fmt: skip


class Views(Protocol):
    """What gives files to a cluster as views."""

    def view_of_files(self, kind: str, paths: Sequence[str], options: Mapping[str, str]) -> str:
        """The name of a view over the files."""


def cluster_select(text: str, root: Path, views: Views, place: Place) -> str:
    """The select in Spark's SQL; its files are views by then.

    Args:
        root: where relative paths start; all machines of the cluster see it.

    Raises:
        FindingsError: it is no single SELECT, or it asks for what the cluster's readers cannot do.
    """
    parsed = parse_select(text, place)
    calls = parsed.calls if isinstance(parsed, Select) else ()
    if isinstance(parsed, Select) and calls:
        findings = [finding for call in calls for finding in _refused(call, place)]
        if findings:
            raise stopped(findings)
        relations = [
            _relation(call, views.view_of_files(call.kind, _paths(call, root), _options(call))) for call in calls
        ]
        return str(_one_query(parsed.filled(relations), "duckdb", place).sql(dialect="spark"))
    _one_query(text, "spark", place)
    return text.rstrip().rstrip(";")


def _one_query(text: str, dialect: str, place: Place) -> exp.Query:
    try:
        statements = [one for one in sqlglot.parse(text, read=dialect) if one is not None]
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise stopped(
            [_finding("select_syntax", place, Text(f"读不懂：{first}", f"not understood: {first}"))]
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise stopped([_finding("select_only", place, Text("不是一条 SELECT", "not one SELECT"))])
    return statements[0]


def _refused(call: SourceCall, place: Place) -> Iterator[Finding]:
    """What the call asks for that no cluster can do, as `engines.support` declares it."""
    needed = _KINDS[call.kind].support
    if "spark" not in needed.engines:
        yield Finding("cluster_source", place, _not_by_spark(call.function, needed), needed.note)
    details = Feature.CSV_DETAILS.support
    for name in call.options if call.kind == "csv" else ():
        if name not in _CSV_OPTIONS:
            yield Finding("cluster_source", place, _not_by_spark(name, details), details.note)


def _not_by_spark(name: str, needed: Support) -> Text:
    return Text(
        f"engine: spark 不支持 {name}（{needed.what.zh}）", f"engine: spark does not do {name} ({needed.what.en})"
    )


def _relation(call: SourceCall, view: str) -> str:
    return f"{view} AS {sql_name(call.name)}" if call.name else view


def _paths(call: SourceCall, root: Path) -> list[str]:
    return [path if "://" in path else file_url(root / path) for path in call.paths]


def _options(call: SourceCall) -> dict[str, str]:
    if call.kind != "csv":
        return {}
    given = {_CSV_OPTIONS[name]: _option_text(value) for name, value in call.options.items()}
    return {**_CSV_DEFAULTS, **given}


def _option_text(value: OptionValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _finding(code: str, place: Place, what: Text) -> Finding:
    do = Text(
        "写一条 SELECT，来源是集群的表，或 read_parquet、read_csv 的文件；见 docs/engines.md。",
        "Write one SELECT over tables of the cluster, or files by read_parquet and read_csv; see docs/engines.md.",
    )
    return Finding(code, place, what, do)
