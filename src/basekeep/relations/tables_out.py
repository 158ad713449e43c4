"""The tables out as relations over a run's figures: profile, membership, score, target."""

from __future__ import annotations

from functools import reduce
from typing import Any, Protocol

import ibis

from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Level, Otherwise
from basekeep.playbook.joined import PLACES
from basekeep.relations.compiled import Compiled, CompiledRule, CompiledScorecard
from basekeep.relations.offers import offer_columns

FIGURES = "figures"
UNITS = "units"


def figures_table(compiled: Compiled) -> Any:
    """The figures as they are stored: a table without rows."""
    schema = {"subscriber_id": "string", "status": "string", "branch_id": "string"}
    schema.update({"tenure_month": "int32", "tenure_years": "int32"})
    schema.update({name: _kind(term) for name, term in compiled.profile})
    schema.update({rule.column: "boolean" for rule in compiled.rules})
    schema.update({f"raise__{name}": "boolean" for name in compiled.raises})
    for card in compiled.scorecards:
        schema.update(
            {f"step__{card.name}": "int16", f"in_space__{card.name}": "boolean", f"unsure__{card.name}": "boolean"}
        )
        schema.update(
            {f"excluded__{card.name}": "int64", f"points__{card.name}": "int32", f"lead__{card.name}": "int16"}
        )
        schema.update({f"level__{card.name}__{name}": "int16" for name, _ in card.attributes})
    if compiled.decisions is not None:
        schema.update(offer_columns(compiled.decisions))
    return ibis.table(schema, name=FIGURES)


def _kind(term: t.Term) -> str:
    return {"number": "float64", "text": "string", "date": "date", "truth": "boolean"}[term.kind]


def profile(compiled: Compiled) -> Any:
    """One row per subscriber of the base: where it belongs, its tenure, and the features used."""
    table = figures_table(compiled)
    units = ibis.table(dict.fromkeys(("branch_id", *PLACES), "string"), name=UNITS)
    joined = table.left_join(units, table["branch_id"] == units["branch_id"])
    return joined.select(
        table["subscriber_id"],
        table["status"],
        table["branch_id"],
        *(units[name] for name in PLACES),
        table["tenure_month"],
        table["tenure_years"],
        *(table[name] for name, _ in compiled.profile),
    )


def membership(compiled: Compiled) -> Any:
    """One row per subscriber, segment and rule that is true; evidence is computed from the history when asked."""
    table = figures_table(compiled)
    parts = [
        table.filter(table[rule.column]).select(
            "subscriber_id", segment=ibis.literal(rule.segment), rule=ibis.literal(rule.rule),
            priority=priority(compiled, rule, table),
        )
        for rule in compiled.rules
    ]  # fmt: skip
    if not parts:
        nobody = {"segment": ibis.literal(""), "rule": ibis.literal(""), "priority": ibis.literal(0, "int32")}
        return table.filter(False).select("subscriber_id", **nobody)
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def priority(compiled: Compiled, rule: CompiledRule, table: Any) -> Any:
    """The segment's priority, raised where its own condition holds; 1 is the highest."""
    segment = compiled.playbook.segments[rule.segment]
    if segment.raise_priority is None:
        return ibis.literal(segment.priority, "int32")
    raised = ibis.coalesce(table[f"raise__{rule.segment}"], False)
    return ibis.ifelse(raised, segment.raised, segment.priority).cast("int32")


def rank_table(card: CompiledScorecard) -> Any:
    """A scorecard's targets with their points and ranks, as they are stored."""
    return ibis.table({"subscriber_id": "string", "points": "int32", "rank": "int64"}, name=f"rank__{card.name}")


def score(compiled: Compiled, card: CompiledScorecard) -> Any:
    """One row per subscriber of the base: in the space or not, excluded by what, points, rank, reasons."""
    table = figures_table(compiled)
    ranks = rank_table(card)
    joined = table.left_join(ranks, table["subscriber_id"] == ranks["subscriber_id"])
    return joined.select(
        subscriber_id=table["subscriber_id"],
        scorecard=ibis.literal(card.name),
        in_space=table[f"in_space__{card.name}"],
        excluded_by=_excluded_by(card, table),
        points=ranks["points"],
        rank=ranks["rank"],
        reasons=_reasons(card, table, ranks, "code"),
    )


