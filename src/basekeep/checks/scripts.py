"""The blanks of talk scripts can be filled: each names a metric of the profile, in a format that suits it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from basekeep.kernel.findings import Finding, near_names
from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.declared import Bilingual
from basekeep.playbook.grains import OVER_SUBSCRIBERS, SUBSCRIBER, Grain
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Fault, Meaning

_BLANK_OR_BRACE = re.compile(r"\{([^{}:]*)(:[^{}]*)?\}|[{}]")
_HOW = Text(
    "空格写作 {指标} 或 {指标:percent}，指标须有 profile: true。",
    "A blank is written {metric} or {metric:percent}, of a metric with profile: true.",
)


def check(meaning: Meaning, sources: Sources) -> Iterator[Finding]:
    """Findings for braces without a partner, for unknown metrics and for formats that do not suit them."""
    for path, texts, grain in _written(meaning.playbook):
        filled = [name for name, metric in getattr(meaning.playbook, grain.metrics).items() if metric.profile]
        for language in ("zh", "en"):
            script = getattr(texts, language)
            for blank in _BLANK_OR_BRACE.finditer(script):
                if fault := _fault(meaning, blank, grain, filled):
                    what, near = fault
                    place = sources.place_in((*path, language), script, blank.start())
                    yield Finding("playbook.script_blank", place, what, _HOW, near)


def _written(playbook: Playbook) -> Iterator[tuple[tuple[str, ...], Bilingual, Grain]]:
    """Every text with blanks: its path, and what its blanks are about."""
    for name, card in playbook.scorecards.items():
        yield ("scorecards", name, "script"), card.script, SUBSCRIBER
    for name, offer in playbook.offers.items():
        yield ("offers", name, "script"), offer.script, SUBSCRIBER
        for channel, script in offer.scripts.items():
            yield ("offers", name, "scripts", channel), script, SUBSCRIBER
    for grain in OVER_SUBSCRIBERS:
        for name, segment in getattr(playbook, grain.segments).items():
            if segment.message:
                yield (grain.segments, name, "message"), segment.message, grain


def _fault(
    meaning: Meaning, blank: re.Match[str], grain: Grain, filled: list[str]
) -> tuple[Text, tuple[str, ...]] | None:
    name, form = blank[1], blank[2] or ""
    if name is None:
        return Text(f"花括号 {blank[0]!r} 没有配对", f"the brace {blank[0]!r} has no partner"), ()
    if (grain.metrics, name) in meaning.broken:
        return None
    if name not in filled:
        return Text(f"没有可填的指标 {name!r}", f"there is no metric {name!r} to fill in"), near_names(name, filled)
    if form not in ("", ":percent"):
        return Text(f"没有格式 {form!r}", f"there is no format {form!r}"), ()
    if form and not _is_number(meaning, name):
        return Text(f"{name!r} 不是数值，不能写成百分比", f"{name!r} is no number and cannot be a percentage"), ()
    return None


def _is_number(meaning: Meaning, name: str) -> bool:
    try:
        return isinstance(meaning.metric(name), t.NumberTerm)
    except Fault:
        return True
