"""A small panel full of coincidences: few values, so that limits are met; empty cells, missing rows, 29 February."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from relations.small_run import Row, earlier

MONTHS_BACK = 15
_AMOUNTS = [Decimal(text) for text in ("0", "0.01", "10", "33.33", "49.99", "50", "70", "100", "0.3333", "987654.32")]
_BALANCES = [*_AMOUNTS, Decimal("-0.01"), Decimal("-50")]
_JOINED = [date(2020, 2, 29), date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29), date(2024, 12, 31), date(2016, 2, 29)]  # fmt: skip


def rows(seed: int, count: int, month: date) -> list[Row]:
    """Rows of so many subscribers; everybody has one in the month itself, a few of them cancelled."""
    dice = random.Random(seed)
    return [row for who in range(count) for row in _subscriber(dice, f"S{who:03d}", month)]


def _subscriber(dice: random.Random, who: str, month: date) -> list[Row]:
    joined = dice.choice([*_JOINED, month, earlier(month, 1), None])
    born = dice.choice([date(1980, 2, 29), date(1990, 12, 31), date(2007, 2, 28), None])
    branch = dice.choice(["B1", "B2", "B3", "B4", None])
    found: list[Row] = []
    for back in range(MONTHS_BACK):
        if back and dice.random() < 0.08:
            continue
        cells = _cells(dice, month)
        status = dice.choice(["active"] * 6 + ["suspended", "cancelled"])
        fixed = {"join_date": joined, "birth_date": born, "branch_id": branch, "status": status}
        found.append({"subscriber_id": who, "month": earlier(month, back), **fixed, **cells})
    return found


def _cells(dice: random.Random, month: date) -> dict[str, object]:
    end = earlier(month, -1) - timedelta(days=1)
    days = [end + timedelta(days=by) for by in (-1, 0, 1, 30, 31)]
    cells: dict[str, object] = {
        name: dice.choice(_AMOUNTS) for name in ("arpu", "plan_fee", "mou_out", "mou_in", "roaming_min")
    }
    cells["balance"] = dice.choice(_BALANCES)
    cells.update({name: dice.choice([0, 1, 2, 3]) for name in ("recharge_count", "vas_count")})
    cells["offnet_contact_share"] = Decimal(dice.choice([0, 1, 3333, 5000, 10000])) / 10000
    cells["brand"] = dice.choice(["gotone", "mzone", "easyown"])
    cells["is_staff"] = dice.choice([True, False])
    for name in list(cells):
        if dice.random() < 0.06:
            cells[name] = None
    for name in ("bound_until", "vas_until"):
        cells[name] = dice.choice([*days, None])
    cells["group_role"] = dice.choice(["member", "leader", None])
    return cells