def _excluded_by(card: CompiledScorecard, table: Any) -> Any:
    mask = table[f"excluded__{card.name}"]
    marks = [
        ibis.ifelse((mask & (1 << index)) != 0, name, ibis.null("string"))
        for index, (name, _) in enumerate(card.exclusions)
    ]
    none = ibis.literal([], "array<string>")
    return ibis.ifelse(mask == 0, none, ibis.array(marks).filter(lambda name: name.notnull())) if marks else none


def _reasons(card: CompiledScorecard, table: Any, ranks: Any, what: str) -> Any:
    """The attributes that earned or cost most against the best attainable, greatest first.

    `code`: `+attribute.level` earned its points, `-attribute.level` missed more than it earned. `zh`, `en`: in words.
    """
    sortable = [_sortable_reason(card, name, index, table, what) for index, (name, _) in enumerate(card.attributes)]
    ordered = ibis.array(sortable).sort()[: card.declared.reasons_shown]
    codes = ordered.map(lambda text: text.substr(7))
    return ibis.ifelse(ranks["points"].notnull(), codes, ibis.literal([], "array<string>"))


def _sortable_reason(card: CompiledScorecard, attribute: str, index: int, table: Any, what: str) -> Any:
    """A text that sorts by how much the attribute matters: four digits, two of its place, then the reason."""
    declared = card.declared.attributes[attribute]
    level = table[f"level__{card.name}__{attribute}"]
    branches = []
    given: list[tuple[str, Level | Otherwise]] = [*declared.levels.items(), ("otherwise", declared.otherwise)]
    for position, (key, item) in enumerate(given):
        lost = declared.best - item.points
        sign = "+" if item.points >= lost else "-"
        weight = max(abs(item.points), lost)
        said = f"{attribute}.{key}" if what == "code" else getattr(item.reason, what)
        branches.append((level == position, f"{9999 - weight:04d}{index:02d} {sign}{said}"))
    return ibis.cases(*branches, else_=ibis.null("string"))


def target(compiled: Compiled, card: CompiledScorecard) -> Any:
    """The ranked list that people work from: reasons in words, what to lead with, and the talk script."""
    table = figures_table(compiled)
    ranks = rank_table(card)
    joined = ranks.inner_join(table, ranks["subscriber_id"] == table["subscriber_id"])
    leads = list(card.declared.recommendations.items())
    lead = table[f"lead__{card.name}"]
    return joined.select(
        scorecard=ibis.literal(card.name),
        rank=ranks["rank"],
        subscriber_id=table["subscriber_id"],
        branch_id=table["branch_id"],
        points=ranks["points"],
        reasons_zh=_reasons(card, table, ranks, "zh"),
        reasons_en=_reasons(card, table, ranks, "en"),
        lead=_by_lead(lead, [key for key, _ in leads]),
        lead_zh=_by_lead(lead, [item.name.zh for _, item in leads]),
        lead_en=_by_lead(lead, [item.name.en for _, item in leads]),
        channels=_by_lead(lead, [" ".join(item.channels) for _, item in leads]),
        script_zh=filled(card.declared.script.zh, table, "未知"),
        script_en=filled(card.declared.script.en, table, "unknown"),
    )


def _by_lead(lead: Any, texts: list[str]) -> Any:
    branches = [(lead == index, text) for index, text in enumerate(texts)]
    return ibis.cases(*branches, else_=ibis.null("string")) if branches else ibis.null("string")


class Row(Protocol):
    """Values by name, as expressions: a table, or what stands for one."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of that name."""


def filled(text: str, row: Row, unknown: str) -> Any:
    """A text with a row's own values in its blanks: numbers with two decimals, or as a whole percentage."""
    pieces: list[Any] = []
    for position, piece in enumerate(text.replace("}", "{").split("{")):
        if position % 2 == 0:
            pieces.append(ibis.literal(piece))
            continue
        name, _, form = piece.partition(":")
        value = row[name]
        if form == "percent":
            said = (value * 100).round(0).cast("int64").cast("string") + "%"
        elif value.type().is_floating():
            # What is whole is said without decimals: lines, days, whole yuan.
            said = value.cast("decimal(18, 2)").cast("string").re_replace("\\.00$", "")
        elif value.type().is_date():
            said = value.strftime("%Y-%m")
        else:
            said = value.cast("string")
        pieces.append(ibis.coalesce(said, unknown))
    return reduce(lambda a, b: a + b, pieces)
