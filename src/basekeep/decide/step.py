"""The step `decisions` of a run: gathers, decides, writes every table of decisions, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from basekeep.decide.constraints import constraints_of, unmet_floors
from basekeep.decide.deciding import decide_arrays
from basekeep.decide.hold_out_tables import write_hold_outs
from basekeep.decide.inputs import gather_inputs
from basekeep.decide.levers import Levers
from basekeep.decide.made import Made
from basekeep.decide.tables import Names, decision_blocks, write_candidates
from basekeep.decide.waterfall import write_waterfall
from basekeep.decide.writing import Columns, write_blocks, write_rows
from basekeep.engines.protocol import Engine
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import FOLDER
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.run.run import Decided


def decide(plan: Plan, engine: Engine, figures: Sequence[Path], folder: Path) -> Decided:
    """Make the decisions of a run as the playbook declares them, and write their tables.

    Args:
        figures: the run's files of figures.
        folder: the run's folder.
    """
    with engine.session() as session:
        inputs = gather_inputs(plan, session, figures, folder)
    made = decide_arrays(inputs, Levers())
    write_made(folder, made, plan.compiled.playbook)
    return Decided(counts_of(made), (*inputs.remarks, *remarks_of(made, plan.compiled.playbook)))


def remarks_of(made: Made, playbook: Playbook) -> tuple[Remark, ...]:
    """What decisions met that somebody should know: bad input, floors out of reach, actions that found no day."""
    floors = unmet_floors(made.limited, made.allocation, made.places, playbook, made.capacities)
    return (*made.remarks, *floors, _taken_back(made.taken_back))


def _taken_back(many: int) -> Remark:
    return Remark(
        "decide.no_day_left", "decision", many,
        Text("选中后在最迟接触日之前排不上日子、已撤下的人次",
             "actions that were chosen and found no day before their last; they were taken back"),
        Text("增加这些渠道月初的产能，或缩短提前天数（lead_days）、放宽同一家庭的间隔。",
             "Give their channels more capacity early in the month, or ask for fewer lead_days, or for less time between contacts of a family."),
    )  # fmt: skip


def write_made(folder: Path, made: Made, playbook: Playbook) -> None:
    """Every table of decisions, below `decisions/` in a run's folder."""
    write_all_but_hold_outs(folder, made, playbook, decision_blocks(made, Names.of(playbook)))
    write_hold_outs(folder, made.base, made.groups)


def write_all_but_hold_outs(folder: Path, made: Made, playbook: Playbook, decisions: Iterable[Columns]) -> None:
    """All but who is held out.

    Args:
        decisions: the columns of the table `decision`, block by block.
    """
    (folder / FOLDER).mkdir()
    write_candidates(folder, made, Names.of(playbook))
    write_blocks(folder, "decision", decisions)
    write_waterfall(folder, made)
    write_rows(
        folder, "constraint", constraints_of(made.limited, made.allocation, made.places, playbook, made.capacities)
    )
    write_rows(folder, "allocation", [allocation_row(made)])


def allocation_row(made: Made) -> dict[str, int | float]:
    """The figures of the whole allocation: what is left of it after the calendar, against the bound on any choice."""
    start, bound, value = made.candidates.start, made.allocation.bound, made.value
    return {
        "candidates": int(start[-1]),
        "subscribers": int((start[1:] > start[:-1]).sum()),
        "contacts": len(made.options),
        "value_fen": value,
        "cost_fen": made.cost,
        "bound_fen": int(bound),
        "gap": (bound - value) / bound if bound > 0 else 0.0,
        "passes": made.allocation.passes,
    }


def counts_of(made: Made) -> dict[str, int]:
    """What the run's record counts."""
    found = {"candidates": int(made.candidates.start[-1]), "contacts": len(made.options), "taken_back": made.taken_back}
    return {**found, **{f"decision__{name}": many for name, many in made.buckets.items()}}
