"""A simulation is production with other levers: the same answer where none moves, and nothing of it is kept."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from basekeep.decide.frontier import ladder_of
from basekeep.decide.levers import Levers
from basekeep.decide.scenarios import Scenario, scenarios_of
from basekeep.decide.simulate import MovesTable, Simulation, simulate
from basekeep.kernel.errors import CallError, CallFindingsError
from basekeep.kernel.progress import SilentProgress
from decide.decided import Bench, bench, decisions, lightly, rows_of
from decide.policy_operator import operator


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(lightly(operator(3, 400)), tmp_path_factory.mktemp("simulate")) as found:
        yield found


def simulated(made: Bench, *named: str, frontier: str | None = None) -> Simulation:
    replayed = made.replayed()
    playbook = replayed.plan.compiled.playbook
    ladder = ladder_of(frontier, playbook) if frontier else None
    return simulate(replayed, made.engine, scenarios_of([], named, playbook), ladder, SilentProgress())


def test_where_no_lever_moves_the_simulation_is_the_run(made: Bench) -> None:
    replayed = made.replayed()
    found = simulate(replayed, made.engine, [Scenario("as it is", (), Levers())], None, SilentProgress())
    one = found.scenarios[0]
    playbook = replayed.plan.compiled.playbook
    offers, channels = [*playbook.offers, None], [*playbook.channels, None]
    stored = decisions(made.record)
    assert len(one.moves.rows) == 0
    assert one.outcome.totals == found.as_it_is.totals
    assert [(offers[o], channels[c]) for o, c in zip(one.outcome.offer, one.outcome.channel, strict=True)] == [
        (row["offer"], row["channel"]) for row in stored.values()
    ]
    assert found.ids.to_pylist() == list(stored)


def test_the_run_as_it_is_adds_up_as_its_tables_do(made: Bench) -> None:
    found, rows = simulated(made, "budget=1").as_it_is, list(decisions(made.record).values())
    chosen = [row for row in rows if row["offer"]]
    assert found.per_bucket() == {**dict.fromkeys(found.per_bucket(), 0), **Counter(row["bucket"] for row in rows)}
    assert found.totals.contacts == len(chosen) > 0
    assert found.totals.cost == sum(row["cost_fen"] for row in chosen)
    assert found.totals.value == sum(row["expected_fen"] for row in chosen) <= found.totals.bound


def test_nothing_of_a_simulation_is_kept(made: Bench) -> None:
    before = sorted(path for path in made.store.rglob("*") if path.is_file())
    simulated(made, "budget=-50%", frontier="budget=50%..100%/50%")
    assert sorted(path for path in made.store.rglob("*") if path.is_file()) == before


def test_without_money_for_a_campaign_nobody_is_offered_anything_of_it(made: Bench) -> None:
    found = simulated(made, "none: budget.keep=0")
    actions = found.scenarios[0].outcome.per_action(found.playbook)
    assert not [offer for offer, _ in actions if offer == "gift"]
    assert [offer for offer, _ in found.as_it_is.per_action(found.playbook) if offer == "gift"]


def test_an_amount_for_all_budgets_holds_over_all_offers_together(made: Bench) -> None:
    found = simulated(made, "budget=20")
    assert 0 < found.scenarios[0].outcome.totals.cost <= 20_00


def test_a_weight_of_nothing_leaves_its_campaign_without_worth(made: Bench) -> None:
    found = simulated(made, "weight.warm=0, floor=0")
    assert found.scenarios[0].outcome.totals.care == 0
    assert found.as_it_is.totals.care > 0


def test_who_moves_is_who_has_another_decision(made: Bench) -> None:
    found = simulated(made, "less: budget=-60%", "more: capacity=+100%, budget=+100%")
    rows = [row for batch in MovesTable(found).stream(7).batches for row in batch.to_pylist()]
    assert len(rows) == MovesTable(found).count() > 0
    stored = decisions(made.record)
    for one in found.scenarios:
        mine = [row for row in rows if row["scenario"] == one.scenario.name]
        entered = [row for row in mine if row["to_offer"] and not row["from_offer"]]
        left = [row for row in mine if row["from_offer"] and not row["to_offer"]]
        assert (len(entered), len(left)) == (one.moves.entered, one.moves.left)
        assert one.outcome.totals.contacts == found.as_it_is.totals.contacts + len(entered) - len(left)
        for row in mine:
            assert row["from_offer"] == stored[row["subscriber_id"]]["offer"]
            assert row["from_bucket"] == stored[row["subscriber_id"]]["bucket"]


def test_more_of_a_limit_is_never_worth_less_beyond_the_gap(made: Bench) -> None:
    for lever in ("budget", "capacity", "budget.keep"):
        frontier = simulated(made, frontier=f"{lever}=0%..200%/25%").frontier
        assert frontier is not None
        rungs = frontier.rungs
        assert [rung.at for rung in rungs] == [Fraction(at, 4) for at in range(9)]
        for less, more in itertools.pairwise(rungs):
            assert more.amount >= less.amount
            assert more.totals.value >= less.totals.value - (more.totals.bound - more.totals.value)
        assert rungs[4].totals == frontier.as_it_is


def test_money_that_runs_out_has_a_price_and_money_that_does_not_has_none(made: Bench) -> None:
    frontier = simulated(made, frontier="budget=10%..1000%/990%").frontier
    assert frontier is not None
    assert frontier.rungs[0].marginal > frontier.rungs[1].marginal >= 0
    assert frontier.rungs[1].marginal == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("frontier", ["weight.keep=0..1/1", "budgt=0%..1%/1%", "budget=5", "budget=-10%..10%/10%"])
def test_a_frontier_that_makes_no_sense_is_named(frontier: str, made: Bench) -> None:
    with pytest.raises(CallFindingsError) as caught:
        ladder_of(frontier, made.record.playbook())
    assert caught.value.findings[0].place.file == f"--frontier {frontier}"


def test_a_run_without_decisions_cannot_be_simulated(tmp_path: Path) -> None:
    with (
        bench(lightly(operator(3, 20)), tmp_path, _without_offers()) as found,
        pytest.raises(CallError, match="decisions"),
    ):
        simulated(found, "stock=0")


def _without_offers() -> str:
    from decide.policy_operator import PLAYBOOK

    return PLAYBOOK[: PLAYBOOK.index("channels:")]


def test_the_constraints_of_the_run_are_those_that_prices_come_from(made: Bench) -> None:
    kinds = {row["kind"] for row in rows_of(made.record, "constraint")}
    assert {"budget", "capacity", "floor"} <= kinds
