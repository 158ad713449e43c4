"""Which stored tables a run reads besides the monthly ones of subscribers: they are part of what makes it."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.contract.tables import (
    BUSINESS_ORDER,
    CALL_PAIR,
    CONTACT_LOG,
    DEVICE_MODEL,
    DEVICE_STOCK,
    EXCLUSION_LIST,
    GROUP_ACCOUNT,
    GROUP_MONTH,
    ORG_UNIT,
    STAFF,
)
from basekeep.kernel.months import month_text, shift_month
from basekeep.playbook.grains import GROUP, LAST_CONTACT
from basekeep.relations.grains import wanted_of
from basekeep.run.plan import Plan
from basekeep.store.state import ALL


def tables_read(plan: Plan) -> Iterator[tuple[str, str]]:
    """(table, partition), each once, in a fixed order; those that are not stored among them."""
    yield ORG_UNIT.name, ALL
    groups = [compiled for compiled in plan.compiled.grains if compiled.grain is GROUP]
    wanted = wanted_of(term for compiled in groups for term in compiled.terms())
    upgrade = plan.compiled.playbook.upgrade is not None
    decides = plan.compiled.decisions is not None
    needed = {
        DEVICE_MODEL: upgrade or decides or "device_model_id" in plan.keys,
        GROUP_ACCOUNT: upgrade or decides or bool(groups),
        CONTACT_LOG: decides or (LAST_CONTACT, 0) in wanted,
        STAFF: upgrade or decides,
        DEVICE_STOCK: upgrade or decides,
        BUSINESS_ORDER: upgrade or decides,
        EXCLUSION_LIST: decides,
    }
    yield from ((table.name, ALL) for table, reads in needed.items() if reads)
    for lag in sorted({lag for _, lag in wanted}):
        yield GROUP_MONTH.name, month_text(shift_month(plan.month, -lag))
    if plan.families:
        yield from ((CALL_PAIR.name, month_text(month)) for month in plan.families.months)
