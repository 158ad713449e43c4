"""A declaration of the shipped playbook, key by key: each value as it would be written, with the key's meaning beside it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from basekeep.playbook.declared import Bilingual
from basekeep.playbook.numbers import number_text
from basekeep.reference.keys import says_of
from basekeep.reference.markdown import both, cell, code, table

_NOTHING: tuple[Any, ...] = (None, (), {})


def keys_table(declaration: BaseModel) -> str:
    """Each key that is set, in the order of the declaration."""
    return table(("键 key", "取值 value", "说明", "Meaning"), list(_rows(declaration, "")))


def _rows(part: BaseModel, at: str) -> Iterator[tuple[str, ...]]:
    for name, field in type(part).model_fields.items():
        value, says = getattr(part, name), says_of(field)
        if value in _NOTHING:
            continue
        if isinstance(value, BaseModel) and not isinstance(value, Bilingual):
            yield from _rows(value, f"{at}{name}.")
        else:
            yield code(f"{at}{name}"), said(value), cell(says.zh), cell(says.en)


def said(value: Any) -> str:
    """A value in a table's cell."""
    if isinstance(value, Bilingual):
        return both(value.text)
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        return ", ".join(
            said(one) if name == "name" else f"{name} {said(one)}" for name, one in parts.items() if one not in _NOTHING
        )
    if isinstance(value, dict):
        return "<br>".join(f"{code(key)} {said(one)}" for key, one in value.items())
    if isinstance(value, tuple):
        between = "<br>" if value and isinstance(value[0], BaseModel) else " "
        return between.join(map(said, value))
    if isinstance(value, Fraction):
        return number_text(value, "")
    return code(str(value).lower() if isinstance(value, bool) else value)
