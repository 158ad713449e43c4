"""What the shipped playbook declares for the enterprise upgrade, as it would be written, with each key's meaning beside it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from basekeep.playbook.declared import Bilingual
from basekeep.playbook.numbers import number_text
from basekeep.playbook.upgrade import Upgrade
from basekeep.reference.keys import says_of
from basekeep.reference.markdown import both, cell, code, table


def upgrade_section(upgrade: Upgrade) -> str:
    """Each key that is set, in the order of the declaration."""
    return table(("键 key", "取值 value", "说明", "Meaning"), list(_rows(upgrade, "")))


def _rows(part: BaseModel, at: str) -> Any:
    for name, field in type(part).model_fields.items():
        value, says = getattr(part, name), says_of(field)
        if value is None or value in ({}, ()):
            continue
        if isinstance(value, BaseModel) and not isinstance(value, Bilingual):
            yield from _rows(value, f"{at}{name}.")
        elif isinstance(value, dict):
            yield (
                code(f"{at}{name}"),
                "<br>".join(f"{code(key)} {_said(one)}" for key, one in value.items()),
                cell(says.zh),
                cell(says.en),
            )
        else:
            yield code(f"{at}{name}"), _said(value), cell(says.zh), cell(says.en)


def _said(value: Any) -> str:
    """A value in a table's cell."""
    if isinstance(value, Bilingual):
        return both(value.text)
    if isinstance(value, BaseModel):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
        return ", ".join(
            _said(one) if name == "name" else f"{name} {_said(one)}"
            for name, one in parts.items()
            if one not in (None, ())
        )
    if isinstance(value, tuple):
        return (
            "<br>".join(map(_said, value)) if value and isinstance(value[0], BaseModel) else " ".join(map(_said, value))
        )
    if isinstance(value, Fraction):
        return number_text(value, "")
    return code(str(value))
