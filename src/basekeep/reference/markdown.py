"""Markdown from values: tables, code, headings. Knows nothing of what it writes about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from basekeep.kernel.text import Text


def cell(value: object) -> str:
    """A value as the content of a table's cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def code(value: object) -> str:
    """A value set as code; an empty one stays empty."""
    text = cell(value)
    return f"`{text}`" if text else ""


def both(text: Text) -> str:
    """A text in both languages, Chinese first; once where they are the same."""
    return cell(text.zh) if text.zh == text.en else f"{cell(text.zh)} · {cell(text.en)}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(*parts: str) -> str:
    """The parts of a page with an empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
