"""What of an expression is known before any data is: constants, and parameters by each value they are given."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from basekeep.kernel.text import Text
from basekeep.playbook import terms as t
from basekeep.playbook.declarations import Playbook


def zero_divisor(term: t.NumberTerm, playbook: Playbook) -> Text | None:
    """What to say where a divisor is zero whatever the data: for the whole base, or for an overlay's unit."""
    values = {name: parameter.value for name, parameter in playbook.parameters.items()}
    if constant(term, values) == 0:
        return Text("除数为零", "division by zero")
    for unit, overlay in playbook.overlays.items():
        if constant(term, {**values, **overlay.parameters}) == 0:
            return Text(f"在 overlays/{unit}.yaml 中除数为零", f"division by zero in overlays/{unit}.yaml")
    return None


def constant(term: t.Term, parameters: Mapping[str, Fraction]) -> Fraction | None:
    """The term's value where no data goes into it; None where some does."""
    match term:
        case t.Constant(value=value):
            return value
        case t.ParameterValue(name=name):
            return parameters[name]
        case t.Sum(items=items, signs=signs):
            parts = [constant(item, parameters) for item in items]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return sum((sign * part for sign, part in zip(signs, known, strict=True)), Fraction(0))
        case t.Product(left=left, right=right) | t.Quotient(left=left, right=right):
            one, two = constant(left, parameters), constant(right, parameters)
            if one is None or two is None:
                return Fraction(0) if isinstance(term, t.Product) and 0 in (one, two) else None
            if isinstance(term, t.Product):
                return one * two
            return one / two if two else None
    return None
