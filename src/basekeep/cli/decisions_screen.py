"""What a run says of its decisions: where everybody went, what it is worth, how near the best it is, what limits it, who is held out."""

from __future__ import annotations

from typing import Any

from basekeep.cli.screen import Screen, percent
from basekeep.kernel.text import Text

Rows = list[dict[str, Any]]
TABLES = ("decision_waterfall", "allocation", "constraint", "hold_out_summary")
_FEN = 100
_SHOWN = 6


def decisions_of(record: Any) -> dict[str, Rows]:
    """The small tables of a run's decisions as rows, verified; nothing where it made none."""
    import pyarrow.parquet as pq

    from basekeep.run.decision_tables import decision_file

    found = {}
    for name in TABLES:
        path = record.folder / decision_file(name)
        if path in record.files(decision_file(name)):
            record.verify(decision_file(name))
            found[name] = pq.read_table(path).to_pylist()
    return found


def show_decisions(screen: Screen, found: dict[str, Rows]) -> None:
    """Buckets, figures, the limits that bind, the hold-outs."""
    if not found:
        return
    _show_buckets(screen, found["decision_waterfall"])
    for row in found["allocation"]:
        _show_allocation(screen, row)
    _show_limits(screen, found["constraint"])
    _show_hold_outs(screen, found["hold_out_summary"])


def _show_buckets(screen: Screen, rows: Rows) -> None:
    steps = [row for row in rows if row["level"] == "base"]
    base = steps[0]["entered"]
    heads = [Text("决策", "Decision"), Text("标识", "Id"), Text("人数", "Subscribers"), Text("占比", "Share")]
    cells = [
        (Text(row["name_zh"], row["name_en"]), row["step"], row["left"], percent(row["left"] / base if base else None))
        for row in steps[1:]
    ]
    screen.table(
        Text(f"每人一个决策（共 {base:,} 人）", f"One decision for each of {base:,}"), heads, cells, numbers=(2, 3)
    )


def _show_allocation(screen: Screen, row: dict[str, Any]) -> None:
    value, cost, bound = (_yuan(row[f"{name}_fen"]) for name in ("value", "cost", "bound"))
    screen.say(Text(
        f"{row['candidates']:,} 个候选中安排 {row['contacts']:,} 次接触：期望价值 {value} 元（已扣成本 {cost} 元）；上界 {bound} 元，差距至多 {_gap(row['gap'])}。",
        f"{row['contacts']:,} contacts out of {row['candidates']:,} candidates: expected value {value} yuan after {cost} of cost; no other choice is worth more than {bound}, a gap of {_gap(row['gap'])} at most.",
    ))  # fmt: skip


def _gap(gap: float) -> str:
    return f"{gap * 100:.3g}%"


def _show_limits(screen: Screen, rows: Rows) -> None:
    """Those that bind, the dearest first, and what was asked for and could not be reached."""
    binding = sorted(
        (row for row in rows if row["binds"] or row["short"]), key=lambda row: -(row["shadow_price"] or 0.0)
    )
    said = Text(
        f"限制 {len(rows):,} 条，起作用的 {len(binding):,} 条", f"Limits: {len(rows):,}, of which {len(binding):,} bind"
    )
    screen.say(said, "bold cyan")
    for row in binding[:_SHOWN]:
        screen.item(f"  · {Text(row['says_zh'], row['says_en']).say(screen.language)}")
    if len(binding) > _SHOWN:
        screen.say(Text("  … 其余见表 constraint", "  ... the others are in the table constraint"), "dim")


def _show_hold_outs(screen: Screen, rows: Rows) -> None:
    """Each control group as a whole, and whether it can prove anything."""
    whole = [row for row in rows if row["city_id"] is None and row["value_band"] is None]
    if whole:
        screen.say(Text("对照组", "Held out"), "bold cyan")
    for row in whole:
        style = "" if row["enough"] else "yellow"
        group = Text("全局", "everything") if row["campaign"] is None else Text(row["campaign"], row["campaign"])
        said = Text(f"{group.zh}：{row['says_zh']}", f"from {group.en}: {row['says_en']}")
        screen.item(f"  · {said.say(screen.language)}", style)


def _yuan(fen: int) -> str:
    return f"{fen / _FEN:,.2f}"
