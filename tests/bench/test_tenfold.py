"""Ten times the rules are ten times as many terms: no copy stands for another."""

from __future__ import annotations

from benchmarks.runs import shipped
from benchmarks.tenfold import tenfold

from basekeep.playbook.declarations import Playbook
from basekeep.playbook.meaning import Meaning


def test_no_rule_made_ten_times_is_equal_to_another() -> None:
    rules, terms = _counts(shipped())
    assert _counts(tenfold(shipped())) == (10 * rules, 10 * terms)


def test_the_first_of_the_ten_are_the_rules_as_they_were() -> None:
    before, after = shipped(), tenfold(shipped())
    for name, segment in before.segments.items():
        assert segment.rules.items() <= after.segments[name].rules.items()


def _counts(playbook: Playbook) -> tuple[int, int]:
    meaning = Meaning(playbook)
    rules = [rule.when for segment in playbook.segments.values() for rule in segment.rules.values()]
    return len(rules), len({meaning.condition(when) for when in rules})
