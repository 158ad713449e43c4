"""What the command line shows: sentences, tables and errors in one language, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from basekeep.kernel.errors import BasekeepError, FindingsError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Language, Text


class Screen:
    """Prints to standard output for people, or collects one document for `--json`."""

    def __init__(self, language: Language = "zh", as_json: bool = False) -> None:
        self.language: Language = language
        self.as_json = as_json

    def say(self, text: Text, style: str = "") -> None:
        """One sentence."""
        if not self.as_json:
            self.line(text.say(self.language), style)

    def line(self, line: str, style: str = "") -> None:
        """One line as it is."""
        if self.as_json:
            return
        from rich.text import Text as Styled

        self._console().print(Styled(line, style=style), soft_wrap=True)

    def table(
        self, title: Text | None, heads: Sequence[Text], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()
    ) -> None:
        """A table; the columns named in `numbers` stand to the right."""
        if self.as_json:
            return
        from rich import box
        from rich.table import Table

        table = Table(
            title=title.say(self.language) if title else None,
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
        )
        for index, head in enumerate(heads):
            table.add_column(head.say(self.language), justify="right" if index in numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*(shown(cell, self.language) for cell in row))
        self._console().print(table)

    def document(self, value: Any) -> None:
        """The one document of `--json`; says nothing to people."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")

    def finding(self, finding: Finding) -> None:
        """One finding, errors in red and warnings in yellow."""
        self.line(finding.say(self.language), "red" if finding.severity == "error" else "yellow")

    def error(self, error: BasekeepError) -> None:
        """An error, to standard error; as a document for programs."""
        if self.as_json:
            found = list(error.findings) if isinstance(error, FindingsError) else []
            self.document(
                {
                    "error": error.code,
                    "message": error.what.say(self.language),
                    "findings": [as_data(f, self.language) for f in found],
                }
            )
            return
        sys.stderr.write(error.say(self.language) + "\n")

    def _console(self) -> Any:
        from rich.console import Console

        return Console(highlight=False, file=sys.stdout)


def shown(cell: object, language: Language) -> str:
    """A cell for people: thousands apart, shares as they are, both languages resolved."""
    if isinstance(cell, Text):
        return cell.say(language)
    if isinstance(cell, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[language, cell]
    if cell is None:
        return "未知" if language == "zh" else "unknown"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.4f}".rstrip("0").rstrip(".")
    return str(cell)


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "—" if share is None else f"{share * 100:.1f}%"


def as_data(finding: Finding, language: Language) -> dict[str, Any]:
    """A finding as plain values."""
    return {
        "code": finding.code, "file": finding.place.file, "line": finding.place.line, "column": finding.place.column,
        "severity": finding.severity, "what": finding.what.say(language), "do": finding.do.say(language), "near": list(finding.near),
    }  # fmt: skip
