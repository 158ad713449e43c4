"""The tables out: what a row of each is, and its columns as a run of the shipped playbook gives them."""

from __future__ import annotations

from collections.abc import Mapping

from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.reference.markdown import cell, code
from basekeep.relations.compiled import compile_playbook
from basekeep.relations.families import FAMILY_COLUMNS
from basekeep.relations.tables_out import membership, profile, score, target
from basekeep.run.summary import SCHEMAS

ROWS: Mapping[str, Text] = {
    "profile": Text("存量中的一个用户及其指标", "a subscriber of the base with its metrics"),
    "membership": Text("一个用户 × 用户群 × 成立的规则；依据按需计算", "a subscriber × segment × rule that is true; evidence is computed when asked for"),
    "score": Text("存量中的一个用户 × 评分卡", "a subscriber of the base × scorecard"),
    "target": Text("评分卡名单上的一个用户：名次、理由、主推、话术", "a subscriber on a scorecard's list: rank, reasons, what to lead with, talk script"),
    "family": Text("物理家庭中的一个用户：家庭、人数、可信度、与谁联系", "a subscriber in a physical family: the family, its size, how sure that is, the ties"),
    "rule_summary": Text("一个用户群 × 规则：成员、非成员、不可判定", "a segment × rule: members, non-members, not evaluable"),
    "segment_summary": Text("一个用户群的成员数", "a segment with its number of members"),
    "waterfall": Text("评分卡的一步：进入、离开、剩余", "a step of a scorecard: entered, left, remaining"),
    "report": Text("一张占比报表的一行", "a line of a report of shares"),
}  # fmt: skip

# The relations' and the files' words for types, as SQL says them.
_KINDS = {
    "string": "VARCHAR", "boolean": "BOOLEAN", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT",
    "float64": "DOUBLE", "decimal(5, 4)": "DECIMAL(5, 4)", "double": "DOUBLE", "date": "DATE", "array<string>": "VARCHAR[]", "list<item: string>": "VARCHAR[]",
}  # fmt: skip


def columns_out(playbook: Playbook) -> dict[str, dict[str, str]]:
    """Each table out with its columns and their types."""
    compiled = compile_playbook(playbook)
    card = compiled.scorecards[0]
    of_subscribers = {
        "profile": profile(compiled), "membership": membership(compiled),
        "score": score(compiled, card), "target": target(compiled, card),
    }  # fmt: skip
    found = {name: {c: str(kind) for c, kind in made.schema().items()} for name, made in of_subscribers.items()}
    found["family"] = dict(FAMILY_COLUMNS)
    for name, schema in SCHEMAS.items():
        found[name] = {"run_id": "string", **{field.name: str(field.type) for field in schema}}
    return found


def tables_out_section(playbook: Playbook) -> str:
    """One paragraph per table."""
    return "\n\n".join(_table(name, columns) for name, columns in columns_out(playbook).items())


def _table(name: str, columns: Mapping[str, str]) -> str:
    says = ROWS[name]
    listed = ", ".join(f"{code(column)} {cell(_KINDS[kind])}" for column, kind in columns.items())
    return f"### `{name}`\n\n每行 a row is: {says.zh} · {says.en}\n\n{listed}"
