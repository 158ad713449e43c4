"""Keyed hashes of subscriber ids: they order people by chance, the same each time, and say nothing of them."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from basekeep.engines.sql_text import sql_literal

Hash = npt.NDArray[np.uint64]
_PART = "|"


def keyed_hash_sql(subscriber_id: str, *key: str) -> str:
    """SQL's expression for the lower 64 bits of the MD5 of key and id, parted by `|`.

    Args:
        subscriber_id: an expression.
        key: texts.
    """
    return f"md5_number_lower({sql_literal(_PART.join((*key, '')))} || {subscriber_id})"


def mixed(hashes: Hash, *key: str) -> Hash:
    """Hashes that look drawn anew for another key; different ones stay different.

    Each with the key's own hash by exclusive or, then the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    """
    digest = hashlib.md5(_PART.join(key).encode(), usedforsecurity=False).digest()
    # What wraps round is meant to.
    x: Hash = hashes ^ np.uint64(int.from_bytes(digest[8:], "little"))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
