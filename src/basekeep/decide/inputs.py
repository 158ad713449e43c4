"""All that decisions are made from, gathered once: whatever is made from it again with other levers reads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from basekeep.decide.base import Base
from basekeep.decide.capacity import Member, stored_staff
from basekeep.decide.contacts import Standing, standing
from basekeep.decide.gathering import gather_base
from basekeep.decide.hold_outs import ControlGroup, Lots, prepare_lots, universal_control
from basekeep.decide.past_contacts import PastContacts, past_contacts
from basekeep.decide.period import Period, period_of
from basekeep.decide.places import Places, group_units, places_of, stored_organisation
from basekeep.decide.stock import StoredStock, stored_stock
from basekeep.decide.teams import managers_of
from basekeep.engines.protocol import Session
from basekeep.playbook.declarations import Playbook
from basekeep.relations.compiled import Compiled
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark


@dataclass(frozen=True)
class Inputs:
    """What is known before anything is decided.

    Attributes:
        group_units, managers: of group accounts the unit that they belong to, and their account manager.
        past: recent contacts, which those to come keep their distance from.
        lots, universal: what control groups are drawn with, and the universal one; None where there is none.
    """

    compiled: Compiled
    base: Base
    period: Period
    standing: Standing
    places: Places
    staff: Sequence[Member]
    group_units: Mapping[str, str]
    managers: Mapping[str, str]
    stock: StoredStock
    past: PastContacts
    lots: Lots | None
    universal: ControlGroup | None
    remarks: Sequence[Remark]

    @property
    def playbook(self) -> Playbook:
        """The playbook that decides."""
        return self.compiled.playbook


def gather_inputs(
    plan: Plan, session: Session, figures: Sequence[Path], folder: Path, since: date | None = None
) -> Inputs:
    """Read them.

    Args:
        figures: the run's files of figures.
        folder: the run's folder.
        since: the first day that is left of the period; all of it when not given.
    """
    base = gather_base(plan, session, figures, folder)
    period = period_of(plan.month, plan.compiled.playbook.contact_policy.quiet, since)
    stands, remarks = standing(plan, session, figures, base, period)
    lots, universal, found = _control(plan, session, figures, base, folder)
    organisation = stored_organisation(plan, session)
    return Inputs(
        plan.compiled,
        base,
        period,
        stands,
        places_of(organisation),
        stored_staff(plan, session),
        group_units(plan, session, base.groups),
        managers_of(plan, session),
        stored_stock(plan, session),
        past_contacts(plan, session, figures, period.first),
        lots,
        universal,
        [*remarks, *found],
    )


def _control(
    plan: Plan, session: Session, figures: Sequence[Path], base: Base, folder: Path
) -> tuple[Lots | None, ControlGroup | None, list[Remark]]:
    declared = plan.compiled.playbook.hold_outs
    if declared is None:
        return None, None, []
    lots = prepare_lots(plan, session, figures, base, folder, declared)
    return (lots, *universal_control(plan, session, figures, lots))
