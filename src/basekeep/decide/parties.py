"""Parties: customers whose lines lie in one family, or in families that share a customer, are counted together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.decide.base import Base, Int
from basekeep.decide.contacts import Standing
from basekeep.decide.rounding import Whole
from basekeep.run.communities import connected

UNLIMITED = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Parties:
    """Of each customer its party, and of each party how many contacts are left.

    A customer is in one party, so that families that share a customer become one. Its quota is the least of theirs, not
    their sum: two families would otherwise get between them what neither may have alone.
    """

    of: Int
    quota: Int


def parties_of(base: Base, standing: Standing) -> Parties:
    """The parties of a base; a customer without a family is one by itself, without a limit."""
    family = _a_family(base)
    joined = _joined(base)
    many = int(joined.max(initial=-1)) + 1
    within = family >= 0
    of = np.empty(base.customers, np.int32)
    of[within] = joined[family[within]]
    of[~within] = many + np.arange(base.customers - int(within.sum()))
    quota = np.full(many + base.customers - int(within.sum()), UNLIMITED, np.int32)
    np.minimum.at(quota, joined, np.maximum(standing.family_quota, 0))
    return Parties(of, quota)


def _a_family(base: Base) -> Int:
    """Of each customer one of the families that its lines lie in, -1 where there is none."""
    found = np.full(base.customers, -1, np.int32)
    there = base.family >= 0
    found[base.customer[there]] = base.family[there]
    return found


def _joined(base: Base) -> Whole:
    """Of each family the number of those that it is one with."""
    there = np.flatnonzero(base.family >= 0)
    there = there[np.argsort(base.customer[there], kind="stable")]
    customer, family = base.customer[there], base.family[there]
    shared = np.flatnonzero((customer[1:] == customer[:-1]) & (family[1:] != family[:-1]))
    return connected(family[shared].astype(np.int64), family[shared + 1].astype(np.int64), base.families)
