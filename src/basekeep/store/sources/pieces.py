"""One file of a source, made ready to be scanned: what is read, and whose file it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from basekeep.store.sources.csv_head import Dialect
from basekeep.store.sources.files import SourceFile


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to scan. `scanned` is the operator's own file or a copy of it in staging.

    `dialect` is None for Parquet. `first_row_line` is the physical line where rows begin.
    The engine can skip to it only where `even`: the lines before are one record each.
    In a `numbered` copy each record is preceded by the line it begins on in the original.
    """

    file: SourceFile
    scanned: Path
    columns: tuple[str, ...] = ()
    dialect: Dialect | None = None
    first_row_line: int = 1
    numbered: bool = False
    even: bool = True

    @property
    def countable(self) -> bool:
        """Whether its lines can still be numbered."""
        return self.dialect is not None and not self.numbered
