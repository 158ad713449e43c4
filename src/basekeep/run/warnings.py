"""What a run noted in its tables and went on with: kept in its record, with how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Warned:
    """One kind of thing that was noted; `what` also says what became of it."""

    code: str
    count: int
    what: Text

    def as_data(self) -> dict[str, Any]:
        """As the record keeps it."""
        return {"code": self.code, "count": self.count, "zh": self.what.zh, "en": self.what.en}
