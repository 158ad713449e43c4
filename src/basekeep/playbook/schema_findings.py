"""Turns what pydantic says of a value into findings with a place and near names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text

_Path = tuple[str | int, ...]
_SEE = Text("见策略手册参考 docs/playbook_reference.md。", "See docs/playbook_reference.md.")


def findings_of(error: ValidationError, under: _Path, place: Callable[[_Path], Place]) -> list[Finding]:
    """One finding for each fault of a validated value; `under` is the path of that value."""
    return [_finding(dict(fault), under, place) for fault in error.errors(include_url=False)]


def _finding(fault: dict[str, Any], under: _Path, place: Callable[[_Path], Place]) -> Finding:
    loc = tuple(part for part in fault["loc"] if part != "[key]")
    path = (*under, *loc)
    name = str(loc[-1]) if loc else ""
    kind = fault["type"]
    if kind == "extra_forbidden":
        what = Text(f"不认识的键 {name!r}", f"unknown key {name!r}")
        return Finding("playbook.unknown_key", place(path), what, _SEE, _siblings(fault, name))
    if kind == "missing":
        what = Text(f"缺少必需的键 {name!r}", f"the required key {name!r} is missing")
        return Finding("playbook.missing_key", place(path[:-1]), what, _SEE)
    if kind == "string_pattern_mismatch":
        what = Text(
            f"名称 {fault['input']!r} 只能用小写字母、数字和下划线",
            f"the name {fault['input']!r} may hold only lower-case letters, digits and underscores",
        )
        return Finding("playbook.bad_name", place(path), what, _SEE)
    read = fault["input"]
    shown = repr(read) if isinstance(read, str | int | float) else type(read).__name__
    reason = fault["msg"].removeprefix("Value error, ")
    return Finding("playbook.bad_value", place(path), Text(f"读到 {shown}：{reason}", f"read {shown}: {reason}"), _SEE)


def _siblings(fault: dict[str, Any], name: str) -> tuple[str, ...]:
    from basekeep.playbook import declarations

    known: set[str] = set()
    for model in vars(declarations).values():
        if isinstance(model, type) and issubclass(model, BaseModel):
            known.update(model.model_fields)
    return near_names(name, known)
