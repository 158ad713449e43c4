"""What the command line shows: sentences, tables and errors in one language, or one JSON document for programs."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, TextIO

from basekeep.cli.tables import table_lines
from basekeep.cli.widths import wrapped
from basekeep.kernel.errors import BasekeepError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Language, Text

# What a terminal would obey instead of show.
_LEAST_ROOM = 30
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Screen:
    """Prints to standard output for people, or one document for `--json`."""

    def __init__(self, language: Language = "zh", as_json: bool = False) -> None:
        self.language: Language = language
        self.as_json = as_json

    def say(self, text: Text, style: str = "") -> None:
        """A sentence, broken between words where the terminal ends."""
        room = self.room()
        for part in text.say(self.language).split("\n"):
            for line in wrapped(part, room) or [""] if room else [part]:
                self.line(line, style)

    def item(self, line: str, style: str = "") -> None:
        """One line of a list; what does not fit stands below, a little to the right of where it began."""
        room = self.room()
        left = len(line) - len(line.lstrip())
        if room is None or room - left < _LEAST_ROOM:
            self.line(line, style)
            return
        for at, text in enumerate(wrapped(line[left:], room - left - 2)):
            self.line(" " * (left + 2 * (at > 0)) + text, style)

    def line(self, line: str, style: str = "") -> None:
        """One line as it is, such as a command to copy."""
        if not self.as_json:
            self.console(sys.stdout).print(_styled(line, style), soft_wrap=True)

    def table(
        self, title: Text | None, heads: Sequence[Text], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()
    ) -> None:
        """A table; the columns named in `numbers` stand to the right."""
        if self.as_json:
            return
        texts = [[shown(cell, self.language) for cell in row] for row in rows]
        lines = table_lines([head.say(self.language) for head in heads], texts, numbers, self.room())
        self.line("")
        if title:
            self.say(title, "bold cyan")
        for at, line in enumerate(lines):
            self.line(line, "dim" if line.startswith("─") else "bold" if at == 0 else "")

    def room(self) -> int | None:
        """How wide the terminal is; None in a pipe, where nothing is folded: who reads it wants whole lines."""
        return shutil.get_terminal_size().columns if sys.stdout.isatty() else None

    def document(self, value: Any) -> None:
        """The one document of `--json`; says nothing to people."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")

    def finding(self, finding: Finding) -> None:
        """One finding, errors in red and warnings in yellow."""
        place, _, rest = finding.say(self.language).partition(": ")
        if not self.as_json:
            style = "red" if finding.severity == "error" else "yellow"
            what, _, do = rest.partition("\n")
            said = _styled(f"{place}: ", "bold").append(_styled(what, style)).append(f"\n{do}")
            self.console(sys.stdout).print(said, soft_wrap=True)

    def error(self, error: BasekeepError) -> None:
        """An error, to standard error; as a document for programs."""
        if self.as_json:
            self.document(error_data(error, self.language))
            return
        colours = sys.stderr.isatty()
        for line in error.say(self.language).splitlines():
            self.console(sys.stderr).print(
                _styled(line, "" if line[:1] == " " or not colours else "red"), soft_wrap=True
            )

    def console(self, into: TextIO) -> Any:
        """A console that shows text as it is: no mark-up, no colours of its own."""
        from rich.console import Console

        return Console(file=into, highlight=False, markup=False, emoji=False)


def _styled(line: str, style: str = "") -> Any:
    from rich.text import Text as Styled

    return Styled(line, style=style)


def printable(text: str) -> str:
    """A text with what a terminal would obey written out."""
    return _CONTROLS.sub(lambda sign: {"\n": "⏎", "\t": "⇥"}.get(sign[0], f"\\x{ord(sign[0]):02x}"), text)


def shown(cell: object, language: Language) -> str:
    """A cell for people: thousands apart, zeros trimmed, both languages resolved."""
    if isinstance(cell, Text):
        return cell.say(language)
    if isinstance(cell, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[language, cell]
    if cell is None:
        return "未知" if language == "zh" else "unknown"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return number(cell)
    return printable(str(cell))


def number(value: float) -> str:
    """A number with at most four decimals, or four digits where it is very small."""
    if value and abs(value) < 0.0001:
        return f"{value:.4g}"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def size(count: int) -> str:
    """A number of bytes, in megabytes where there are many."""
    return f"{count / 1_000_000:,.1f} MB" if count >= 100_000 else f"{count:,} B"


def percent(share: float | None) -> str:
    """A share as a percentage with one decimal."""
    return "—" if share is None else f"{share * 100:.1f}%"


def error_data(error: BasekeepError, language: Language) -> dict[str, Any]:
    """An error as plain values."""
    return {
        "error": error.code, "message": error.what.say(language), "do": error.do.say(language) if error.do else None,
        "exit_status": error.exit_status, "findings": [as_data(one, language) for one in getattr(error, "findings", ())],
    }  # fmt: skip


def as_data(finding: Finding, language: Language) -> dict[str, Any]:
    """A finding as plain values."""
    return {
        "code": finding.code, "file": finding.place.file, "line": finding.place.line, "column": finding.place.column,
        "severity": finding.severity, "what": finding.what.say(language), "do": finding.do.say(language), "near": list(finding.near),
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
