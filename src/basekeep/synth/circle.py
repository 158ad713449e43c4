"""The calling circle of a month and what a competitor's courting leaves in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from basekeep.synth.blocks import Block
from basekeep.synth.draws import Array

_FADED_CIRCLE = np.array([1, 0.7, 0.58, 0.5, 0.48, 0.46, 0.45, 0.45, 0.45, 0.45], dtype=np.float32)


@dataclass(frozen=True)
class Circle:
    """`offnet` in ten-thousandths."""

    contacts: Array
    offnet: Array
    hotline: Array
    staff: Array
    forwarded: Array


def call_around(block: Block, minutes: Array) -> Circle:
    """The month's circle of every subscriber of the block; nobody without minutes."""
    people, state, draws = block.people, block.state, block.draws
    size = np.exp(people.circle + 0.5 * state.drift + 0.1 * draws.normal("circle.size")) * _FADED_CIRCLE[state.fading]
    wooed = state.wooed > 0
    offnet = people.offnet + 0.06 * wooed + 0.05 * state.dual + 0.025 * draws.normal("circle.offnet")
    forwards = draws.chance("circle.forwarded", np.where(wooed, 0.1, 0.0008) + 0.02 * state.dual)
    return Circle(
        contacts=np.where(minutes > 0, np.maximum(np.rint(size), 1), 0).astype(np.int32),
        offnet=np.rint(np.clip(offnet, 0, 1) * 10_000).astype(np.int32),
        hotline=draws.count("circle.hotline", np.where(wooed, 0.9, 0.003)).astype(np.int32),
        staff=draws.count("circle.staff", np.where(wooed, 0.4, 0.0015)).astype(np.int32),
        forwarded=forwards,
    )
