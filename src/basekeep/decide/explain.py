"""Why a subscriber's decision is what it is, from one frozen run: nothing is decided again, everything is looked up."""

from __future__ import annotations

from datetime import date

from basekeep.contract.tables import ORG_UNIT
from basekeep.decide.case import Case, Row
from basekeep.decide.explain_others import other_offer
from basekeep.decide.explained import ChosenOffer, DecisionExplained, OtherOffer, Reason
from basekeep.decide.past_facts import past_of
from basekeep.decide.period import period_of
from basekeep.decide.places import stored_organisation
from basekeep.decide.reason_words import words_of_reason
from basekeep.decide.waterfall import NAMES
from basekeep.decide.worth import Prices, worth_of
from basekeep.engines.protocol import Engine, Session
from basekeep.engines.sql_text import parquet_scan, sql_literal, sql_name
from basekeep.kernel.errors import CallError
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.relations.actions import DECIDED, action
from basekeep.relations.offers import CompiledDecisions
from basekeep.relations.sql import sql_of
from basekeep.relations.tables_out import FIGURES
from basekeep.run.decision_tables import decision_file
from basekeep.run.explain import Explanation, Facts
from basekeep.run.one_subscriber import ask_subscriber
from basekeep.run.questions import Questions
from basekeep.run.record import RunRecord
from basekeep.run.replay import Replay
from basekeep.store.manifest import verify
from basekeep.store.partition_files import partition_files
from basekeep.store.state import ALL


def explain_decision(
    replayed: Replay, engine: Engine, explanation: Explanation, offer: str | None = None
) -> DecisionExplained | None:
    """What was decided for a subscriber and why; None where the run made no decisions, or the subscriber is not in its base.

    Args:
        explanation: why the subscriber is in and out of each segment, from the same run.
        offer: only this one of the other offers.

    Raises:
        CallError: the playbook has no such offer.
        DamageError: a stored file that is read is damaged.
    """
    compiled = replayed.plan.compiled.decisions
    record, who = replayed.record, explanation.subscriber_id
    if (
        compiled is None
        or not explanation.in_base
        or record.folder / decision_file("decision") not in record.files("decisions/")
    ):
        return None
    playbook = replayed.plan.compiled.playbook
    if offer is not None:
        _need_offer(offer, playbook)
    questions = _questions(replayed, compiled)
    with engine.session() as session:
        shard = ask_subscriber(replayed, engine, session, who, questions)["shard"]
        record.verify(f"figures/{shard}")
        case = _case(replayed, session, compiled, questions, explanation, shard)
        script = _script(replayed, session, who, shard)
    return _explained(record, case, script, offer)


def _explained(record: RunRecord, case: Case, script: Text, only: str | None) -> DecisionExplained:
    playbook, decision = case.playbook, case.decision
    chosen = _chosen(case, script) if decision["offer"] is not None else None
    others = [other_offer(case, offer) for offer in case.compiled.offers if offer.name != decision["offer"]]
    past = tuple(dict.fromkeys(fact for code in case.codes for fact in case.past.of(code, playbook)))
    return DecisionExplained(
        record.run_id,
        str(decision["subscriber_id"]),
        str(decision["bucket"]),
        NAMES[str(decision["bucket"])],
        tuple(Reason(code, words_of_reason(code, playbook)) for code in case.codes),
        past,
        chosen,
        tuple(one for one in sorted(others, key=_nearness) if only in (None, one.offer)),
    )


def _nearness(one: OtherOffer) -> float:
    """Candidates first, those of which most is left before the others; of the rest the playbook's order stays."""
    return -one.worth.left if one.worth is not None and one.code.startswith("out_ranked") else float("inf")


def _chosen(case: Case, script: Text) -> ChosenOffer:
    decision, playbook = case.decision, case.playbook
    offer, channel = playbook.offers[decision["offer"]], playbook.channels[decision["channel"]]
    return ChosenOffer(
        decision["offer"], offer.name.text, offer.kind, offer.campaign, playbook.campaigns[offer.campaign].name.text,
        worth_of(decision, playbook, case.prices), decision["contact_on"], channel.opens, channel.closes,
        decision["staff_id"], script,
    )  # fmt: skip


