"""A picture of growth: seconds for ten rules over the number of subscribers, a line for each way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.cells import middle
from benchmarks.measures import BASEKEEP, WAYS
from benchmarks.rounds import Results

_COLOURS = ("#c0392b", "#e08e79", "#2c3e50", "#2471a3", "#7d3c98", "#b7950b", "#1e8449", "#7f8c8d")
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
    """Each line's name at its end, moved up where it would cover the one below."""
    floors = dict.fromkeys((end[0] for end in ends), float("-inf"))
    for subscribers, seconds, label, colour in sorted(ends, key=lambda end: end[1]):
        x, y = axes.transAxes.inverted().transform(axes.transData.transform((subscribers, seconds)))
        y = floors[subscribers] = max(y, floors[subscribers] + _BETWEEN_LABELS)
        weight = "bold" if label == WAYS[BASEKEEP].label else "normal"
        axes.annotate(label, (subscribers, seconds), (x + 0.02, y), xycoords="data", textcoords="axes fraction",
                      color=colour, va="center", fontweight=weight, fontsize=10)  # fmt: skip


def _size(subscribers: int) -> str:
    return f"{subscribers / 1e6:g} million" if subscribers >= 1e6 else f"{subscribers:,}"
