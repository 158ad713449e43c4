"""Names for the working files of one reading. The folder is the caller's; nothing in it outlives the work."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Staging:
    """A folder for working files, each under a name of its own."""

    folder: Path
    used: int = field(default=0)

    def path(self, suffix: str) -> Path:
        """A name not used yet."""
        self.used += 1
        return self.folder / f"{self.used:05d}{suffix}"
