"""What a playbook declares, frozen. Expressions stay text here; `meaning` gives them terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from basekeep.contract.columns import Unit
from basekeep.kernel.text import Text
from basekeep.playbook.parser import number_of


def _read_number(value: object) -> object:
    return number_of(value) if isinstance(value, str) else value


def _write_number(value: Fraction) -> str:
    return str(value)


Exact = Annotated[Fraction, BeforeValidator(_read_number), PlainSerializer(_write_number)]
Source = Literal["document", "our_default"]
# A name that becomes part of a column: lower case, digits and underscores.
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Declared(BaseModel):
    """Any declaration: unknown keys are errors, nothing changes once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Declared):
    """A text in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    @property
    def text(self) -> Text:
        """The same as a kernel text."""
        return Text(self.zh, self.en)


class Parameter(Declared):
    """A number of the business: named, with a unit and bounds; an overlay may change it for a city or county."""

    name: Bilingual
    value: Exact
    unit: Unit = ""
    min: Exact
    max: Exact
    source: Source

    @model_validator(mode="after")
    def _within_bounds(self) -> Parameter:
        if not self.min <= self.value <= self.max:
            raise ValueError(f"value {self.value} is outside {self.min} to {self.max}")
        return self


class MetricClass(Declared):
    """One class of a classified metric."""

    name: Bilingual
    when: str


class Metric(Declared):
    """A named quantity (`value`), condition (`when`) or classification (`classes`)."""

    name: Bilingual
    value: str | None = None
    when: str | None = None
    classes: dict[Id, MetricClass] | None = None
    profile: bool = False
    source: Source = "document"

    @model_validator(mode="after")
    def _exactly_one(self) -> Metric:
        if sum(part is not None for part in (self.value, self.when, self.classes)) != 1:
            raise ValueError("give exactly one of value, when, classes")
        return self


class Rule(Declared):
    """One way into a segment. `carries` names metrics that its evidence shows besides what it compares."""

    name: Bilingual
    when: str
    carries: tuple[Id, ...] = ()
    source: Source = "document"


class RaisePriority(Declared):
    """A condition under which a member comes earlier."""

    when: str
    by: Annotated[int, Field(ge=1, le=8)]


class Segment(Declared):
    """Subscribers for whom any of the rules holds, and what to do for them. Priority 1 is the highest."""

    name: Bilingual
    wording: Bilingual
    maintenance: tuple[Bilingual, ...]
    priority: Annotated[int, Field(ge=1, le=9)]
    lead_time_days: Annotated[int, Field(ge=0, le=366)]
    false_positives: Bilingual
    raise_priority: RaisePriority | None = None
    rules: Annotated[dict[Id, Rule], Field(min_length=1)]

    @property
    def raised(self) -> int:
        """The priority where the raising condition holds; never above 1."""
        return max(1, self.priority - self.raise_priority.by) if self.raise_priority else self.priority


class Step(Declared):
    """One condition of an activity space, or one exclusion."""

    name: Bilingual
    when: str
    source: Source = "document"


class Level(Declared):
    """One level of an attribute: its condition, its points, and the reason it gives."""

    when: str
    points: Annotated[int, Field(ge=-1000, le=1000)]
    reason: Bilingual


class Otherwise(Declared):
    """What an attribute gives when none of its levels is true."""

    points: Annotated[int, Field(ge=-1000, le=1000)] = 0
    reason: Bilingual


class Attribute(Declared):
    """One characteristic of a scorecard; the first level that is true gives its points."""

    name: Bilingual
    levels: Annotated[dict[Id, Level], Field(min_length=1)]
    otherwise: Otherwise
    source: Source = "our_default"

    @property
    def best(self) -> int:
        """The most points that can be attained."""
        return max(self.otherwise.points, *(level.points for level in self.levels.values()))


class Recommendation(Declared):
    """What to lead with for a target, and through which channels; the first that is true."""

    name: Bilingual
    when: str
    channels: Annotated[tuple[Id, ...], Field(min_length=1)]


class Scorecard(Declared):
    """A ranked list: a space, its exclusions, and points by attribute."""

    name: Bilingual
    wording: Bilingual
    space: Annotated[dict[Id, Step], Field(min_length=1)]
    exclusions: dict[Id, Step] = {}
    attributes: Annotated[dict[Id, Attribute], Field(min_length=1)]
    reasons_shown: Annotated[int, Field(ge=1, le=10)] = 3
    recommendations: dict[Id, Recommendation] = {}
    script: Bilingual


class Report(Declared):
    """The share of a condition among those of the base for whom it is known, by a quantity."""

    name: Bilingual
    share: str
    by: str
    of: str | None = None


class PlaybookHead(Declared):
    """The playbook's own facts."""

    name: Bilingual
    history_months: Annotated[int, Field(ge=1, le=60)] = 14


class Overlay(Declared):
    """One city or county, one plan: other values for some parameters."""

    name: Bilingual | None = None
    parameters: dict[str, Exact]


class Playbook(Declared):
    """Everything that is declared, all files together."""

    playbook: PlaybookHead
    parameters: dict[Id, Parameter] = {}
    metrics: dict[Id, Metric] = {}
    segments: dict[Id, Segment] = {}
    scorecards: dict[Id, Scorecard] = {}
    reports: dict[Id, Report] = {}
    overlays: dict[str, Overlay] = {}
