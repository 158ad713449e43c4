"""Why a subscriber is in and out of each segment and where it stands in each scorecard, from one frozen run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import sql_literal
from basekeep.kernel.masking import mask_msisdn
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.words import words
from basekeep.relations.compiled import CompiledRule, CompiledScorecard
from basekeep.relations.evidence import Atom, atoms
from basekeep.relations.figures import TENURE_MONTH, TENURE_YEARS
from basekeep.relations.history import BASE_STATUSES
from basekeep.relations.lowering import none_columns
from basekeep.run.change import Standing, nearest_change
from basekeep.run.explain_family import FamilyExplained, family_of
from basekeep.run.one_subscriber import ask_subscriber
from basekeep.run.questions import Questions
from basekeep.run.replay import Replay

Value = bool | float | str | None


@dataclass(frozen=True)
class Fact:
    """One comparison: the quantity in words and as written, its value, the limit, and whether it holds.

    `value_words`: the value in words where a bare one would mislead: a class, or a cell that is empty and means none.
    `limit_classes`: the classes of the limit in words.
    """

    quantity: str
    words: Text
    value: Value
    op: str
    limit: Value
    limit_words: Text
    holds: bool | None
    value_words: Text | None = None
    limit_classes: Text | None = None


@dataclass(frozen=True)
class RuleExplained:
    """One rule: true, false or unknown; its facts; for one that is not true the nearest change that would make it so."""

    rule: str
    name: Text
    truth: bool | None
    facts: tuple[Fact, ...]
    change: tuple[Fact, ...] | None


@dataclass(frozen=True)
class SegmentExplained:
    """One segment and its rules."""

    segment: str
    name: Text
    member: bool
    priority: int
    rules: tuple[RuleExplained, ...]


@dataclass(frozen=True)
class AttributeExplained:
    """One attribute of a scorecard: what it gave, the best it could give, and why."""

    attribute: str
    name: Text
    points: int
    best: int
    reason: Text


@dataclass(frozen=True)
class ScoreExplained:
    """Where the subscriber stands: the first condition that stopped it, what excludes it, its points."""

    scorecard: str
    name: Text
    in_space: bool
    stopped_by: Text | None
    stop: RuleExplained | None
    excluded_by: tuple[str, ...]
    points: int | None
    rank: int | None
    attributes: tuple[AttributeExplained, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything that is said of one subscriber. The phone number is masked."""

    subscriber_id: str
    msisdn: str | None
    run_id: str
    month: str
    status: str | None
    in_base: bool
    profile: tuple[tuple[str, Text, Value], ...]
    segments: tuple[SegmentExplained, ...]
    scores: tuple[ScoreExplained, ...]
    family: FamilyExplained | None = None


def explain(replayed: Replay, engine: Engine, subscriber_id: str) -> Explanation:
    """Explain one subscriber.

    Raises:
        CallError: the subscriber is not in the store.
        DamageError: a stored file that is read is damaged.
    """
    plan, questions = replayed.plan, _questions(replayed)
    with engine.session() as session:
        row = ask_subscriber(replayed, engine, session, subscriber_id, questions)
        rank = {card.name: _rank(replayed, session, card, subscriber_id) for card in plan.compiled.scorecards}
        family = family_of(replayed.record, session, subscriber_id)
    return replace(_explanation(replayed, subscriber_id, questions, row, rank), family=family)


def _questions(replayed: Replay) -> Questions:
    compiled = replayed.plan.compiled
    questions = Questions(replayed.lowering())
    for term in (TENURE_MONTH, TENURE_YEARS, *(term for _, term in compiled.profile)):
        questions.ask_feature(term)
    for rule in compiled.rules:
        questions.ask_condition(rule.term, with_figures=True)
    for term in compiled.raises.values():
        questions.ask_condition(term, with_figures=False)
    for card in compiled.scorecards:
        for _, term in card.space:
            questions.ask_condition(term, with_figures=True)
        for term in (
            *(term for _, term in card.exclusions),
            *(term for _, levels in card.attributes for term in levels),
        ):
            questions.ask_condition(term, with_figures=False)
    return questions


def _rank(replayed: Replay, session: Session, card: CompiledScorecard, subscriber_id: str) -> int | None:
    path = replayed.record.folder / "rank" / f"{card.name}.parquet"
    replayed.record.verify(f"rank/{card.name}.parquet")
    rows = session.rows(
        f"SELECT rank FROM read_parquet({sql_literal(path)}) WHERE subscriber_id = {sql_literal(subscriber_id)}"
    )
    return int(rows[0][0]) if rows else None


