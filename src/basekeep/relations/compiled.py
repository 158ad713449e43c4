"""A playbook with its expressions turned into terms: what a run computes, in the playbook's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import GroupSegment, Playbook, Scorecard
from basekeep.playbook.grains import OVER_SUBSCRIBERS, Grain
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.walk import walk
from basekeep.relations.offers import CompiledDecisions, compile_decisions


@dataclass(frozen=True)
class CompiledRule:
    """One rule of a segment; `carries` are metrics that its evidence shows besides."""

    segment: str
    rule: str
    term: t.TruthTerm
    carries: tuple[tuple[str, t.Term], ...]

    @property
    def column(self) -> str:
        """The column of a run's figures that holds its truth."""
        return f"rule__{self.segment}__{self.rule}"


@dataclass(frozen=True)
class CompiledScorecard:
    """A scorecard's conditions as terms."""

    name: str
    declared: Scorecard
    space: tuple[tuple[str, t.TruthTerm], ...]
    exclusions: tuple[tuple[str, t.TruthTerm], ...]
    attributes: tuple[tuple[str, tuple[t.TruthTerm, ...]], ...]
    recommendations: tuple[tuple[str, t.TruthTerm], ...]

    def terms(self) -> Iterator[t.Term]:
        """Every term."""
        for group in (self.space, self.exclusions, self.recommendations):
            yield from (term for _, term in group)
        for _, levels in self.attributes:
            yield from levels

    @property
    def whole_space(self) -> t.TruthTerm:
        """All conditions of the space together."""
        return t.All(tuple(term for _, term in self.space))

    def repeated(self) -> Iterator[t.Term]:
        """What stands in several of its columns: each step in the way and in the counts, the space in every level."""
        yield self.whole_space
        for group in (self.space, self.exclusions):
            yield from (term for _, term in group)


@dataclass(frozen=True)
class CompiledReport:
    """A share of a condition, by a quantity."""

    name: str
    share: t.TruthTerm
    by: t.Term


@dataclass(frozen=True)
class CompiledGrain:
    """The rules of group accounts, or of units: each segment's degrees of severity, what ranks it, and the metrics."""

    grain: Grain
    rules: tuple[CompiledRule, ...]
    severities: Mapping[str, tuple[tuple[str, t.TruthTerm], ...]]
    ranked_by: Mapping[str, t.NumberTerm]
    profile: tuple[tuple[str, t.Term], ...]

    def terms(self) -> Iterator[t.Term]:
        """Every term of its own grain."""
        for rule in self.rules:
            yield rule.term
            yield from (term for _, term in rule.carries)
        yield from (term for degrees in self.severities.values() for _, term in degrees)
        yield from self.ranked_by.values()
        yield from (term for _, term in self.profile)

    def member_terms(self) -> tuple[t.MemberTerm, ...]:
        """What its terms know of subscribers, each once."""
        parts = (part for term in self.terms() for part in walk(term))
        return tuple(dict.fromkeys(part for part in parts if isinstance(part, t.MemberTerm)))

    def segments(self, playbook: Playbook) -> Mapping[str, GroupSegment]:
        """Its segments as they are declared."""
        found: Mapping[str, GroupSegment] = getattr(playbook, self.grain.segments)
        return found


@dataclass(frozen=True)
class Compiled:
    """Everything a run computes."""

    playbook: Playbook
    rules: tuple[CompiledRule, ...]
    raises: Mapping[str, t.TruthTerm]
    profile: tuple[tuple[str, t.Term], ...]
    scorecards: tuple[CompiledScorecard, ...]
    reports: tuple[CompiledReport, ...]
    grains: tuple[CompiledGrain, ...] = ()
    decisions: CompiledDecisions | None = None

    def member_terms(self) -> tuple[t.MemberTerm, ...]:
        """What the rules of groups and units know of subscribers, each once."""
        return tuple(dict.fromkeys(term for grain in self.grains for term in grain.member_terms()))

    def terms(self) -> Iterator[t.Term]:
        """Every term about a subscriber."""
        for rule in self.rules:
            yield rule.term
            yield from (term for _, term in rule.carries)
        yield from self.raises.values()
        yield from (term for _, term in self.profile)
        for card in self.scorecards:
            yield from card.terms()
        for report in self.reports:
            yield from (report.share, report.by)
        if self.decisions is not None:
            yield from self.decisions.terms()
        for member in self.member_terms():
            yield member.where
            if not isinstance(member, t.MemberCount):
                yield member.of


def compile_playbook(playbook: Playbook) -> Compiled:
    """Turn every expression into terms.

    Raises:
        Fault: an expression has no meaning; `basekeep check` finds all of them with their places.
    """
    meaning = Meaning(playbook)
    return Compiled(
        playbook,
        tuple(_rules(playbook, meaning)),
        {
            name: meaning.condition(segment.raise_priority.when)
            for name, segment in playbook.segments.items()
            if segment.raise_priority
        },
        tuple((name, meaning.metric(name)) for name, metric in playbook.metrics.items() if metric.profile),
        tuple(_scorecard(name, card, meaning) for name, card in playbook.scorecards.items()),
        tuple(
            CompiledReport(name, meaning.condition(report.share), meaning.number(report.by))
            for name, report in playbook.reports.items()
        ),
        tuple(_grain(grain, playbook, meaning) for grain in OVER_SUBSCRIBERS if getattr(playbook, grain.segments)),
        compile_decisions(playbook, meaning),
    )


def _grain(grain: Grain, playbook: Playbook, meaning: Meaning) -> CompiledGrain:
    segments: Mapping[str, GroupSegment] = getattr(playbook, grain.segments)
    rules = tuple(
        CompiledRule(
            segment_name, name, meaning.condition(rule.when, grain),
            tuple((carried, meaning.metric(carried)) for carried in rule.carries),
        )
        for segment_name, segment in segments.items()
        for name, rule in segment.rules.items()
    )  # fmt: skip
    severities = {
        name: tuple((key, meaning.condition(degree.when, grain)) for key, degree in segment.severity.items())
        for name, segment in segments.items()
    }
    ranked_by = {name: meaning.number(one.ranked_by, grain) for name, one in segments.items() if one.ranked_by}
    profile = ((name, metric) for name, metric in getattr(playbook, grain.metrics).items() if metric.profile)
    return CompiledGrain(
        grain, rules, severities, ranked_by, tuple((name, meaning.metric(name)) for name, _ in profile)
    )


def _rules(playbook: Playbook, meaning: Meaning) -> Iterator[CompiledRule]:
    for segment_name, segment in playbook.segments.items():
        for rule_name, rule in segment.rules.items():
            carries = tuple((name, meaning.metric(name)) for name in rule.carries)
            yield CompiledRule(segment_name, rule_name, meaning.condition(rule.when), carries)


def _scorecard(name: str, card: Scorecard, meaning: Meaning) -> CompiledScorecard:
    return CompiledScorecard(
        name,
        card,
        tuple((key, meaning.condition(step.when)) for key, step in card.space.items()),
        tuple((key, meaning.condition(step.when)) for key, step in card.exclusions.items()),
        tuple(
            (key, tuple(meaning.condition(level.when) for level in attribute.levels.values()))
            for key, attribute in card.attributes.items()
        ),
        tuple((key, meaning.condition(item.when)) for key, item in card.recommendations.items()),
    )
