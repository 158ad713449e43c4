"""What a what-if shows on the screen: inputs with their sources, every formula, the claim beside it, the table."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from basekeep.cli.screen import Screen
from basekeep.kernel.text import Text

_ORIGINS = {
    "document": Text("文件原文", "the document"),
    "our_default": Text("我们的默认值", "our default"),
    "set": Text("本次给出", "given in this call"),
    "run": Text("运行", "run"),
}


def show_answer(screen: Screen, answer: Any) -> None:
    """Inputs, results line by line, the claim, the table."""
    screen.say(Text(f"{answer.what_if.name.zh}（{answer.name}）", f"{answer.what_if.name.en} ({answer.name})"), "bold")
    screen.say(answer.what_if.wording.text, "dim")
    _inputs(screen, answer)
    _results(screen, answer)
    if answer.held:
        _claim(screen, answer, answer.held)
    if answer.table.along:
        _table(screen, answer)


def _inputs(screen: Screen, answer: Any) -> None:
    heads = [
        Text("输入", "Input"),
        Text("名称", "Name"),
        Text("取值", "Value"),
        Text("单位", "Unit"),
        Text("来源", "Source"),
    ]
    rows = [
        (line.name, line.words, _said(line.value, line.unit), _unit(line.unit, screen), _origin(line.origin, answer))
        for line in answer.inputs
    ]
    screen.table(Text("输入", "Inputs"), heads, rows, numbers=(2,))


def _origin(origin: str, answer: Any) -> Text:
    said = _ORIGINS[origin]
    return Text(f"{said.zh} {answer.run_id}", f"{said.en} {answer.run_id}") if origin == "run" else said


def _results(screen: Screen, answer: Any) -> None:
    screen.say(Text("\n逐行推算", "\nLine by line"), "bold cyan")
    for line in answer.results:
        said = f"{_said(line.value, line.unit)} {_unit(line.unit, screen)}".rstrip()
        screen.item(f"  {line.words.say(screen.language)}: {said}", "green")
        if line.origin == "set":
            screen.item(f"      {line.name} {_ORIGINS['set'].say(screen.language)}", "dim")
        else:
            screen.item(
                f"      {line.name} = {line.formula} = {line.filled} {_equals(_said(line.value, line.unit))}", "dim"
            )
    if any(line.value is None for line in answer.results):
        screen.say(Text("“?”为除以零，没有意义。", "'?' is a division by zero and means nothing."), "yellow")


def _claim(screen: Screen, answer: Any, held: Any) -> None:
    claim, unit = held.claim, answer.table.units[held.claim.of]
    now = {line.name: line for line in (*answer.inputs, *answer.results)}
    heads = [Text("", ""), Text("文件的说法", "The document"), Text("按文件取值计算", "Arithmetic, its numbers"),
             Text("按本次取值计算", "Arithmetic, these numbers")]  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for name, value in held.at.items():
        of = answer.what_if.inputs[name].unit
        here = _said(now[name].value, of) if name in now else "—"
        rows.append((name, _said(value, of), _said(value, of), here))
    rows.append((claim.of, _said(claim.value, unit), _said(held.value, unit), _said(held.now, unit)))
    screen.table(Text("文件的说法与算式", "The document's claim and the arithmetic"), heads, rows, numbers=(1, 2, 3))
    screen.say(Text(f"文件：“{claim.wording.zh}”。", f'The document: "{claim.wording.en}".'))
    reckoned = f"{held.filled} {_equals(_said(held.value, unit))}"
    screen.say(Text(f"算式：{reckoned}。", f"The arithmetic: {reckoned}."))
    screen.say(_needed(answer, held, Text("按文件取值", "With its numbers"), held.needed), "yellow")
    if held.needed_now != held.needed:
        screen.say(_needed(answer, held, Text("按本次取值", "With these numbers"), held.needed_now), "yellow")


def _needed(answer: Any, held: Any, whose: Text, needed: Fraction | None) -> Text:
    """How large an input must be for the claim to hold."""
    claim = held.claim
    declared, wanted = answer.what_if.inputs[claim.through], _said(claim.value, answer.table.units[claim.of])
    name = declared.name
    if needed is None:
        return Text(
            f"{whose.zh}，{name.zh}无论取多少都到不了 {wanted}。",
            f"{whose.en}, no value of {claim.through} gives {wanted}.",
        )
    said = _said(needed, declared.unit)
    if declared.min <= needed <= declared.max:
        return Text(f"{whose.zh}，要到 {wanted}，{name.zh}（{claim.through}）须为 {said}。",
                    f"{whose.en}, {wanted} is reached where {claim.through} is {said}.")  # fmt: skip
    return Text(f"{whose.zh}，要到 {wanted}，{name.zh}（{claim.through}）须为 {said}，做不到。",
                f"{whose.en}, {wanted} would need {claim.through} to be {said}, which cannot be.")  # fmt: skip


def _table(screen: Screen, answer: Any) -> None:
    """The result that is looked at: the first range down, the second across."""
    table = answer.table
    shows = answer.what_if.results[table.shows]
    along, lines = table.along, table.lines
    across = list(dict.fromkeys(row[lines] for row in table.rows)) if lines else [None]
    corner = f"{along} ↓ {lines} →" if lines else along
    heads = [Text(corner, corner)] + [
        _head(value, table.units[lines]) if lines else shows.name.text for value in across
    ]
    cells: dict[Fraction, list[str]] = {}
    for row in table.rows:
        cells.setdefault(row[along], []).append(_said(row[table.shows], shows.unit))
    rows = [(_said(value, table.units[along]), *texts) for value, texts in cells.items()]
    title = Text(f"区间内的 {table.shows}：{shows.name.zh}", f"{table.shows} over the ranges: {shows.name.en}")
    screen.table(title, heads, rows, numbers=range(len(heads)))
    screen.say(Text(
        "各行的全部结果：--to 文件.xlsx（带图）或 .csv；图：--picture 文件.svg；换一个结果看：--show 名称。",
        "All results of every row: --to FILE.xlsx (with a chart) or .csv; a picture: --picture FILE.svg; another result: --show NAME.",
    ), "dim")  # fmt: skip


def _head(value: Fraction | None, unit: Any) -> Text:
    said = _said(value, unit)
    return Text(said, said)


def _said(value: Fraction | None, unit: Any) -> str:
    from basekeep.run.whatif.answer import said

    return said(value, unit)


def _equals(said: str) -> str:
    return said.replace("≈", "≈ ") if said.startswith("≈") else f"= {said}"


def _unit(unit: Any, screen: Screen) -> str:
    from basekeep.playbook.units import UNIT_WORDS

    return "" if unit in ("", "share") else UNIT_WORDS[unit].say(screen.language)
