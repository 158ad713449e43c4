"""Definition 1: the state of the balance and the state of use."""

from .arithmetic import Figure
from .panel import Subscriber
from .quantities import Frame, mean_arpu_3, mou


def typical_arpu(s: Subscriber) -> Figure:
    """A: mean ARPU of three months, or m0's where that mean is unknown."""
    three = mean_arpu_3(s)
    return s.number("arpu") if three is None else three


def balance_state(s: Subscriber, f: Frame) -> str | None:
    balance = s.number("balance")
    if balance is None:
        return None
    if balance < 0:
        return "overdue"
    arpu = typical_arpu(s)
    if arpu is None:
        return None
    if balance < f["balance_low_share"] * arpu:
        return "low"
    return "fair" if balance <= arpu else "healthy"


def usage_state(s: Subscriber, f: Frame) -> str | None:
    minutes, data = mou(s), s.number("data_mb")
    if minutes is None or (minutes == 0 and data is None):
        return None
    if minutes == 0 and data == 0:
        return "silent"
    if f.base_mou is None:
        raise AssertionError("one known value makes the base's mean known")
    if minutes < f["usage_low_share"] * f.base_mou:
        return "low"
    return "normal" if minutes <= f["usage_high_share"] * f.base_mou else "high"
