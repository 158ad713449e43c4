"""Where the documents lie, and what stands in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(r"^```([\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r"`([^`]+)`")


def blocks(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language and text."""
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def glossary_names() -> frozenset[str]:
    """Every name that the glossary's third column gives a term for."""
    found: set[str] = set()
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [part.strip() for part in line.split("|")]
        if line.startswith("|") and len(cells) == 7:
            found.update(_NAMES.findall(cells[3]))
    return frozenset(found)
