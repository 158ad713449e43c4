"""What all declarations share: exact numbers, names, texts in both languages. Reads no file."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from basekeep.kernel.text import Text
from basekeep.playbook.numbers import number_of


def _read_number(value: object) -> object:
    if isinstance(value, Fraction | int):
        return Fraction(value)
    try:
        return number_of(str(value))
    except ValueError:
        raise PydanticCustomError("not_a_number", "not a number") from None


def _write_number(value: Fraction) -> str:
    return str(value)


def _whole_fen(value: Fraction) -> Fraction:
    if value < 0 or (value * 100).denominator != 1:
        raise PydanticCustomError("not_whole_fen", "not an amount of money")
    return value


Exact = Annotated[Fraction, BeforeValidator(_read_number), PlainSerializer(_write_number)]
# Money that is paid or asked for: yuan with at most two decimals, never below 0.
Yuan = Annotated[Fraction, BeforeValidator(_read_number), AfterValidator(_whole_fen), PlainSerializer(_write_number)]
Source = Literal["document", "our_default"]
# A name that becomes part of a column: lower case, digits and single underscores (two part the names in a column).
Id = Annotated[str, Field(pattern=r"^[a-z](_?[a-z0-9])*$", max_length=40)]

NAME = Text("名称", "its name")
SOURCE = Text(
    "来源：document 为文件原文，our_default 为我们的默认值",
    "where it comes from: the source document, or our own default",
)
WORDING = Text("业务口径", "what it means, in the words of the business")
POINTS = Text("分值", "the points it gives")
REASON = Text("理由，给营销人员看", "the reason it gives, for the people who sell")


# Any declaration: unknown keys are errors, nothing changes once read.
FROZEN = ConfigDict(frozen=True, extra="forbid")


class Bilingual(BaseModel):
    """A text in both languages."""

    model_config = FROZEN

    zh: Annotated[str, Field(min_length=1), Text("中文", "in Chinese")]
    en: Annotated[str, Field(min_length=1), Text("英文", "in English")]

    @property
    def text(self) -> Text:
        """The same as a kernel text."""
        return Text(self.zh, self.en)
