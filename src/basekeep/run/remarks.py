"""What a run says of bad input: each kind of thing found, with its count, while the rest goes on. Never a subscriber's data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from basekeep.kernel.findings import Finding, Place
from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """One kind of bad input: a stable code, the table it was found in, how many, what it is, what to do."""

    code: str
    table: str
    count: int
    what: Text
    do: Text


def remarks(found: Iterable[Remark]) -> list[dict[str, Any]]:
    """The remarks of a run as its record keeps them: those that count something, by code and table."""
    kept = sorted((one for one in found if one.count), key=lambda one: (one.code, one.table))
    return [
        {
            "code": one.code, "table": one.table, "count": one.count,
            "what": {"zh": one.what.zh, "en": one.what.en}, "do": {"zh": one.do.zh, "en": one.do.en},
        }
        for one in kept
    ]  # fmt: skip


def remarks_of(content: Mapping[str, Any]) -> tuple[Remark, ...]:
    """The remarks that a run's record holds."""
    return tuple(
        Remark(one["code"], one["table"], one["count"], Text(**one["what"]), Text(**one["do"]))
        for one in content.get("remarks", ())
    )


def finding(remark: Remark) -> Finding:
    """A remark as a warning that a shell shows like any other finding."""
    what = Text(f"{remark.what.zh}：{remark.count:,}", f"{remark.what.en}: {remark.count:,}")
    return Finding(remark.code, Place(remark.table), what, remark.do, severity="warning")
