"""What a rule compared: each quantity with its value and its limit, from the same terms that the run evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis

from basekeep.playbook import terms as t
from basekeep.relations.compiled import Compiled, CompiledRule
from basekeep.relations.figures import feature
from basekeep.relations.history import FAMILY, FAMILY_MARKS, base
from basekeep.relations.lowering import Lowering, unknown

_NEGATED: dict[str, t.CompareOp] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@ibis.udf.scalar.builtin(name="to_json")  # type: ignore[untyped-decorator]
def to_json(value) -> str:  # type: ignore[no-untyped-def, empty-body]  # any type: no annotation
    """The engine's own JSON of a struct."""


@dataclass(frozen=True)
class Atom:
    """One comparison of a rule as it must hold: negations are already turned round."""

    term: t.TruthTerm
    negated: bool
    label: str
    op: str

    @property
    def limit_label(self) -> str:
        """The limit as written, where it is an expression."""
        return self.term.limit if isinstance(self.term, t.Comparison) else ""


def atoms(term: t.TruthTerm, negated: bool = False) -> Iterator[Atom]:
    """The comparisons of a condition, in the order they are written."""
    match term:
        case t.All(items=items) | t.AnyOf(items=items):
            for item in items:
                yield from atoms(item, negated)
        case t.Opposite(of=of):
            yield from atoms(of, not negated)
        case t.Comparison(op=op, label=label):
            yield Atom(term, negated, label, _NEGATED[op] if negated else op)
        case t.InList(label=label):
            yield Atom(term, negated, label, "not in" if negated else "in")
        case t.Flag(label=label) | t.InFamily(label=label) | t.AnyMember(label=label):
            yield Atom(term, negated, label, "=")
        case t.IsKnown(label=label) | t.IsEmpty(label=label):
            state = "known" if isinstance(term, t.IsKnown) else "empty"
            yield Atom(term, negated, label, f"is not {state}" if negated else f"is {state}")


def value_of(atom: Atom, low: Lowering) -> Any:
    """The quantity that the comparison looks at."""
    match atom.term:
        case t.Comparison(left=left) | t.InList(of=left) | t.IsKnown(of=left):
            return shown_term(left, low)
        case t.IsEmpty(column=column, lag=lag):
            return low.column(column, lag).cast("string")
    return low.truth(atom.term)


def limit_of(atom: Atom, low: Lowering) -> Any:
    """The limit that it is held against."""
    match atom.term:
        case t.Comparison(right=right):
            return shown_term(right, low)
        case t.InList(values=values):
            return ibis.literal(" | ".join(values))
        case t.Flag() | t.InFamily() | t.AnyMember():
            return ibis.literal(not atom.negated)
    return unknown("", "string")


def shown_term(term: t.Term, low: Lowering) -> Any:
    """A term's value as people see it."""
    value = feature(low, term)
    return value.cast("string") if isinstance(term, t.DateTerm) else value


def evidence(rule: CompiledRule, low: Lowering) -> Any:
    """The evidence of a rule as JSON: quantity → value, comparison, limit; carried metrics with their value."""
    entries: dict[str, Any] = {}
    for atom in atoms(rule.term):
        entry = {"value": value_of(atom, low), "op": ibis.literal(atom.op), "limit": limit_of(atom, low)}
        entries[_free(entries, atom)] = ibis.struct(entry)
        if isinstance(atom.term, t.InFamily) and FAMILY in low.table.columns:
            entries.update({name: ibis.struct({"value": low.table[name]}) for name in FAMILY_MARKS if name != FAMILY})
    for name, term in rule.carries:
        # What the rule compares is there already, with its limit.
        if name not in entries:
            entries[name] = ibis.struct({"value": shown_term(term, low)})
    return to_json(ibis.struct(entries)) if entries else ibis.literal("{}")


def _free(taken: dict[str, Any], atom: Atom) -> str:
    """A key of its own: the quantity, with its comparison where it is compared twice; the engine folds case."""
    folded = {key.casefold() for key in taken}
    for key in (atom.label, f"{atom.label} {atom.op}"):
        if key.casefold() not in folded:
            return key
    numbered = (f"{atom.label} {atom.op} ({count})" for count in range(2, len(taken) + 3))
    return next(key for key in numbered if key.casefold() not in folded)


def membership_with_evidence(compiled: Compiled, low: Lowering) -> Any:
    """Membership with evidence: the same rows as from the figures, computed again from the frozen history."""
    rows = base(low.table)
    entries = []
    for rule in compiled.rules:
        entry = ibis.struct(
            {
                "segment": ibis.literal(rule.segment),
                "rule": ibis.literal(rule.rule),
                "priority": _priority(compiled, rule, low),
                "evidence": evidence(rule, low),
            }
        )
        entries.append(ibis.ifelse(low.truth(rule.term), entry, ibis.null(entry.type())))
    if not entries:
        nobody = {name: ibis.literal("") for name in ("segment", "rule", "evidence")}
        return rows.filter(False).select("subscriber_id", priority=ibis.literal(0, "int32"), **nobody)
    listed = rows.select("subscriber_id", entry=ibis.array(entries).filter(lambda one: one.notnull()))
    each = listed.select("subscriber_id", entry=listed["entry"].unnest())
    entry = each["entry"]
    return each.select(
        "subscriber_id", *(entry[name].name(name) for name in ("segment", "rule", "priority", "evidence"))
    )


def _priority(compiled: Compiled, rule: CompiledRule, low: Lowering) -> Any:
    segment = compiled.playbook.segments[rule.segment]
    if segment.raise_priority is None:
        return ibis.literal(segment.priority, "int32")
    holds = ibis.coalesce(low.truth(compiled.raises[rule.segment]), False)
    return ibis.ifelse(holds, segment.raised, segment.priority).cast("int32")
