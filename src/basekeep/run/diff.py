"""The difference between two runs: who entered and who left each segment, and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scans, sql_literal, sql_name
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.record import RunRecord

RuleMembers = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class RuleMove:
    """One rule before and after, and how many it moved into or out of its segment, alone or with other rules."""

    rule: str
    name: Text
    before: int
    after: int
    entered: int
    left: int


@dataclass(frozen=True)
class SegmentMove:
    """One segment before and after. `before + entered - left = after`."""

    segment: str
    name: Text
    before: int
    after: int
    entered: int
    left: int
    rules: tuple[RuleMove, ...]


def moves_sql(before: RunRecord, after: RunRecord) -> str:
    """Everyone who entered or left a segment: `segment, subscriber_id, move, rules`.

    `rules` are those true after for who entered, those true before for who left; `new_in_base` and `gone_from_base`
    mark subscribers whom only one of the runs has in its base.
    """
    first, second = before.playbook(), after.playbook()
    names = list(dict.fromkeys([*first.segments, *second.segments]))
    joined = (
        f"WITH a AS ({_flags(before, first, names)}), b AS ({_flags(after, second, names)}), j AS ("
        "SELECT coalesce(a.subscriber_id, b.subscriber_id) AS subscriber_id, a.subscriber_id IS NULL AS new_in_base, "
        "b.subscriber_id IS NULL AS gone_from_base, COLUMNS(a.* EXCLUDE (subscriber_id)) AS 'a_\\0', "
        "COLUMNS(b.* EXCLUDE (subscriber_id)) AS 'b_\\0' FROM a FULL JOIN b ON a.subscriber_id = b.subscriber_id) "
    )
    parts = []
    for name in names:
        was, now = (f"len(coalesce({sql_name(f'{side}_{name}')}, []))" for side in "ab")
        parts.append(
            f"SELECT {sql_literal(name)} AS segment, subscriber_id, CASE WHEN {now} > 0 THEN 'entered' ELSE 'left' END AS move, "
            f"CASE WHEN {now} > 0 THEN {sql_name(f'b_{name}')} ELSE {sql_name(f'a_{name}')} END AS rules, "
            f"new_in_base, gone_from_base FROM j WHERE ({was} > 0) <> ({now} > 0)"
        )
    return joined + " UNION ALL ".join(parts)


def _flags(run: RunRecord, playbook: Playbook, names: list[str]) -> str:
    """Each subscriber of the base with, for each segment, the list of its rules that are true."""
    columns = ["subscriber_id"]
    for name in names:
        rules = playbook.segments[name].rules if name in playbook.segments else {}
        flags = [f"CASE WHEN {sql_name(f'rule__{name}__{rule}')} THEN {sql_literal(rule)} END" for rule in rules]
        listed = f"list_filter([{', '.join(flags)}], lambda r: r IS NOT NULL)" if flags else "CAST([] AS VARCHAR[])"
        columns.append(f"{listed} AS {sql_name(name)}")
    return f"SELECT {', '.join(columns)} FROM {parquet_scans(run.files('figures/'))}"


def diff(before: RunRecord, after: RunRecord, session: Session) -> tuple[SegmentMove, ...]:
    """Each segment before and after, counted.

    Raises:
        DamageError: a file of one of the runs is damaged.
    """
    for record in (before, after):
        record.verify("figures/")
    session.run(f"CREATE OR REPLACE TEMP TABLE moves AS {moves_sql(before, after)}")
    counted = {
        (segment, move): many
        for segment, move, many in session.rows("SELECT segment, move, count(*) FROM moves GROUP BY ALL")
    }
    by_rule = {
        (segment, rule, move): many
        for segment, rule, move, many in session.rows(
            "SELECT segment, rule, move, count(*) FROM (SELECT segment, move, unnest(rules) AS rule FROM moves) GROUP BY ALL"
        )
    }
    first, second = _members(before, session), _members(after, session)
    rules = _rule_members(before, session), _rule_members(after, session)
    playbooks = before.playbook(), after.playbook()
    return tuple(
        _segment(name, playbooks, (first.get(name, 0), second.get(name, 0)), rules, counted, by_rule)
        for name in dict.fromkeys([*playbooks[0].segments, *playbooks[1].segments])
    )


def _members(run: RunRecord, session: Session) -> dict[str, int]:
    run.verify("segment_summary.parquet")
    scan = parquet_scans([run.folder / "segment_summary.parquet"])
    return dict(session.rows(f"SELECT segment, members FROM {scan}"))


def _rule_members(run: RunRecord, session: Session) -> RuleMembers:
    run.verify("rule_summary.parquet")
    scan = parquet_scans([run.folder / "rule_summary.parquet"])
    rows = session.rows(f"SELECT segment, rule, members FROM {scan}")
    return {(segment, rule): members for segment, rule, members in rows}


def _segment(
    name: str,
    playbooks: tuple[Playbook, Playbook],
    members: tuple[int, int],
    rule_members: tuple[RuleMembers, RuleMembers],
    counted: Mapping[tuple[str, str], int],
    by_rule: Mapping[tuple[str, str, str], int],
) -> SegmentMove:
    declared = [playbook.segments[name] for playbook in playbooks if name in playbook.segments]
    rules = {rule: item.name.text for segment in declared for rule, item in segment.rules.items()}
    moved = tuple(
        RuleMove(
            rule,
            said,
            rule_members[0].get((name, rule), 0),
            rule_members[1].get((name, rule), 0),
            by_rule.get((name, rule, "entered"), 0),
            by_rule.get((name, rule, "left"), 0),
        )
        for rule, said in rules.items()
    )
    return SegmentMove(
        name, declared[-1].name.text, *members, counted.get((name, "entered"), 0), counted.get((name, "left"), 0), moved
    )
