"""The days on which a run's decisions are carried out: those of the month after it on which contacts are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """From the first day to the last; `days` are those of them that are not quiet, earliest first."""

    first: date
    last: date
    days: tuple[date, ...]
