"""A playbook with some parameters set otherwise, to try a change before it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from pydantic import ValidationError

from basekeep.kernel.errors import CallError
from basekeep.kernel.findings import near_names
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Parameter, Playbook
from basekeep.playbook.numbers import number_text


def with_parameters(playbook: Playbook, values: Mapping[str, str]) -> Playbook:
    """The playbook with these parameters' values, written as in YAML (`45%`, `30`).

    Raises:
        CallError: an unknown parameter, or a value that is no number or out of bounds.
    """
    changed = dict(playbook.parameters)
    for name, value in values.items():
        if name not in changed:
            raise _unknown(name, near_names(name, changed))
        try:
            changed[name] = Parameter.model_validate({**changed[name].model_dump(mode="json"), "value": value})
        except ValidationError:
            declared = changed[name]
            raise CallError(
                "parameter.out_of_bounds",
                Text(f"{name} 不能取 {value!r}", f"{name} cannot be {value!r}"),
                Text(
                    f"取 {_said(declared, declared.min)} 至 {_said(declared, declared.max)} 之间的数",
                    f"Give a number from {_said(declared, declared.min)} to {_said(declared, declared.max)}",
                ),
            ) from None
    return playbook.model_copy(update={"parameters": changed})


def _said(parameter: Parameter, value: Fraction) -> str:
    return number_text(value, parameter.unit)


def _unknown(name: str, near: tuple[str, ...]) -> CallError:
    do = Text("参数见 parameters.yaml。", "The parameters stand in parameters.yaml.")
    if near:
        do = Text(f"相近的名称：{'、'.join(near)}", f"Near names: {', '.join(near)}")
    return CallError("parameter.unknown", Text(f"没有参数 {name!r}", f"there is no parameter {name!r}"), do)