def _explanation(
    replayed: Replay, subscriber_id: str, questions: Questions, row: dict[str, Any], ranks: Mapping[str, int | None]
) -> Explanation:
    compiled = replayed.plan.compiled
    facts = Facts(compiled.playbook, questions)
    in_base = row["status"] in BASE_STATUSES
    segments = []
    for name, segment in compiled.playbook.segments.items() if in_base else ():
        rules = tuple(
            facts.rule(rule, segment.rules[rule.rule].name.text) for rule in compiled.rules if rule.segment == name
        )
        raised = name in compiled.raises and bool(questions.truth(compiled.raises[name]))
        member = any(rule.truth for rule in rules)
        segments.append(
            SegmentExplained(name, segment.name.text, member, segment.raised if raised else segment.priority, rules)
        )
    profile = [
        ("tenure_month", Text("在网月数", "Tenure in months"), questions.feature(TENURE_MONTH)),
        ("tenure_years", Text("在网整年数", "Full years with us"), questions.feature(TENURE_YEARS)),
    ]
    profile += [
        (name, compiled.playbook.metrics[name].name.text, questions.feature(term)) for name, term in compiled.profile
    ]
    return Explanation(
        subscriber_id,
        mask_msisdn(row["msisdn"]) if row["msisdn"] else None,
        replayed.record.run_id,
        replayed.record.month,
        row["status"],
        in_base,
        tuple(profile),
        tuple(segments),
        tuple(facts.score(card, ranks[card.name]) for card in compiled.scorecards) if in_base else (),
    )


_NONE = Text("无", "none")


class Facts:
    """Turns answers into facts."""

    def __init__(self, playbook: Playbook, questions: Questions) -> None:
        self._playbook = playbook
        self._questions = questions

    def _standing(self, atom: Atom) -> Standing:
        value, limit = self._questions.figures(atom)
        numbers = isinstance(value, float | int) and isinstance(limit, float | int) and not isinstance(value, bool)
        gap = abs(value - limit) / max(abs(limit), 1.0) if numbers else 1.0
        return Standing(self._questions.atom_truth(atom), gap, limit)

    def fact(self, atom: Atom) -> Fact:
        """One comparison as a fact."""
        value, limit = self._questions.figures(atom)
        limit_words = words(atom.limit_label, self._playbook) if atom.limit_label else Text("", "")
        if not isinstance(atom.term, t.Comparison) or isinstance(atom.term.right, t.Constant | t.TextConstant):
            limit_words = Text("", "")
        said = words(atom.label, self._playbook)
        truth = self._questions.atom_truth(atom)
        value_words, limit_classes = self._in_words(atom, value, limit)
        return Fact(atom.label, said, value, atom.op, limit, limit_words, truth, value_words, limit_classes)

    def _in_words(self, atom: Atom, value: Value, limit: Value) -> tuple[Text | None, Text | None]:
        term = atom.term
        if value is None and any(lag == 0 for _, lag in none_columns(term, self._questions.low.grain)):
            return _NONE, None
        quantity = term.left if isinstance(term, t.Comparison) else term.of if isinstance(term, t.InList) else None
        if not isinstance(quantity, t.Classes):
            return None, None
        classes = self._playbook.metrics[quantity.metric].classes or {}
        names = [classes[key].name.text for key in str(limit).split(" | ") if key in classes]
        joined = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names)) if names else None
        return (classes[value].name.text if isinstance(value, str) and value in classes else None), joined

    def condition(self, key: str, name: Text, term: t.TruthTerm) -> RuleExplained:
        """A condition with its facts and, where it does not hold, the nearest change."""
        truth = self._questions.truth(term)
        change = None
        if not truth:
            known = {(atom.term, atom.negated): self._standing(atom) for atom in atoms(term)}
            nearest = nearest_change(term, known)
            if nearest is not None:
                change = tuple(self.fact(next(atoms(*atom))) for atom in nearest.atoms)
        return RuleExplained(key, name, truth, tuple(self.fact(atom) for atom in atoms(term)), change)

    def rule(self, rule: CompiledRule, name: Text) -> RuleExplained:
        """A segment's rule."""
        return self.condition(rule.rule, name, rule.term)

    def score(self, card: CompiledScorecard, rank: int | None) -> ScoreExplained:
        """Where the subscriber stands in a scorecard."""
        declared = card.declared
        stops = [
            (key, declared.space[key].name.text, term) for key, term in card.space if not self._questions.truth(term)
        ]
        excluded = [
            (key, declared.exclusions[key].name.text, term)
            for key, term in card.exclusions
            if self._questions.truth(term)
        ]
        stop = self.condition(*stops[0]) if stops else None
        target = not stops and not excluded
        attributes = tuple(self._attribute(card, name, levels) for name, levels in card.attributes) if not stops else ()
        return ScoreExplained(
            card.name,
            declared.name.text,
            not stops,
            stops[0][1] if stops else excluded[0][1] if excluded else None,
            stop,
            tuple(key for key, _, _ in excluded),
            sum(attribute.points for attribute in attributes) if target else None,
            rank,
            attributes,
        )

    def _attribute(self, card: CompiledScorecard, name: str, levels: tuple[t.TruthTerm, ...]) -> AttributeExplained:
        declared = card.declared.attributes[name]
        given = list(declared.levels.values())
        at = next((index for index, term in enumerate(levels) if self._questions.truth(term)), None)
        reached = declared.otherwise if at is None else given[at]
        return AttributeExplained(name, declared.name.text, reached.points, declared.best, reached.reason.text)
