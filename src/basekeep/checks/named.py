"""A finding for a name that refers to a declaration that is not there; none where that declaration could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from basekeep.kernel.findings import Finding, Place, near_names
from basekeep.kernel.text import Text
from basekeep.playbook.loading import Sources
from basekeep.playbook.meaning import Meaning

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Kind:
    """What a name may refer to: the sections of the playbook that declare it, and the word for it."""

    code: str
    sections: tuple[str, ...]
    word: Text


SERVED = Kind("playbook.unknown_segment", ("segments", "scorecards"), Text("用户群或评分卡", "segment or scorecard"))
CHANNEL = Kind("playbook.unknown_channel", ("channels",), Text("渠道", "channel"))
CAMPAIGN = Kind("playbook.unknown_campaign", ("campaigns",), Text("营销活动", "campaign"))
OFFER = Kind("playbook.unknown_offer", ("offers",), Text("营销案", "offer"))


@dataclass(frozen=True)
class Names:
    """The names of a playbook, and where they are written."""

    meaning: Meaning
    sources: Sources

    def keys(self, kind: Kind, path: Path_, names: Iterable[str]) -> Iterator[Finding]:
        """Findings for keys below a path that refer to nothing."""
        for name in names:
            yield from self._known(kind, name, self.sources.place((*path, name)))

    def items(self, kind: Kind, path: Path_, names: Iterable[str]) -> Iterator[Finding]:
        """The same for the items of a list."""
        for index, name in enumerate(names):
            yield from self._known(kind, name, self.sources.value_place((*path, index)))

    def value(self, kind: Kind, path: Path_, name: str) -> Iterator[Finding]:
        """The same for one value."""
        yield from self._known(kind, name, self.sources.value_place(path))

    def declared(self, kind: Kind) -> Mapping[str, object]:
        """What there is of a kind."""
        return {name: one for section in kind.sections for name, one in getattr(self.meaning.playbook, section).items()}

    def _known(self, kind: Kind, name: str, place: Place) -> Iterator[Finding]:
        known = self.declared(kind)
        if name in known or any((section, name) in self.meaning.broken for section in kind.sections):
            return
        zh, en = "、".join(kind.sections), " or ".join(kind.sections)
        yield Finding(
            kind.code,
            place,
            Text(f"没有{kind.word.zh} {name!r}", f"there is no {kind.word.en} {name!r}"),
            Text(f"写 {zh} 下已声明的名称。", f"Name one that is declared under {en}."),
            near_names(name, known),
        )
