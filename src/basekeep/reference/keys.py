"""The keys of the playbook's YAML, from the models that check them."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.declared import Bilingual, Exact
from basekeep.playbook.numbers import number_text
from basekeep.reference.markdown import cell, code, table

_NUMBER = get_args(Exact)[0]
_HEADS = ("键 key", "内容 holds", "缺省 default", "说明", "Meaning")
_PLAIN = {
    str: "文字 text",
    int: "整数 whole number",
    bool: "`true` / `false`",
    date: "日期 date",
    _NUMBER: "数 number",
    Bilingual: "`{zh, en}`",
}


def keys_section() -> str:
    """A table for each kind of declaration, from the outside in."""
    return "\n\n".join(_tables(Playbook, ""))


def all_keys() -> frozenset[str]:
    """Every key that a playbook may hold; names that its author chooses are none."""
    return frozenset(name for model in _models(Playbook) for name in model.model_fields)


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        if inner := _inner(field.annotation):
            yield from _models(inner)


def _tables(model: type[BaseModel], at: str) -> Iterator[str]:
    heading = f"### `{at}`" if at else "### 顶层 At the top"
    rows = [_row(name, field) for name, field in model.model_fields.items()]
    yield f"{heading}\n\n{table(_HEADS, rows)}"
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner and inner is not Bilingual:
            named = f"{name}.<{_singular(name)}>" if _is_mapping(field.annotation) else name
            yield from _tables(inner, f"{at}.{named}" if at else named)


def _row(name: str, field: FieldInfo) -> tuple[str, ...]:
    says = says_of(field)
    return code(name), _holds(field), _default(field), cell(says.zh), cell(says.en)


def says_of(field: FieldInfo) -> Text:
    """What the declaration says of a key.

    Raises:
        LookupError: it says nothing.
    """
    for said in field.metadata:
        if isinstance(said, Text):
            return said
    raise LookupError(str(field))


def _holds(field: FieldInfo) -> str:
    """What kind of value a key takes, with its bounds."""
    bounds = {type(bound).__name__: bound for bound in field.metadata}
    said = _kind(field.annotation)
    if "Ge" in bounds and "Le" in bounds:
        said += f" {bounds['Ge'].ge} … {bounds['Le'].le}"
    return said


def _kind(annotation: Any) -> str:
    origin, args = get_origin(annotation), [arg for arg in get_args(annotation) if arg is not type(None)]
    if origin in (Union, types.UnionType):
        return _kind(args[0])
    if origin is Literal:
        return " ".join(code(arg) for arg in args if arg)
    if origin is tuple:
        return f"列表 list: {_kind(args[0])}"
    if origin is dict:
        inner = _inner(args[1])
        return "名称 → 见下 names → keys, below" if inner else f"名称 → {_kind(args[1])}"
    if args:
        return _kind(args[0])
    return _PLAIN.get(annotation, "见下 keys, below")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "必需 required"
    value = field.default
    if value is None or value in ("", {}, ()) or isinstance(value, BaseModel):
        return ""
    if isinstance(value, Fraction):
        return code(number_text(value))
    return code(str(value).lower() if isinstance(value, bool) else value)


def _is_mapping(annotation: Any) -> bool:
    return get_origin(annotation) is dict or any(_is_mapping(arg) for arg in get_args(annotation))


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model that a key's value is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((inner for arg in get_args(annotation) if (inner := _inner(arg))), None)


def _singular(name: str) -> str:
    return {"classes": "class", "overlays": "unit_id", "space": "step"}.get(name, name.removesuffix("s"))
