"""A run's remarks: kept with their counts, in a fixed order, and shown as warnings."""

from __future__ import annotations

import json

from basekeep.kernel.text import Text
from basekeep.run.remarks import Remark, finding, remarks, remarks_of


def remark(code: str, count: int, table: str = "staff") -> Remark:
    return Remark(code, table, count, Text("客户经理已离岗", "managers who left"), Text("换人。", "Name another."))


def test_what_counts_nothing_is_not_said() -> None:
    assert remarks([remark("a.b", 0)]) == []


def test_remarks_are_kept_in_one_order() -> None:
    found = [remark("b", 2), remark("a", 1, "org_unit"), remark("a", 1, "group_account")]
    assert remarks(found) == remarks(reversed(found))
    assert [one["code"] + one["table"] for one in remarks(found)] == ["agroup_account", "aorg_unit", "bstaff"]


def test_remarks_are_read_back_from_a_record() -> None:
    found = [remark("a", 1), remark("b", 1234)]
    assert remarks_of(json.loads(json.dumps({"remarks": remarks(found)}))) == tuple(found)
    assert remarks_of({}) == ()


def test_a_remark_is_a_warning_with_its_count() -> None:
    shown = finding(remark("a.b", 1234))
    assert shown.severity == "warning"
    assert shown.say("en") == "staff: [a.b] managers who left: 1,234\n    → Name another."
    assert shown.say("zh") == "staff: [a.b] 客户经理已离岗：1,234\n    → 换人。"
