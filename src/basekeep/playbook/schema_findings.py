"""Turns what pydantic says of a value into findings with a place, in both languages, with near names of that place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.channels import CLOCK
from basekeep.playbook.decisions import MONTH
from basekeep.playbook.faults import short

_Path = tuple[str | int, ...]
_SEE = Text("见策略手册参考 docs/playbook_reference.md。", "See docs/playbook_reference.md.")
# What a value should have been, by pydantic's kind of fault. Braces are filled from what pydantic knows of it.
_WANTED: Mapping[str, Text] = {
    "not_a_number": Text("应为数，如 30、0.5、50%、1_000", "expected a number such as 30, 0.5, 50% or 1_000"),
    "outside_bounds": Text("超出 min 至 max 的范围：{low} 至 {high}", "outside of min to max, {low} to {high}"),
    "one_of_three": Text("value、when、classes 三者应恰有一个", "give exactly one of value, when and classes"),
    "not_whole_fen": Text(
        "应为金额：不小于 0，最多两位小数", "expected an amount of money: not below 0, two decimals at most"
    ),
    "rising": Text("应由低到高", "expected to rise from one to the next"),
    "last_open": Text("最后一档不写 up_to_yuan，其余各档都写", "give up_to_yuan for every tier but the last"),
    "budget_exceeded": Text("各机构预算之和超过总额", "the units' budgets together exceed the total"),
    "units_without_level": Text("写了 units 就要写 level", "units need a level"),
    "no_effect": Text(
        "from_share 与 to_share 应不相同：否则没有可检出的效果",
        "from_share and to_share must differ, or there is no effect to detect",
    ),
    "date_from_datetime_inexact": Text("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "date_type": Text("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "date_from_datetime_parsing": Text("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "date_parsing": Text("应为日期，如 2026-01-31", "expected a date such as 2026-01-31"),
    "greater_than": Text("应大于 {gt}", "it must be above {gt}"),
    "less_than": Text("应小于 {lt}", "it must be below {lt}"),
    "both_bounds": Text("min 与 max 应同时给出，或都不给", "give both min and max, or neither"),
    "string_type": Text("应为文字", "expected a text"),
    "string_too_short": Text("不能为空", "it must not be empty"),
    "string_too_long": Text("最多 {max_length} 个字符", "it may have {max_length} characters at most"),
    "too_long": Text("最多 {max_length} 项", "{max_length} are the most"),
    "too_short": Text("至少要有 {min_length} 项", "at least {min_length} is needed"),
    "int_parsing": Text("应为整数", "expected a whole number"),
    "int_type": Text("应为整数", "expected a whole number"),
    "int_from_float": Text("应为整数", "expected a whole number"),
    "decimal_parsing": Text("应为数，如 0.5", "expected a number such as 0.5"),
    "decimal_type": Text("应为数，如 0.5", "expected a number such as 0.5"),
    "finite_number": Text("应为数，如 0.5", "expected a number such as 0.5"),
    "bool_parsing": Text("应为 true 或 false", "expected true or false"),
    "bool_type": Text("应为 true 或 false", "expected true or false"),
    "literal_error": Text("只能是 {expected}", "it must be one of {expected}"),
    "greater_than_equal": Text("不能小于 {ge}", "it must not be below {ge}"),
    "less_than_equal": Text("不能大于 {le}", "it must not be above {le}"),
    "tuple_type": Text("应为列表（每行以“- ”开头）", "expected a list, each line beginning with '- '"),
    "list_type": Text("应为列表（每行以“- ”开头）", "expected a list, each line beginning with '- '"),
    "dict_type": Text("应为“名称: 内容”", "expected names with contents"),
    "model_type": Text("应为“键: 值”", "expected keys with values"),
    "model_attributes_type": Text("应为“键: 值”", "expected keys with values"),
}

# The same for a text of a certain form, by that form; any other form is that of a name.
_FORMS: Mapping[str, Text] = {
    CLOCK: Text(
        "应为 00:00 至 23:59 的时刻，如 09:00（加引号）",
        'expected a time from 00:00 to 23:59 such as "09:00", in quotes',
    ),
    MONTH: Text("应为月份，如 2025-07", "expected a month such as 2025-07"),
}


def findings_of(
    error: ValidationError, model: type[BaseModel], under: _Path, key: Callable[[_Path], Place], value: Callable[[_Path], Place]
) -> list[Finding]:  # fmt: skip
    """One finding for each fault of a validated value.

    Args:
        model: what the value was validated as.
        under: the path of that value.
        key: gives the place of a path's key.
        value: gives the place of a path's value.
    """
    return [_finding(dict(fault), model, under, key, value) for fault in error.errors(include_url=False)]


def reason_of(fault: Mapping[str, Any]) -> Text:
    """Why a value was refused, in both languages."""
    facts = dict(fault.get("ctx", {}))
    wanted = _FORMS.get(str(facts.get("pattern"))) or _WANTED.get(fault["type"])
    if wanted is None:
        return Text("不是这里能用的值", str(fault["msg"]).removeprefix("Value error, "))
    choices = [choice for choice in re.findall(r"'([^']*)'", str(facts.get("expected", ""))) if choice]
    zh, en = ({**facts, "expected": between.join(choices)} for between in ("、", ", "))
    return Text(wanted.zh.format(**zh), wanted.en.format(**en))


def _finding(
    fault: dict[str, Any], model: type[BaseModel], under: _Path, key: Callable[[_Path], Place], value: Callable[[_Path], Place]
) -> Finding:  # fmt: skip
    loc = tuple(part for part in fault["loc"] if part != "[key]")
    path = (*under, *loc)
    name = str(loc[-1]) if loc else ""
    kind = fault["type"]
    if kind == "extra_forbidden":
        what = Text(f"不认识的键 {short(name)}", f"unknown key {short(name)}")
        known = _keys_at(model, loc[:-1])
        do = Text(f"这里的键有：{'、'.join(known)}。", f"The keys here are: {', '.join(known)}.")
        return Finding("playbook.unknown_key", key(path), what, do, near_names(name[:60], known))
    if kind == "missing":
        what = Text(f"缺少必需的键 {name!r}", f"the required key {name!r} is missing")
        return Finding("playbook.missing_key", key(path[:-1]), what, _SEE)
    if "[key]" in fault["loc"]:
        return Finding("playbook.bad_name", key(path), _bad_name(name), _SEE)
    if kind == "outside_bounds":
        raw = fault["input"]
        fault = {**fault, "input": raw["value"], "ctx": {"low": raw["min"], "high": raw["max"]}}
        path = (*path, "value")
    return _bad_value(fault, value(path))


def _bad_name(name: str) -> Text:
    return Text(
        f"名称 {short(name)} 应以小写字母开头，只用小写字母、数字和单个下划线，最多 40 个字符",
        f"the name {short(name)} must begin with a lower-case letter and hold only lower-case letters, digits and "
        "single underscores, 40 characters at most",
    )


def _bad_value(fault: dict[str, Any], place: Place) -> Finding:
    reason = reason_of(fault)
    if fault["type"] == "string_pattern_mismatch" and fault["ctx"]["pattern"] not in _FORMS:
        return Finding("playbook.bad_name", place, _bad_name(str(fault["input"])), _SEE)
    if fault["type"] in ("one_of_three", "both_bounds", "no_effect"):
        return Finding("playbook.bad_value", place, reason, _SEE)
    read = shown(fault["input"])
    return Finding(
        "playbook.bad_value", place, Text(f"读到{read.zh}：{reason.zh}", f"read {read.en}: {reason.en}"), _SEE
    )


def shown(read: object) -> Text:
    """A value as it was read, in few words."""
    if read is None:
        return Text("空值", "nothing")
    if isinstance(read, dict):
        return Text("“键: 值”", "keys with values")
    if isinstance(read, list):
        return Text("列表", "a list")
    return Text(f" {short(str(read))}", short(str(read)))


def _keys_at(model: type[BaseModel], loc: _Path) -> tuple[str, ...]:
    """The keys that may stand at a path inside a model; names that the author chooses have none."""
    at: Any = model
    for part in loc:
        at = _below(at, part)
    return tuple(at.model_fields) if _is_model(at) else ()


def _below(annotation: Any, part: str | int) -> Any:
    """What lies under a key or a position: of a model, a mapping or a list."""
    if _is_model(annotation):
        field = annotation.model_fields.get(part)
        return _plain(field.annotation) if field else None
    inside = get_args(annotation)
    return _plain(inside[-1] if get_origin(annotation) is dict else inside[0]) if inside else None


def _plain(annotation: Any) -> Any:
    """An annotation without `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
