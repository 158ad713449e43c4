"""The run of a day: a month's decisions renewed for those whom something concerns that came in since.

It is made from the month's run and from all facts up to the day, so that any day can be made again from scratch.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from basekeep.contract.tables import BALANCE_DAY
from basekeep.decide.day_facts import concerned_by, inputs_of_day, newest_balances, state_of_day, what_came
from basekeep.decide.inputs import gather_inputs
from basekeep.decide.levers import Levers
from basekeep.decide.made import Made
from basekeep.decide.month_made import MonthMade, month_made
from basekeep.decide.period import period_of
from basekeep.decide.renewing import Flags, renew
from basekeep.decide.simulate import need_decisions
from basekeep.decide.step import counts_of, remarks_of, write_all_but_hold_outs
from basekeep.decide.stock import stock_of
from basekeep.decide.tables import Names, decision_blocks
from basekeep.decide.writing import BLOCK, Columns
from basekeep.engines.protocol import Engine
from basekeep.kernel.errors import CallError
from basekeep.kernel.progress import Progress
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.run.decision_tables import BUCKETS, FOLDER, decision_file
from basekeep.run.plan import Plan
from basekeep.run.record import Label, RunRecord, digest_of, identity, need_real
from basekeep.run.replay import Replay
from basekeep.run.run import Day, Decided, Outcome, run
from basekeep.run.shards import NEWEST
from basekeep.store.manifest import verify
from basekeep.store.partition_files import partition_files
from basekeep.store.state import ALL
from basekeep.store.writing import Work


def renew_day(
    replayed: Replay, day: date, engine: Engine, work: Work, progress: Progress, again: bool = False
) -> Outcome:
    """Make the run of a day from that of its month, or find it made.

    Args:
        replayed: the month's run opened again.
        again: make it again and hold it against what is there, byte for byte.

    Raises:
        CallError: the month's run is a dry one or made no decisions, or the day lies outside of its period.
        DamageError: a stored file is damaged.
    """
    record, before = replayed.record, replayed.plan
    need_real(record)
    need_decisions(record)
    first = _first_day(before, day)
    for under in ("figures/", "decisions/"):
        record.verify(under, engine.threads)
    verify(partition_files(before.store_dir, work.state, BALANCE_DAY.name, ALL), engine.threads)
    with engine.session() as session:
        newest = newest_balances(before, work.state, session, first, day)
    plan = replace(before, state=state_of_day(before.state, work.state))
    made_from = Day(_label(plan, record, day, work), newest)
    decide = _Renewing(replayed, first, day)
    return run(plan, engine, work, progress, again, decide, day=made_from)


def _first_day(plan: Plan, day: date) -> date:
    quiet = plan.compiled.playbook.contact_policy.quiet
    first = period_of(plan.month, quiet).first
    period_of(plan.month, quiet, day)
    if day < first:
        raise CallError(
            "daily.before_period",
            Text(f"决策执行期从 {first} 开始，{day} 还没到", f"decisions are carried out from {first} on: {day} is earlier"),
            Text("用更早一个月的运行，或换一天。", "Take the run of an earlier month, or another day."),
        )  # fmt: skip
    return first


def _label(plan: Plan, record: RunRecord, day: date, work: Work) -> Label:
    balances = work.state.partition(BALANCE_DAY.name, ALL)
    marks = {"parent": record.run_id, "day": day.isoformat(), BALANCE_DAY.name: balances.version if balances else None}
    return Label(f"{record.run_id}-d{day:%m%d}-{digest_of({**identity(plan), **marks})}", marks)


class _Renewing:
    """Makes the decisions of the day's run, from its figures and those of the month's run."""

    def __init__(self, replayed: Replay, first: date, day: date) -> None:
        self._month, self._before = replayed.record, replayed.plan
        self._first, self._day = first, day

    def __call__(self, plan: Plan, engine: Engine, figures: Sequence[Path], folder: Path) -> Decided:
        playbook, newest = plan.compiled.playbook, folder / "side" / NEWEST
        with engine.session() as session:
            inputs = gather_inputs(plan, session, figures, folder, since=self._day)
            came = what_came(
                plan, self._before, session, figures, self._month.files("figures/"), newest, inputs.base, self._first,
                self._day,
            )  # fmt: skip
        inputs = inputs_of_day(inputs, came, playbook)
        stock = stock_of(inputs.stock.rows, inputs.stock.known, inputs.places, Levers())
        month = month_made(self._month, playbook, inputs.base, inputs.places, stock.models)
        concerned = concerned_by(came, inputs.base, month, self._day)
        made = renew(inputs, month, stock, concerned)
        _write(folder, made, month, concerned.renewed, playbook, self._month)
        counts = {**counts_of(made), **changes(month, made, concerned.renewed), "sent": int(concerned.sent.sum())}
        return Decided(counts, (*inputs.remarks, *remarks_of(made, playbook)))


def changes(month: MonthMade, made: Made, renewed: Flags) -> dict[str, int]:
    """How many decisions were made anew, and what came of it: new, withdrawn (by bucket), another action, as before."""
    had, has = (month.chosen >= 0) & renewed, (made.chosen >= 0) & renewed
    same = np.zeros(len(renewed), np.bool_)
    both = np.flatnonzero(had & has)
    old, new = month.chosen[both], made.chosen[both]
    same[both] = (month.candidates.offer[old] == made.candidates.offer[new]) & (
        month.candidates.channel[old] == made.candidates.channel[new]
    )
    withdrawn = had & ~has
    found = {
        "renewed": int(renewed.sum()), "new": int((has & ~had).sum()), "withdrawn": int(withdrawn.sum()),
        "changed": int((had & has & ~same).sum()), "as_before": int(same.sum()),
        "unchanged": int((~renewed).sum()),
    }  # fmt: skip
    counts = np.bincount(made.ledger.bucket[withdrawn], minlength=len(BUCKETS))
    return found | {f"withdrawn__{name}": int(many) for name, many in zip(BUCKETS, counts, strict=True) if many}


def _write(folder: Path, made: Made, month: MonthMade, renewed: Flags, playbook: Playbook, record: RunRecord) -> None:
    """The tables of the day: of all whose decision stays the rows of the month; nobody is held out anew."""
    write_all_but_hold_outs(folder, made, playbook, _blocks(made, month, renewed, Names.of(playbook)))
    for table in ("hold_out", "hold_out_summary"):
        shutil.copyfile(record.folder / decision_file(table), folder / FOLDER / f"{table}.parquet")


def _blocks(made: Made, month: MonthMade, renewed: Flags, names: Names) -> Iterator[Columns]:
    for at, columns in enumerate(decision_blocks(made, names)):
        first = at * BLOCK
        mask = pa.array(renewed[first : first + BLOCK])
        old = month.reasons.slice(first, len(mask)).combine_chunks()
        yield {**columns, "reasons": pc.if_else(mask, columns["reasons"], old)}
