"""Writes the reference pages: `python -m basekeep.reference [FOLDER]`, `docs` when none is named."""

from __future__ import annotations

import sys
from pathlib import Path

from basekeep.reference.pages import pages


def write(folder: Path) -> None:
    """Write every page into the folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
