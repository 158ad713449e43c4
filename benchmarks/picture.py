"""A picture of growth: seconds for ten rules over the number of subscribers, a line for each way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.cells import middle
from benchmarks.measures import BASEKEEP, WAYS
from benchmarks.rounds import Results

_COLOURS = ("#c0392b", "#e08e79", "#2c3e50", "#5d6d7e", "#2471a3", "#7d3c98", "#b7950b", "#1e8449", "#7f8c8d")
_BETWEEN_LABELS = 0.045  # of the height


def draw(found: Sequence[Results], path: Path) -> None:
    """Both axes grow by factors, so a straight line of slope one is time in proportion to the base."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter

    figure, axes = plt.subplots(figsize=(9, 6), dpi=150)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ends = []
    for (name, way), colour in zip(WAYS.items(), _COLOURS, strict=True):
        points = [(r.subscribers, seconds) for r in found if (seconds := middle(r, name, "seconds")) is not None]
        if points:
            width = 3.0 if name == BASEKEEP else 1.6
            axes.plot(*zip(*points, strict=True), color=colour, linewidth=width, marker="o", markersize=width + 2)
            ends.append((*points[-1], way.label, colour))
    sizes = [results.subscribers for results in found]
    axes.set_xticks(sizes, [_size(subscribers) for subscribers in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("subscribers")
    axes.set_title("Seconds for ten rules over fourteen months of a base", loc="left", fontsize=12)
    axes.grid(True, which="major", color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    _label(axes, ends)
    figure.savefig(path, bbox_inches="tight")


def _label(axes: Any, ends: list[tuple[int, float, str, str]]) -> None:
    """Each line's name at its end; names that would cover one another move apart, all by as little as it takes."""
    to_axes = axes.transData + axes.transAxes.inverted()
    for subscribers in {end[0] for end in ends}:
        here = sorted((end for end in ends if end[0] == subscribers), key=lambda end: end[1])
        places = [to_axes.transform(end[:2]) for end in here]
        heights = _apart([float(y) for _, y in places])
        for (_, _, label, colour), (x, _), y in zip(here, places, heights, strict=True):
            weight = "bold" if label == WAYS[BASEKEEP].label else "normal"
            axes.text(x + 0.02, y, label, transform=axes.transAxes, color=colour, va="center", fontweight=weight)


def _apart(heights: list[float]) -> list[float]:
    for _ in range(100):
        for at in range(len(heights) - 1):
            low, high = heights[at : at + 2]
            by = max(0.0, _BETWEEN_LABELS - (high - low)) / 2
            heights[at], heights[at + 1] = low - by, high + by
    return heights


def _size(subscribers: int) -> str:
    return f"{subscribers / 1e6:g} million" if subscribers >= 1e6 else f"{subscribers:,}"
