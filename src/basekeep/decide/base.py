"""The base of a run as arrays: one element for each subscriber, in the order of the run's figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text

Int = npt.NDArray[np.int32]
Marks = npt.NDArray[np.int64]
# A day as its number since 1970; where there is none.
NO_DAY = np.iinfo(np.int32).max
# As many marks have room in one whole number that can be added up.
MOST_MARKS = 62


@dataclass(frozen=True)
class Base:
    """What decisions know of each subscriber.

    Attributes:
        ids: subscriber ids.
        tie: a keyed hash of the id, by which ties are settled; no two are equal.
        branches: the ids of all branches that subscribers name; `branch` is a place in it, -1 where unknown.
        customer: a number for each customer whose lines are counted together; 0 to `customers` - 1.
        family: a number for each physical family, -1 where there is none; 0 to `families` - 1.
        groups: the ids of all group accounts that subscribers name; `group` is a place in it, -1 where there is none.
        served: names of segments and scorecards that some offer serves; bit i of `segments` says whether the subscriber
            is a member of the i-th, for a scorecard whether it is a target.
        others: names of segments and scorecards that no offer serves and a floor or a care share speaks of; the bits of
            `other_marks` are theirs.
        stages: by stage and by columns of 60 offers the marks of the offers that pass.
        values: by the playbook's distinct expressions what a success is worth, in yuan, nan where unknown.
        events: by column the day of an event, NO_DAY where there is none.
        excluded, reserved: marks of the contact policy's exclusions and reservations that hold.
        in_term: whether the subscriber was in the base when the term of the universal control group began.
    """

    ids: pa.Array
    tie: npt.NDArray[np.uint64]
    branches: tuple[str, ...]
    branch: Int
    customer: Int
    customers: int
    family: Int
    families: int
    groups: tuple[str, ...]
    group: Int
    served: tuple[str, ...]
    segments: Marks
    others: tuple[str, ...]
    other_marks: Marks
    stages: Mapping[str, tuple[Marks, ...]]
    values: tuple[npt.NDArray[np.float64], ...]
    events: Mapping[str, Int]
    excluded: Marks
    reserved: Marks
    in_term: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """How many subscribers there are."""
        return len(self.branch)

    def members(self, name: str) -> npt.NDArray[np.bool_]:
        """Who is in a segment, or a target of a scorecard; nobody where no declaration of decisions speaks of it."""
        for names, marks in ((self.served, self.segments), (self.others, self.other_marks)):
            if name in names:
                held: npt.NDArray[np.bool_] = (marks >> names.index(name)) & 1 == 1
                return held
        return np.zeros(self.size, np.bool_)


def need_room(what: Text, names: Collection[str]) -> None:
    """Marks of these names have room in one number.

    Raises:
        WorkError: there are too many of them.
    """
    if len(names) > MOST_MARKS:
        raise WorkError(
            "decide.too_many",
            Text(f"{what.zh}有 {len(names)} 个，最多 {MOST_MARKS} 个", f"{what.en}: {len(names)}; the most is {MOST_MARKS}"),
            Text("在策略手册中合并一些。", "Join some of them in the playbook."),
        )  # fmt: skip
