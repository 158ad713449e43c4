"""The difference between two runs: who entered and who left each segment, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scans, sql_literal, sql_name
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.record import RunRecord

# Of a rule: true before, true after, became true, true no longer.
RuleCounts = tuple[int, int, int, int]
_NO_MOVES = (
    "SELECT '' AS segment, '' AS subscriber_id, '' AS move, CAST([] AS VARCHAR[]) AS rules, "
    "FALSE AS new_in_base, FALSE AS gone_from_base WHERE FALSE"
)


@dataclass(frozen=True)
class RuleMove:
    """One rule before and after: for whom it became true and for whom it no longer is. `before + entered - left = after`.

    `into_segment` and `out_of_segment`: how many entered or left the segment by it, alone or with other rules.
    """

    rule: str
    name: Text
    before: int
    after: int
    entered: int
    left: int
    into_segment: int
    out_of_segment: int


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
    return _moves_sql(_Runs.of(before, after))


@dataclass(frozen=True)
class _Runs:
    """Two runs with the playbooks they were made of."""

    records: tuple[RunRecord, RunRecord]
    playbooks: tuple[Playbook, Playbook]

    @staticmethod
    def of(before: RunRecord, after: RunRecord) -> _Runs:
        return _Runs((before, after), (before.playbook(), after.playbook()))

    def segments(self) -> dict[str, Text]:
        """The segments of either playbook, with the name that the later one gives."""
        return {key: item.name.text for playbook in self.playbooks for key, item in playbook.segments.items()}

    def rules(self, segment: str) -> dict[str, Text]:
        """The rules of a segment in either playbook, the same way."""
        declared = [playbook.segments[segment] for playbook in self.playbooks if segment in playbook.segments]
        return {rule: item.name.text for one in declared for rule, item in one.rules.items()}

    def side_by_side(self) -> str:
        """The beginning of a query that has `j`: for each segment the rules that are true, `a_` before, `b_` after."""
        names = list(self.segments())
        a, b = (_flags(run, playbook, names) for run, playbook in zip(self.records, self.playbooks, strict=True))
        return (
            f"WITH a AS ({a}), b AS ({b}), j AS ("
            "SELECT coalesce(a.subscriber_id, b.subscriber_id) AS subscriber_id, a.subscriber_id IS NULL AS new_in_base, "
            "b.subscriber_id IS NULL AS gone_from_base, COLUMNS(a.* EXCLUDE (subscriber_id)) AS 'a_\\0', "
            "COLUMNS(b.* EXCLUDE (subscriber_id)) AS 'b_\\0' FROM a FULL JOIN b ON a.subscriber_id = b.subscriber_id) "
        )


def _moves_sql(runs: _Runs) -> str:
    parts = []
    for name in runs.segments():
        was, now = (f"len(coalesce({sql_name(f'{side}_{name}')}, []))" for side in "ab")
        parts.append(
            f"SELECT {sql_literal(name)} AS segment, subscriber_id, CASE WHEN {now} > 0 THEN 'entered' ELSE 'left' END AS move, "
            f"CASE WHEN {now} > 0 THEN {sql_name(f'b_{name}')} ELSE {sql_name(f'a_{name}')} END AS rules, "
            f"new_in_base, gone_from_base FROM j WHERE ({was} > 0) <> ({now} > 0)"
        )
    return runs.side_by_side() + " UNION ALL ".join(parts) if parts else _NO_MOVES


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
    runs = _Runs.of(before, after)
    for record in runs.records:
        record.verify("figures/")
    session.run(f"CREATE OR REPLACE TEMP TABLE moves AS {_moves_sql(runs)}")
    moved = {
        (segment, move): many
        for segment, move, many in session.rows("SELECT segment, move, count(*) FROM moves GROUP BY ALL")
    }
    moved_by = {
        (segment, rule, move): many
        for segment, rule, move, many in session.rows(
            "SELECT segment, rule, move, count(*) FROM (SELECT segment, move, unnest(rules) AS rule FROM moves) GROUP BY ALL"
        )
    }
    first, second = _members(before, session), _members(after, session)
    counts = _rule_counts(runs, session)
    return tuple(
        SegmentMove(
            name, said, first.get(name, 0), second.get(name, 0), moved.get((name, "entered"), 0),
            moved.get((name, "left"), 0), tuple(_rule_moves(runs, name, counts, moved_by)),
        )
        for name, said in runs.segments().items()
    )  # fmt: skip


def _members(run: RunRecord, session: Session) -> dict[str, int]:
    run.verify("segment_summary.parquet")
    scan = parquet_scans([run.folder / "segment_summary.parquet"])
    return dict(session.rows(f"SELECT segment, members FROM {scan}"))


def _rule_counts(runs: _Runs, session: Session) -> dict[tuple[str, str], RuleCounts]:
    """Each rule of either playbook, counted over everybody who is in the base of one run."""
    rules = [(name, rule) for name in runs.segments() for rule in runs.rules(name)]
    counted = []
    for name, rule in rules:
        was, now = (f"list_contains(coalesce({sql_name(f'{side}_{name}')}, []), {sql_literal(rule)})" for side in "ab")
        counted += [f"count(*) FILTER (WHERE {x})" for x in (was, now, f"{now} AND NOT {was}", f"{was} AND NOT {now}")]
    if not counted:
        return {}
    found = iter(session.rows(f"{runs.side_by_side()} SELECT {', '.join(counted)} FROM j")[0])
    return {rule: (next(found), next(found), next(found), next(found)) for rule in rules}


def _rule_moves(
    runs: _Runs,
    segment: str,
    counts: Mapping[tuple[str, str], RuleCounts],
    moved_by: Mapping[tuple[str, str, str], int],
) -> Iterator[RuleMove]:
    for rule, said in runs.rules(segment).items():
        into, out_of = (moved_by.get((segment, rule, move), 0) for move in ("entered", "left"))
        yield RuleMove(rule, said, *counts[segment, rule], into, out_of)
