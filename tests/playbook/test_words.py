"""Expressions are said in words that people who do not write them understand, in both languages."""

from __future__ import annotations

import re

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.playbook import terms as t
from basekeep.playbook.meaning import Meaning
from basekeep.playbook.places import expressions
from basekeep.playbook.shipping import shipped_folder
from basekeep.playbook.walk import walk
from basekeep.playbook.words import words

PLAYBOOK = sound_playbook(shipped_folder())
SAID = [
    ("mean(arpu, 3)", "ARPU近3个月平均", "mean of ARPU over 3 months"),
    ("arpu@m1", "上月ARPU", "ARPU, last month"),
    ("0.5 * arpu", "0.5 × ARPU", "0.5 × ARPU"),
    ("1234567.25 * arpu", "1234567.25 × ARPU", "1234567.25 × ARPU"),
    ("(arpu - plan_fee) / plan_fee", "（ARPU − 套餐标价） ÷ 套餐标价", "(ARPU − Plan fee (list)) ÷ Plan fee (list)"),
    ("base_mean(arpu)", "全体用户ARPU的均值", "the base's mean of ARPU"),
    ("base_mean(arpu, by=city_id)", "同归属地市用户ARPU的均值", "the mean of ARPU within the same owning city"),
    ("base_percentile(arpu, 80%, by=brand)", "同品牌用户ARPU的80%分位", "the 80% percentile of ARPU within the same Brand"),
    ("count(arpu is known, 5)", "近5个月中满足“ARPU已知”的月数", "months of 5 in which ARPU is known"),
    ("count(arpu > 50 and not is_staff, 3)", "近3个月中满足“ARPU＞50且非（员工）”的月数", "months of 3 in which ARPU > 50 and not (Staff)"),
    ("count(brand in ('a', 'b') or arpu not between 1 and 2, 3)", "近3个月中满足“品牌为“a”、“b”之一或非（ARPU在1至2之间）”的月数", "months of 3 in which Brand is one of 'a', 'b' or not (ARPU from 1 to 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "zh", "en"), SAID)
def test_a_quantity_is_said_in_words(label: str, zh: str, en: str) -> None:
    said = words(label, PLAYBOOK)
    assert (said.zh, said.en) == (zh, en)


def test_every_quantity_of_the_shipped_playbook_is_said_in_chinese_and_in_english() -> None:
    for written in expressions(PLAYBOOK):
        for part in walk(Meaning(PLAYBOOK).written(written)):
            if isinstance(part, t.Comparison | t.InList | t.Flag):
                said = words(part.label, PLAYBOOK)
                assert not re.search(r"[a-z]+_[a-z]+", said.zh + said.en), said
                assert not re.search(r"[\u4e00-\u9fff]", said.en), said
