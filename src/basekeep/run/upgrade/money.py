"""Money in whole fen, and the price tiers that are declared in yuan."""

from __future__ import annotations

from fractions import Fraction

from basekeep.contract.columns import NUMBER_SCALE
from basekeep.playbook.upgrade import Devices

FEN = 100


def fen(yuan: Fraction) -> int:
    """Yuan as whole fen; declared amounts have two decimals at most."""
    return int(yuan * FEN)


def stored(yuan: Fraction) -> int:
    """Yuan as a stored number."""
    return int(yuan * NUMBER_SCALE)


def tier_sql(devices: Devices | None, price: str) -> str:
    """The place of a stored price among the tiers, from 0 up; unknown where the price is."""
    if devices is None:
        return "CAST(NULL AS INTEGER)"
    tops = [tier.up_to_yuan for tier in devices.tiers.values()]
    whens = " ".join(f"WHEN {price} <= {stored(top)} THEN {at}" for at, top in enumerate(tops) if top is not None)
    return f"CASE WHEN {price} IS NULL THEN NULL {whens} ELSE {len(tops) - 1} END"
