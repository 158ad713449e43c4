"""The door: rows of `subscriber_month` and a month in, the whole second answer out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .families import physical
from .logic import Truth, any_of
from .panel import Panel, Row
from .parameters import settled
from .quantities import frame_of, tenure
from .rules import RULES
from .states import balance_state, usage_state
from .upgrade import EXCLUSIONS, DataUse, data_use, excluded, in_space


@dataclass(frozen=True)
class Answer:
    """Everything by subscriber id; every table has each id of the base. None is "unknown", also for a state."""

    base: set[str]
    states: dict[str, tuple[str | None, str | None]]
    tenure: dict[str, tuple[int | None, int | None]]
    rules: dict[tuple[str, str], dict[str, Truth]]
    in_space: dict[str, Truth]
    exclusions: dict[str, dict[str, bool]]
    targets: set[str]
    data_use: dict[str, DataUse]

    def segment(self, name: str) -> dict[str, Truth]:
        """A segment holds where any of its rules holds."""
        members = [truths for (segment, _), truths in self.rules.items() if segment == name]
        return {id_: any_of(*(truths[id_] for truths in members)) for id_ in self.base}


def answer(
    rows: Sequence[Row],
    month: date,
    parameters: Mapping[str, Fraction] | None = None,
    pairs: Sequence[Row] = (),
) -> Answer:
    """The definitions worked out for the run of `month`; a column in no row at all is unknown everywhere.

    `pairs` are rows of `call_pair`.

    TypeError for a float or a wrong type, ValueError for two rows of one subscriber in a month or an unknown parameter.
    """
    panel = Panel(rows, month)
    frame = frame_of(panel, settled(parameters))
    space = {s.id: in_space(s, frame) for s in panel.base}
    exclusions = {name: {s.id: excluded(s, name) for s in panel.base} for name in EXCLUSIONS}
    return Answer(
        base={s.id for s in panel.base},
        states={s.id: (balance_state(s, frame), usage_state(s, frame)) for s in panel.base},
        tenure={s.id: tenure(s) for s in panel.base},
        rules={
            **{name: {s.id: rule(s, frame) for s in panel.base} for name, rule in RULES.items()},
            ("family", "physical"): physical(rows, pairs, month),
        },
        in_space=space,
        exclusions=exclusions,
        targets={id_ for id_, truth in space.items() if truth and not any(who[id_] for who in exclusions.values())},
        data_use={s.id: data_use(s, frame) for s in panel.base},
    )
