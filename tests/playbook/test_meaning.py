"""What expressions stand for: equal meanings are equal terms, labels are expressions, texts are kept as typed."""

from __future__ import annotations

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.playbook import terms as t
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.parser import parse
from basekeep.playbook.places import expressions
from basekeep.playbook.shipping import shipped_folder
from basekeep.playbook.walk import walk
from relations.bare import EMPTY

SAME = [
    ("arpu >= 3", "arpu ≥ 3"),
    ("arpu != 3", "arpu <> 3"),
    ("arpu = 50%", "arpu == 0.5"),
    ("(arpu + plan_fee) > 3", "（arpu ＋ plan_fee）＞ 3"),
    ("arpu + plan_fee - balance > 0", "((arpu + plan_fee) - balance) > 0"),
    ("arpu not between 1 and 2", "not (arpu between 1 and 2)"),
    ("not arpu in (1, 2)", "arpu not in (1, 2)"),
    ("each(arpu, 2) > 3", "arpu > 3 and ago(arpu, 1) > 3"),
    ("each(arpu, 2) not in (1, 2)", "arpu not in (1, 2) and ago(arpu, 1) not in (1, 2)"),
    ("any(arpu, 2) not between 1 and 2", "arpu not between 1 and 2 or ago(arpu, 1) not between 1 and 2"),
    ("sum(arpu, 2, 1) > 1", "ago(sum(arpu, 2), 1) > 1"),
    ("year_earlier(arpu) > 1", "ago(arpu, 12) > 1"),
    ("is_staff = true", "is_staff"),
    ("is_staff != true", "not is_staff"),
    ("arpu is not known", "arpu is unknown"),
    ("brand = 'mzone'", "brand = ‘mzone’"),
    ("arpu > 1 and (arpu < 9 or is_staff) and true", "arpu > 1 and (arpu < 9 or is_staff) and true"),
    ("arpu > 1 or arpu < 9 and is_staff", "arpu > 1 or (arpu < 9 and is_staff)"),
    ("arpu - 2 * 3 > 1", "arpu - (2 * 3) > 1"),
]  # fmt: skip
DIFFERENT = [
    ("arpu - (balance - plan_fee) > 0", "arpu - balance - plan_fee > 0"),
    ("(arpu + 1) * 2 > 0", "arpu + 1 * 2 > 0"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_two_ways_of_writing_mean_the_same(one: str, two: str) -> None:
    assert Meaning(EMPTY).condition(one) == Meaning(EMPTY).condition(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_parentheses_matter(one: str, two: str) -> None:
    assert Meaning(EMPTY).condition(one) != Meaning(EMPTY).condition(two)


@pytest.mark.parametrize("text", ["畅享（5G），“新”", "it''s", "", "  two  spaces ", "＜＝＞％"])
def test_a_text_is_kept_as_it_is_typed(text: str) -> None:
    term = Meaning(EMPTY).condition(f"plan_family = '{text}'")
    assert isinstance(term, t.Comparison)
    assert term.right == t.TextConstant(text.replace("''", "'"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("(arpu - plan_fee) / plan_fee > 50%", "(arpu - plan_fee) / plan_fee"),
        ("((arpu) + 1) > 3", "((arpu) + 1)"),
        ("each(arpu / plan_fee, 2) > 1", "arpu / plan_fee"),
        ("mean( arpu,\n 3 ) > 1", "mean( arpu, 3 )"),
    ],
)
def test_a_label_is_an_expression_itself(text: str, label: str) -> None:
    term = Meaning(EMPTY).condition(text)
    first = next(part for part in walk(term) if isinstance(part, t.Comparison))
    assert first.label == label
    assert parse(label)


def test_every_label_of_the_shipped_playbook_is_an_expression() -> None:
    playbook = sound_playbook(shipped_folder())
    labels: set[str] = set()
    for written in expressions(playbook):
        for part in walk(Meaning(playbook).written(written)):
            labels.update(getattr(part, name) for name in ("label", "limit") if hasattr(part, name))
    assert len(labels) > 60
    for label in labels:
        assert parse(label.partition("@m")[0])


def test_a_segment_and_a_metric_are_read_as_of_the_month_that_is_asked() -> None:
    playbook = sound_playbook(shipped_folder())
    assert Meaning(playbook).condition("ago(member(campus), 2)") == Meaning(playbook).condition("ago(customer_class, 2) = 'campus'")  # fmt: skip
    assert Meaning(playbook).number("ago(mou, 2)") == Meaning(playbook).number("ago(mou_out, 2) + ago(mou_in, 2)")
