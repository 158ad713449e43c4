"""Numbers as people write them, exactly: `30`, `0.5`, `50%`, `1_000`, and `7/10` where a run wrote them down."""

from __future__ import annotations

import re
from fractions import Fraction

_DECIMAL = re.compile(r"([-+]?\d+(?:_\d{3})*(?:\.\d+)?)(\s*%)?")
_RATIO = re.compile(r"-?\d+/0*[1-9]\d*")
# More digits than any comparison could hold; also keeps a hostile number from costing time.
_LONGEST = 80


def number_of(text: str) -> Fraction:
    """A number as written, exactly: `50%` is one half, `1_000` a thousand.

    Raises:
        ValueError: the text is not a number, or has more digits than anything could be compared with.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise ValueError("too many digits")
    if _RATIO.fullmatch(text):
        return Fraction(text)
    match = _DECIMAL.fullmatch(text)
    if not match:
        raise ValueError("not a number")
    value = Fraction(match[1].replace("_", ""))
    return value / 100 if match[2] else value


def number_text(value: Fraction, unit: str = "") -> str:
    """A number for people: a share as a percentage, another as a decimal where that is exact, else a fraction."""
    if unit == "share":
        return f"{number_text(value * 100)}%"
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or not places:
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def number_shown(value: Fraction, unit: str = "", places: int = 4) -> str:
    """A number for a screen: thousands apart, a share as a percentage, `≈` before it where digits were left out."""
    if unit == "share":
        return f"{number_shown(value * 100, places=max(places - 2, 0))}%"
    rounded = round(value, places)
    whole, _, rest = number_text(abs(rounded)).partition(".")
    digits = f"{int(whole):,}{'.' if rest else ''}{rest}"
    return f"{'≈' if rounded != value else ''}{'-' if rounded < 0 else ''}{digits}"
