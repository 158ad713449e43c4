"""The table of what each engine can do."""

from __future__ import annotations

from typing import get_args

from basekeep.engines.support import EngineName, Feature
from basekeep.reference.markdown import both, code, table


def engines_section() -> str:
    """One row per feature, in the order in which they are declared."""
    names = get_args(EngineName)
    rows = [
        (both(one.what), *("●" if name in one.engines else "—" for name in names), both(one.note))
        for one in (feature.support for feature in Feature)
    ]
    return table(("", *map(code, names), "没有时怎么办 · where there is none"), rows)