def _questions(replayed: Replay, compiled: CompiledDecisions) -> Questions:
    questions = Questions(replayed.lowering())
    for offer in compiled.offers:
        for term in offer.stages.values():
            questions.ask_condition(term, with_figures=True)
        questions.ask_feature(offer.value)
    for _, term in (*compiled.exclusions, *compiled.reserved):
        questions.ask_condition(term, with_figures=True)
    return questions


def _case(
    replayed: Replay,
    session: Session,
    compiled: CompiledDecisions,
    questions: Questions,
    explanation: Explanation,
    shard: str,
) -> Case:
    plan, record, who = replayed.plan, replayed.record, explanation.subscriber_id
    playbook = plan.compiled.playbook
    served = {one.segment for one in explanation.segments if one.member}
    served |= {one.scorecard for one in explanation.scores if one.points is not None}
    candidates: dict[str, list[Row]] = {}
    for row in _rows(record, session, "candidate", who):
        candidates.setdefault(str(row["offer"]), []).append(row)
    verify(partition_files(plan.store_dir, plan.state, ORG_UNIT.name, ALL))
    decision = _rows(record, session, "decision", who)[0]
    limits = _rows(record, session, "constraint")
    prices = Prices(limits, stored_organisation(plan, session), decision["branch_id"], frozenset(served))
    day = day_of(record)
    period = period_of(plan.month, playbook.contact_policy.quiet, day)
    return Case(
        playbook,
        compiled,
        questions,
        Facts(playbook, questions),
        frozenset(served),
        decision,
        {offer: tuple(rows) for offer, rows in candidates.items()},
        _events(record, session, compiled, who, shard),
        prices,
        past_of(plan, session, who, day or period.first),
        period,
    )


def day_of(record: RunRecord) -> date | None:
    """The day that a run renewed the decisions on; None for the run of a month."""
    day = record.content.get("day")
    return date.fromisoformat(day) if day else None


def _rows(record: RunRecord, session: Session, table: str, subscriber_id: str | None = None) -> list[Row]:
    """The rows of a table of decisions, all or one subscriber's, as they are stored: money in fen."""
    record.verify(decision_file(table))
    only = f" WHERE subscriber_id = {sql_literal(subscriber_id)}" if subscriber_id is not None else ""
    found: list[Row] = session.arrow(
        f"SELECT * FROM {parquet_scan(record.folder / decision_file(table))}{only}"
    ).to_pylist()
    return found


def _events(
    record: RunRecord, session: Session, compiled: CompiledDecisions, subscriber_id: str, shard: str
) -> dict[str, date | None]:
    """The dates that some contact must come before, as the run's figures have them."""
    if not compiled.events:
        return {}
    chosen = ", ".join(sql_name(f"event__{column}") for column in compiled.events)
    scan = parquet_scan(record.folder / "figures" / shard)
    row = session.rows(f"SELECT {chosen} FROM {scan} WHERE subscriber_id = {sql_literal(subscriber_id)}")[0]
    return dict(zip(compiled.events, row, strict=True))


def _script(replayed: Replay, session: Session, subscriber_id: str, shard: str) -> Text:
    """The script of the subscriber's action with its blanks filled; empty where there is none."""
    record, only = replayed.record, f"WHERE subscriber_id = {sql_literal(subscriber_id)}"
    figures = f"SELECT * FROM {parquet_scan(record.folder / 'figures' / shard)} {only}"
    decided = f"SELECT * FROM {parquet_scan(record.folder / decision_file('decision'))} {only}"
    asked = sql_of(action(replayed.plan.compiled))
    rows = session.rows(
        f"WITH {FIGURES} AS ({figures}), {DECIDED} AS ({decided}) SELECT script_zh, script_en FROM ({asked})"
    )
    return Text(str(rows[0][0]), str(rows[0][1])) if rows else Text("", "")


def _need_offer(offer: str, playbook: Playbook) -> None:
    if offer not in playbook.offers:
        near = near_names(offer, playbook.offers) or tuple(playbook.offers)
        raise CallError(
            "explain.unknown_offer",
            Text(f"没有营销案 {offer!r}", f"there is no offer {offer!r}"),
            Text(f"可选：{'、'.join(near)}", f"There are: {', '.join(near)}"),
        )
