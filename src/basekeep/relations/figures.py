"""A run's figures: one row per subscriber of the base with its features, the truth of every rule, and its scores."""

from __future__ import annotations

from functools import reduce
from typing import Any

import ibis

from basekeep.playbook import terms as t
from basekeep.relations.compiled import Compiled, CompiledScorecard
from basekeep.relations.exact import shown
from basekeep.relations.history import base
from basekeep.relations.lowering import Lowering
from basekeep.relations.members import member_values
from basekeep.relations.offers import offered
from basekeep.relations.sharing import layered, shared_terms

TENURE_MONTH = t.CalendarMonths(t.DateColumn("join_date", 0), 0)
TENURE_YEARS = t.FullYears(t.DateColumn("join_date", 0), 0)


def figures(compiled: Compiled, low: Lowering) -> Any:
    """The figures as one relation over the history, in stages: what stands in several places, then everything."""
    repeated = (term for card in compiled.scorecards for term in card.repeated() for _ in range(2))
    low = low.staged(layered(shared_terms((*compiled.terms(), *repeated))), base)
    columns: dict[str, Any] = {"subscriber_id": low.table["subscriber_id"], "status": low.table["status_m0"]}
    columns["branch_id"] = low.column("branch_id", 0)
    columns["tenure_month"] = low.number(TENURE_MONTH).top.to_ibis(False).cast("int32")
    columns["tenure_years"] = low.number(TENURE_YEARS).top.to_ibis(False).cast("int32")
    columns.update({name: feature(low, term) for name, term in compiled.profile})
    columns.update({rule.column: low.truth(rule.term) for rule in compiled.rules})
    columns.update({f"raise__{name}": low.truth(term) for name, term in compiled.raises.items()})
    for card in compiled.scorecards:
        columns.update(scored(card, low))
    for report in compiled.reports:
        columns[f"report_key__{report.name}"] = feature(low, report.by)
        columns[f"report_share__{report.name}"] = low.truth(report.share)
    if compiled.decisions is not None:
        columns.update(offered(compiled.decisions, low))
    columns.update(member_values(compiled.member_terms(), low))
    return low.table.select(**columns)


def feature(low: Lowering, term: t.Term) -> Any:
    """A term's value as people see it: numbers as doubles with four decimals."""
    if isinstance(term, t.NumberTerm):
        return shown(low.number(term))
    return low.value(term)


def scored(card: CompiledScorecard, low: Lowering) -> dict[str, Any]:
    """Where the subscriber leaves the scorecard's way, what excludes it, and its levels.

    `step`: how many conditions of space and exclusions were passed before the first that stops it.
    `unsure`: what stops it is a condition of the space that is unknown, not false.
    """
    space = [ibis.coalesce(low.truth(term), False) for _, term in card.space]
    excluded = [ibis.coalesce(low.truth(term), False) for _, term in card.exclusions]
    stops = [*(~passed for passed in space), *excluded]
    step = ibis.cases(*((stop, index) for index, stop in enumerate(stops)), else_=len(stops)).cast("int16")
    in_space = ibis.coalesce(low.truth(card.whole_space), False)
    unsure = ibis.cases(
        *((~passed, low.truth(term).isnull()) for passed, (_, term) in zip(space, card.space, strict=True)), else_=False
    )
    found = {f"step__{card.name}": step, f"in_space__{card.name}": in_space, f"unsure__{card.name}": unsure}
    marks = [mark.cast("int64") * (1 << index) for index, mark in enumerate(excluded)]
    mask = reduce(lambda a, b: a + b, marks) if marks else ibis.literal(0, "int64")
    found[f"excluded__{card.name}"] = ibis.ifelse(in_space, mask, 0).cast("int64")
    for name, levels in card.attributes:
        found[f"level__{card.name}__{name}"] = ibis.ifelse(in_space, _level(levels, low), ibis.null("int16"))
    leads = [(ibis.coalesce(low.truth(term), False), index) for index, (_, term) in enumerate(card.recommendations)]
    lead = ibis.cases(*leads, else_=ibis.null("int16")).cast("int16") if leads else ibis.null("int16")
    found[f"lead__{card.name}"] = ibis.ifelse(in_space, lead, ibis.null("int16"))
    return found


def ranked(rows: Any, card: CompiledScorecard) -> Any:
    """The targets of a scorecard, in the space and not excluded, as `subscriber_id, points, rank`.

    Points from high to low; ties stand in the order of their subscriber ids.
    """
    targets = rows.filter(rows[f"step__{card.name}"] == len(card.space) + len(card.exclusions))
    points = [_points(card, name, targets[f"level__{card.name}__{name}"]) for name, _ in card.attributes]
    total = reduce(lambda a, b: a + b, points).cast("int32")
    scored_rows = targets.select("subscriber_id", points=total)
    order = [scored_rows["points"].desc(), scored_rows["subscriber_id"].asc()]
    placed = scored_rows.select("subscriber_id", "points", rank=ibis.row_number().over(order_by=order) + 1)
    return placed.order_by("rank")


def _level(levels: tuple[t.TruthTerm, ...], low: Lowering) -> Any:
    branches = [(ibis.coalesce(low.truth(term), False), index) for index, term in enumerate(levels)]
    return ibis.cases(*branches, else_=len(levels)).cast("int16")


def _points(card: CompiledScorecard, attribute: str, level: Any) -> Any:
    declared = card.declared.attributes[attribute]
    worth = [*(item.points for item in declared.levels.values()), declared.otherwise.points]
    return ibis.cases(*((level == index, value) for index, value in enumerate(worth)), else_=0).cast("int32")
