"""Why a group account is in and out of each segment of groups, from one frozen run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from basekeep.contract.tables import GROUP_ACCOUNT
from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scan, sql_literal
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.grains import GROUP
from basekeep.relations.compiled import CompiledGrain
from basekeep.relations.grains import INPUTS, NORMAL, key_of
from basekeep.relations.lowering import Lowering, MemberColumn
from basekeep.relations.members import member_columns
from basekeep.relations.sql import sql_of
from basekeep.run.explain import Facts, RuleExplained, Value
from basekeep.run.grains import folder_of, lowering_of
from basekeep.run.questions import Questions
from basekeep.run.replay import Replay
from basekeep.run.stored import stored_rows
from basekeep.store.manifest import verify
from basekeep.store.partition_files import partition_files
from basekeep.store.state import ALL


@dataclass(frozen=True)
class GroupSegmentExplained:
    """One segment of groups, its rules, how grave it is, and what the contact person is told."""

    segment: str
    name: Text
    member: bool
    priority: int
    severity: str
    severity_name: Text | None
    message: Text | None
    rules: tuple[RuleExplained, ...]


@dataclass(frozen=True)
class GroupExplanation:
    """Everything that is said of one group account."""

    group_id: str
    name: str | None
    run_id: str
    month: str
    profile: tuple[tuple[str, Text, Value], ...]
    segments: tuple[GroupSegmentExplained, ...]


def explain_group(replayed: Replay, engine: Engine, group_id: str) -> GroupExplanation:
    """Explain one group account.

    Raises:
        CallError: the playbook has no segments of groups, or there is no such group.
        DamageError: a file that is read is damaged.
    """
    compiled = next((one for one in replayed.plan.compiled.grains if one.grain is GROUP), None)
    if compiled is None:
        raise CallError(
            "explain.no_group_segments",
            Text("该运行的策略手册没有集团分群", "the run's playbook has no segments of groups"),
            Text("在策略手册中声明 group_segments 后重新运行。", "Declare group_segments in the playbook and run the month again."),
        )  # fmt: skip
    with engine.session() as session:
        low = _opened(replayed, compiled, session)
        questions = _asked(compiled, low)
        only = low.table.filter(low.table[key_of(GROUP)] == group_id)
        rows = session.arrow(sql_of(only.select(**questions.asked))).to_pylist()
        if not rows:
            raise _no_group(group_id)
        questions.answer(rows[0])
        name = _name(replayed, session, group_id)
        told = _messages(replayed, session, group_id)
    return _explanation(replayed, compiled, questions, group_id, name, told)


def _opened(replayed: Replay, compiled: CompiledGrain, session: Session) -> Lowering:
    """The lowering over what the run judged its groups by."""
    file = f"{folder_of(compiled)}/inputs.parquet"
    replayed.record.verify(file)
    session.run(f"CREATE OR REPLACE TEMP VIEW {INPUTS} AS SELECT * FROM {parquet_scan(replayed.record.folder / file)}")
    every = member_columns(replayed.plan.compiled.member_terms(), replayed.lowering())
    members: dict[t.Term, MemberColumn] = {term: every[term] for term in compiled.member_terms()}
    stored = frozenset((str(column), int(lag)) for column, lag in replayed.record.content["inputs"][GROUP.name])
    return lowering_of(replayed.plan, compiled, members, stored, session)


def _asked(compiled: CompiledGrain, low: Lowering) -> Questions:
    questions = Questions(low)
    for _, term in compiled.profile:
        questions.ask_feature(term)
    for rule in compiled.rules:
        questions.ask_condition(rule.term, with_figures=True)
    for degrees in compiled.severities.values():
        for _, degree in degrees:
            questions.ask_condition(degree, with_figures=False)
    return questions


def _name(replayed: Replay, session: Session, group_id: str) -> str | None:
    plan = replayed.plan
    verify(partition_files(plan.store_dir, plan.state, GROUP_ACCOUNT.name, ALL))
    stored = stored_rows(plan, GROUP_ACCOUNT.name, ("group_id", "name"))
    rows = session.rows(f"SELECT name FROM {stored} WHERE group_id = {sql_literal(group_id)}")
    return str(rows[0][0]) if rows and rows[0][0] is not None else None


def _messages(replayed: Replay, session: Session, group_id: str) -> dict[str, Text]:
    file = "group_membership.parquet"
    replayed.record.verify(file)
    rows = session.rows(
        f"SELECT DISTINCT segment, message_zh, message_en FROM {parquet_scan(replayed.record.folder / file)} "
        f"WHERE group_id = {sql_literal(group_id)} AND message_zh IS NOT NULL"
    )
    return {str(segment): Text(str(zh), str(en)) for segment, zh, en in rows}


def _explanation(
    replayed: Replay,
    compiled: CompiledGrain,
    questions: Questions,
    group_id: str,
    name: str | None,
    told: dict[str, Text],
) -> GroupExplanation:
    playbook = replayed.plan.compiled.playbook
    facts = Facts(playbook, questions)
    segments: list[Any] = []
    for key, segment in compiled.segments(playbook).items():
        rules = tuple(
            facts.rule(rule, segment.rules[rule.rule].name.text) for rule in compiled.rules if rule.segment == key
        )
        degree = next((found for found, term in compiled.severities[key] if questions.truth(term)), NORMAL)
        said = segment.severity[degree].name.text if degree in segment.severity else None
        member = any(rule.truth for rule in rules)
        segments.append(
            GroupSegmentExplained(key, segment.name.text, member, segment.priority, degree, said, told.get(key), rules)
        )
    profile = tuple(
        (metric, playbook.group_metrics[metric].name.text, _shown(questions.feature(term)))
        for metric, term in compiled.profile
    )
    record = replayed.record
    return GroupExplanation(group_id, name, record.run_id, record.month, profile, tuple(segments))


def _shown(value: Any) -> Value:
    """A month as people write it."""
    return str(value)[:7] if hasattr(value, "isoformat") else value


def _no_group(group_id: str) -> CallError:
    return CallError(
        "explain.unknown_group",
        Text(f"没有集团 {group_id!r}", f"there is no group account {group_id!r}"),
        Text(
            "核对集团标识；它应与 group_account 的 group_id 一致。",
            "Check the id: it is the group_id of group_account.",
        ),
    )
