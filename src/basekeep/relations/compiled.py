"""A playbook with its expressions turned into terms: what a run computes, in the playbook's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook, Scorecard
from basekeep.playbook.meaning import Meaning


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


@dataclass(frozen=True)
class CompiledReport:
    """A share of a condition, by a quantity."""

    name: str
    share: t.TruthTerm
    by: t.Term


@dataclass(frozen=True)
class Compiled:
    """Everything a run computes."""

    playbook: Playbook
    rules: tuple[CompiledRule, ...]
    raises: Mapping[str, t.TruthTerm]
    profile: tuple[tuple[str, t.Term], ...]
    scorecards: tuple[CompiledScorecard, ...]
    reports: tuple[CompiledReport, ...]

    def terms(self) -> Iterator[t.Term]:
        """Every term."""
        for rule in self.rules:
            yield rule.term
            yield from (term for _, term in rule.carries)
        yield from self.raises.values()
        yield from (term for _, term in self.profile)
        for card in self.scorecards:
            yield from card.terms()
        for report in self.reports:
            yield from (report.share, report.by)


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
