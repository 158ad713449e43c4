"""The waterfall of decisions: from the base through every bucket to nobody, for the base and each city, county and branch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from basekeep.decide.made import Made
from basekeep.decide.tables import Owners
from basekeep.decide.writing import Columns, write_rows
from basekeep.kernel.text import Text
from basekeep.run.decision_tables import BUCKETS

_Counts = npt.NDArray[np.int64]
BASE = "base"
LEVELS = (BASE, "city", "county", "branch")
NAMES = {
    BASE: Text("存量用户", "The base"),
    "excluded": Text("排除：名单、退订或规则不许接触", "Excluded: a list, an opt-out or a rule"),
    "held_out": Text("对照组：留作比较，不接触", "Held out for comparison"),
    "no_segment": Text("不在任何有营销案的用户群", "In no segment that an offer serves"),
    "not_eligible": Text("没有合适的营销案：资格、时机不符，或不适合客户", "No offer is eligible, applicable and suitable"),
    "contact_limit": Text("接触规则不许：次数、冷静期、在享优惠", "The contact policy leaves nothing: limits, cool-downs, running benefits"),
    "out_ranked": Text("不值得做，或让位于更值得做的", "Not worth its cost, or out-ranked by what is worth more"),
    "capacity": Text("产能不够", "No capacity left"),
    "budget": Text("预算不够", "No budget left"),
    "stock": Text("库存不够", "No stock left"),
    "care": Text("安排关怀", "Cared for"),
    "offered": Text("安排营销", "Offered something"),
}  # fmt: skip


def write_waterfall(folder: Path, made: Made) -> None:
    """The table `decision_waterfall`."""
    write_rows(folder, "decision_waterfall", list(waterfall(made)))


def waterfall(made: Made) -> Iterator[Columns]:
    """The rows of every unit with subscribers, level by level; those whose unit is unknown come last, with none."""
    size, owners = made.base.size, Owners.of(made)
    units = {
        BASE: (np.full(size, -1, np.int32), ()),
        "branch": (made.base.branch, made.base.branches),
        **{level: (of, made.places.units) for level, of in owners.unit.items()},
    }
    for level in LEVELS:
        unit, names = units[level]
        counts = np.bincount(
            np.where(unit < 0, len(names), unit).astype(np.int64) * len(BUCKETS) + made.ledger.bucket,
            minlength=(len(names) + 1) * len(BUCKETS),
        ).reshape(len(names) + 1, len(BUCKETS))
        for place in sorted(range(len(names)), key=names.__getitem__):
            if counts[place].any():
                yield from _steps(names[place], level, counts[place])
        # The base has its rows even where nobody is in it.
        if counts[-1].any() or level == BASE:
            yield from _steps(None, level, counts[-1])


def _steps(unit_id: str | None, level: str, counts: _Counts) -> Iterator[Columns]:
    entered = int(counts.sum())
    for position, (step, left) in enumerate(zip((BASE, *BUCKETS), (0, *counts.tolist()), strict=True)):
        yield {
            "unit_id": unit_id, "level": level, "position": position, "step": step, "name_zh": NAMES[step].zh,
            "name_en": NAMES[step].en, "entered": entered, "left": left, "remaining": entered - left,
        }  # fmt: skip
        entered -= left
