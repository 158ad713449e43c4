"""Evidence: exactly the members of the figures, each with every compared quantity, its value and its limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from basekeep.checks.playbook import sound_playbook
from basekeep.playbook.shipping import shipped_folder
from basekeep.run.evidence import evidence_view
from oracle.arithmetic import Figure
from oracle.generate import panel
from oracle.panel import Panel, Subscriber
from oracle.parameters import settled
from oracle.quantities import Frame, frame_of, incoming_share, mean_arpu_3, mean_mou_3, mou, tenure
from relations.small_panel import rows as small_rows
from relations.small_run import write_playbook
from runs.small_bench import SmallBench, bench_of, true_rules

MONTH = date(2025, 12, 1)
Evidence = list[dict[str, Any]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBench]:
    with bench_of(panel(13, 250, MONTH), tmp_path_factory.mktemp("evidence")) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(bench: SmallBench) -> Evidence:
    return bench.rows(evidence_view(bench.replay(bench.run(sound_playbook(shipped_folder()), MONTH))))


def test_the_members_are_those_of_the_figures(bench: SmallBench, found: Evidence) -> None:
    figures = bench.figures(bench.run(sound_playbook(shipped_folder()), MONTH))
    listed = [(row["segment"], row["rule"], row["subscriber_id"]) for row in found]
    expected = {(*rule, who) for rule, members in true_rules(figures).items() for who in members}
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    raised = {who for who, row in figures.items() if row["raise__tariff_sensitive"]}
    for row in found:
        if row["segment"] == "tariff_sensitive":
            assert row["priority"] == (3 if row["subscriber_id"] in raised else 4)


def _mean_6(s: Subscriber) -> Figure:
    values = [s.number("arpu", back) for back in range(6)]
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / 6 if len(known) == 6 else None


def _times(share: str, value: Figure) -> Figure:
    return None if value is None else Fraction(share) * value


Quantity = Callable[[Subscriber, Frame], object]
# The rule, the quantity as it is written, the comparison, and what the value and the limit are.
SHOWN: list[tuple[str, str, str, Quantity, Quantity]] = [
    ("low_usage.mou_below_half", "mou_mean_3", "<", lambda s, f: mean_mou_3(s), lambda s, f: _times("0.5", f.base_mou_3)),
    ("downgrade_warning.arpu_drop", "arpu", "<=", lambda s, f: s.number("arpu"), lambda s, f: _times("0.7", _mean_6(s))),
    ("downgrade_warning.arpu_drop", "arpu@m1", "<=", lambda s, f: s.number("arpu", 1), lambda s, f: _times("0.7", _mean_6(s))),
    ("churn_warning.offnet_circle", "offnet_contact_share", ">", lambda s, f: s.number("offnet_contact_share"), lambda s, f: Fraction(1, 2)),
    ("churn_warning.offnet_circle", "arpu_mean_3", ">=", lambda s, f: mean_arpu_3(s), lambda s, f: Fraction(30)),
    ("churn_warning.offnet_circle", "arpu_mean_3 <=", "<=", lambda s, f: mean_arpu_3(s), lambda s, f: Fraction(60)),
    ("churn_warning.offnet_circle", "bound_until", "<=", lambda s, f: str(s.day("bound_until")) if s.day("bound_until") else None, lambda s, f: "2025-12-31"),
    ("churn_warning.balance_falling", "ago(balance, 1)", "<", lambda s, f: s.number("balance", 1), lambda s, f: s.number("balance", 2)),
    ("churn_warning.dual_sim", "incoming_share", ">", lambda s, f: incoming_share(s, 0), lambda s, f: Fraction(7, 10)),
    ("churn_warning.dual_sim", "sum(mou, 2)", "<=", lambda s, f: _sum(mou(s), mou(s, 1)), lambda s, f: _times("0.7", _sum(mou(s, 12), mou(s, 13)))),
    ("churn_warning.stop_warning", "status", "=", lambda s, f: s.text("status"), lambda s, f: "suspended"),
    ("churn_warning.care_overdue", "tenure_years", ">=", lambda s, f: _whole(tenure(s)[1]), lambda s, f: Fraction(1)),
    ("churn_warning.care_overdue", "arpu", ">", lambda s, f: s.number("arpu"), lambda s, f: f.base_high_arpu),
    ("migrant.lodging", "home_cell_kind", "in", lambda s, f: s.text("home_cell_kind"), lambda s, f: "work_site | factory | dormitory"),
    ("new_recharge.month_3_to_5", "tenure_month", ">=", lambda s, f: _whole(tenure(s)[0]), lambda s, f: Fraction(3)),
    ("vip.key_role", "group_role", "in", lambda s, f: s.text("group_role"), lambda s, f: "key_person | leader"),
]  # fmt: skip


def _sum(one: Figure, two: Figure) -> Figure:
    return None if one is None or two is None else one + two


def _whole(value: int | None) -> Figure:
    return None if value is None else Fraction(value)


def test_each_value_and_limit_is_the_plain_one(found: Evidence) -> None:
    of = Panel(panel(13, 250, MONTH), MONTH)
    frame, people = frame_of(of, settled(None)), {s.id: s for s in of.base}
    for rule, quantity, op, value, limit in SHOWN:
        members = [row for row in found if f"{row['segment']}.{row['rule']}" == rule]
        assert members, rule
        for row in members:
            shown, s = row["evidence"][quantity], people[row["subscriber_id"]]
            assert shown["op"] == op
            for part, plain in ((shown["value"], value(s, frame)), (shown["limit"], limit(s, frame))):
                assert part == (pytest.approx(float(plain), abs=6e-5) if isinstance(plain, Fraction) else plain), rule


def test_carried_metrics_stand_beside(found: Evidence, bench: SmallBench) -> None:
    figures = bench.figures(bench.run(sound_playbook(shipped_folder()), MONTH))
    carried = [row for row in found if row["segment"] == "new_recharge"]
    assert {row["evidence"]["balance_state"]["value"] for row in carried} >= {"low", "healthy"}
    assert all(row["evidence"]["balance_state"]["value"] == figures[row["subscriber_id"]]["balance_state"] for row in carried)  # fmt: skip


def test_what_is_compared_keeps_its_limit_when_it_is_carried_too(tmp_path: Path) -> None:
    asked = ["v0 > 10 and v0 < 90 and v0 != 33 and v0 != 34 and ‘A’ != brand and ‘a’ != brand", "true"]
    write_playbook(tmp_path / "playbook", asked, ["arpu"])
    path = tmp_path / "playbook" / "p.yaml"
    path.write_text(
        path.read_text().replace(
            "        when: |-\n          v0", "        carries: [v0]\n        when: |-\n          v0"
        )
    )
    with bench_of(small_rows(3, 40, MONTH), tmp_path) as bench:
        found = bench.rows(evidence_view(bench.replay(bench.run(sound_playbook(tmp_path / "playbook"), MONTH))))
    first = next(row["evidence"] for row in found if row["rule"] == "r0")
    assert first["v0"] == {"value": first["v0"]["value"], "op": ">", "limit": 10.0}
    assert [key for key in first if key.startswith("v0")] == ["v0", "v0 <", "v0 !=", "v0 != (2)"]
    assert {row["evidence"] == {} for row in found if row["rule"] == "r1"} == {True}
