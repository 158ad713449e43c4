"""What a person types for a simulation moves the levers that are meant, or says what there is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from basekeep.decide.levers import Change, Levers
from basekeep.decide.scenarios import scenarios_of
from basekeep.kernel.errors import CallFindingsError
from basekeep.playbook.channels import Channel
from basekeep.playbook.decisions import Budget, Floor
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.offers import Campaign
from relations.bare import EMPTY

NAME = Bilingual(zh="名", en="Name")


def channel(*roles: str) -> Channel:
    return Channel(name=NAME, level="county", roles=roles, cost_yuan="1")  # type: ignore[arg-type]


def budget(**more: object) -> Budget:
    return Budget.model_validate({"name": NAME, "yuan": "100", **more})


PLAYBOOK = EMPTY.model_copy(
    update={
        "channels": {
            "telephone_manager": channel("telephone_manager"),
            "hall": channel("hall"),
            "e_channel": channel(),
        },
        "campaigns": {name: Campaign(name=NAME) for name in ("spring", "care")},
        "budgets": {"retention": budget(campaigns=("spring",)), "care": budget(campaigns=("care",))},
        "floors": {"churn": Floor(name=NAME, segment="churn", level="county", least=1)},
    }
)


def levers(*settings: str, playbook: Playbook = PLAYBOOK) -> Levers:
    (scenario,) = scenarios_of(settings, (), playbook)
    return scenario.levers


def faults(*settings: str, named: tuple[str, ...] = ()) -> tuple[str, ...]:
    with pytest.raises(CallFindingsError) as caught:
        scenarios_of(settings, named, PLAYBOOK)
    return tuple(finding.code for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("value", "after"),
    [("50000", 50_000), ("50_000.5", Fraction(100_001, 2)), ("+10%", 220), ("-20%", 160), ("150%", 300), ("0", 0), ("-100%", 0)],
)  # fmt: skip
def test_a_value_sets_a_number_or_changes_it_by_a_share(value: str, after: Fraction) -> None:
    assert levers(f"budget.retention={value}").apply("budget.retention", 200) == after


def test_a_unique_beginning_of_a_name_is_enough() -> None:
    assert set(levers("capacity.tele=+10%").changes) == {"capacity.telephone_manager"}


def test_a_kind_alone_moves_all_of_its_kind_that_can_move() -> None:
    assert set(levers("capacity=-20%").changes) == {"capacity.telephone_manager", "capacity.hall"}
    assert levers("stock=0").apply("stock", 7) == 0
    assert levers("weight.spring=1.5").apply("weight.spring", 1) == Fraction(3, 2)


@pytest.mark.parametrize("order", [("budget=-10%", "budget.care=5"), ("budget.care=5", "budget=-10%")])
def test_a_single_name_goes_before_its_whole_kind_in_any_order(order: tuple[str, str]) -> None:
    both = levers(*order)
    assert both.changes == {"budget.retention": Change(times=Fraction(9, 10)), "budget.care": Change(to=Fraction(5))}


def test_an_amount_for_all_of_several_budgets_is_a_limit_over_all_of_them() -> None:
    assert levers("budget=500") == Levers({}, Fraction(500))


def test_an_amount_for_budget_is_that_of_the_budget_that_covers_everything_or_of_the_only_one() -> None:
    whole = PLAYBOOK.model_copy(update={"budgets": {**PLAYBOOK.budgets, "all": budget()}})
    assert levers("budget=500", playbook=whole).changes == {"budget.all": Change(to=Fraction(500))}
    one = PLAYBOOK.model_copy(update={"budgets": {"care": budget(campaigns=("care",))}})
    assert levers("budget=500", playbook=one).changes == {"budget.care": Change(to=Fraction(500))}


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("budgte=5", "lever.unknown"), ("budget.retenshun=5", "lever.unknown"), ("capacity.e_channel=5", "lever.no_limit"),
        ("budget.retention=-5", "lever.negative"), ("budget.retention=-120%", "lever.negative"),
        ("budget.retention=much", "lever.no_number"), ("budget.retention=+5", "lever.unclear"), ("budget", "lever.no_value"),
        ("stock.A1=5", "lever.unknown"), ("budget.=5", "lever.unknown"),
    ],
)  # fmt: skip
def test_what_moves_no_lever_is_named(setting: str, code: str) -> None:
    assert faults(setting) == (code,)


def test_near_names_are_offered() -> None:
    with pytest.raises(CallFindingsError) as caught:
        levers("budget.retenshun=5")
    assert caught.value.findings[0].near[0] == "budget.retention"
    assert "budget.care" in caught.value.findings[0].do.en


def test_all_faults_of_a_call_come_at_once() -> None:
    assert faults("budgte=5", "stock=-1", named=("A: floor.x=1", "A: stock=1", "B:")) == (
        "lever.unknown", "lever.negative", "lever.unknown", "lever.nothing", "lever.same_name",
    )  # fmt: skip


def test_the_same_lever_twice_in_one_scenario_is_refused() -> None:
    assert faults("capacity.tele=1", "capacity.telephone_manager=2") == ("lever.twice",)
    assert faults("stock=1", "stock=2") == ("lever.twice",)


def test_each_named_scenario_is_one_more() -> None:
    found = scenarios_of(["stock=0"], ["少：budget=-10%，capacity.hall=20", "floor=0"], PLAYBOOK)
    assert [one.name for one in found] == ["stock=0", "少", "floor=0"]
    assert set(found[1].levers.changes) == {"budget.retention", "budget.care", "capacity.hall"}
