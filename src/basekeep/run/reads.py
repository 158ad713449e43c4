"""Which stored tables a run reads besides the monthly ones of subscribers: they are part of what makes it."""

from __future__ import annotations

from collections.abc import Iterator

from basekeep.contract.tables import CONTACT_LOG, DEVICE_MODEL, GROUP_ACCOUNT, GROUP_MONTH, ORG_UNIT
from basekeep.kernel.months import month_text, shift_month
from basekeep.playbook.grains import GROUP
from basekeep.run.plan import Plan
from basekeep.store.state import ALL


def tables_read(plan: Plan) -> Iterator[tuple[str, str]]:
    """(table, partition), each once, in a fixed order; those that are not stored among them."""
    yield ORG_UNIT.name, ALL
    if "device_model_id" in plan.keys:
        yield DEVICE_MODEL.name, ALL
    for compiled in plan.compiled.grains:
        if compiled.grain is GROUP:
            yield GROUP_ACCOUNT.name, ALL
            yield CONTACT_LOG.name, ALL
            for lag in range(plan.compiled.playbook.playbook.history_months):
                yield GROUP_MONTH.name, month_text(shift_month(plan.month, -lag))
