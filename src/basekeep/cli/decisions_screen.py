"""What a run says of its decisions: where everybody went, what it is worth by campaign, what limits it, who is held out."""

from __future__ import annotations

from typing import Any

from basekeep.cli.screen import Screen, percent
from basekeep.kernel.text import Text

Rows = list[dict[str, Any]]
BY_CAMPAIGN = "decisions_by_campaign"
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
    if found:
        found[BY_CAMPAIGN] = _by_campaign(record, decision_file("decision"))
    return found


def _by_campaign(record: Any, file: str) -> Rows:
    """Of each campaign of the playbook, what is done in its name; money in fen."""
    import pyarrow.parquet as pq

    record.verify(file)
    chosen = pq.read_table(record.folder / file, columns=["campaign", "cost_fen", "expected_fen"])
    sums = chosen.group_by("campaign").aggregate([("campaign", "count"), ("cost_fen", "sum"), ("expected_fen", "sum")])
    of = {row["campaign"]: row for row in sums.to_pylist()}
    nothing = {"campaign_count": 0, "cost_fen_sum": 0, "expected_fen_sum": 0}
    return [
        {
            "campaign": name, "name_zh": declared.name.zh, "name_en": declared.name.en,
            "contacts": row["campaign_count"], "cost_fen": row["cost_fen_sum"], "expected_fen": row["expected_fen_sum"],
        }
        for name, declared in record.playbook().campaigns.items()
        for row in [of.get(name, nothing)]
    ]  # fmt: skip


def show_decisions(screen: Screen, found: dict[str, Rows]) -> None:
    """Buckets, figures, campaigns, the limits that bind, the hold-outs."""
    if not found:
        return
    _show_buckets(screen, found["decision_waterfall"])
    for row in found["allocation"]:
        _show_allocation(screen, row)
    _show_campaigns(screen, found[BY_CAMPAIGN])
    _show_limits(screen, found["constraint"])
    names = {row["campaign"]: Text(row["name_zh"], row["name_en"]) for row in found[BY_CAMPAIGN]}
    _show_hold_outs(screen, found["hold_out_summary"], names)


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
        f"从 {row['candidates']:,} 个候选中选出 {row['contacts']:,} 次接触，期望价值 {value} 元（已扣成本 {cost} 元）。任何选法都不会超过 {bound} 元，所以离最好的至多差 {_gap(row['gap'])}。",
        f"{row['contacts']:,} contacts chosen from {row['candidates']:,} candidates, worth {value} yuan after {cost} of cost. No choice at all is worth more than {bound}, so the best is {_gap(row['gap'])} away at most.",
    ))  # fmt: skip


def _gap(gap: float) -> str:
    return f"{gap * 100:.3g}%"


def _show_campaigns(screen: Screen, rows: Rows) -> None:
    heads = [Text("营销活动", "Campaign"), Text("标识", "Id"), Text("接触", "Contacts"),
             Text("期望价值（元）", "Expected value (yuan)"), Text("成本（元）", "Cost (yuan)")]  # fmt: skip
    cells = [
        (Text(r["name_zh"], r["name_en"]), r["campaign"], r["contacts"], _yuan(r["expected_fen"]), _yuan(r["cost_fen"]))
        for r in rows
    ]
    screen.table(Text("各营销活动", "By campaign"), heads, cells, numbers=(2, 3, 4))


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
        screen.say(
            Text(
                "  … 全部限制：basekeep export constraint --to 文件.xlsx",
                "  ... all limits: basekeep export constraint --to FILE.xlsx",
            ),
            "dim",
        )


def _show_hold_outs(screen: Screen, rows: Rows, names: dict[str, Text]) -> None:
    """Each control group as a whole, and whether it can prove anything."""
    whole = [row for row in rows if row["city_id"] is None and row["value_band"] is None]
    if whole:
        screen.say(Text("对照组", "Held out"), "bold cyan")
    for row in whole:
        style = "" if row["enough"] else "yellow"
        campaign = row["campaign"]
        group = Text("全局", "everything") if campaign is None else names.get(campaign, Text(campaign, campaign))
        said = Text(f"{group.zh}：{row['says_zh']}", f"From {group.en}: {row['says_en']}")
        screen.item(f"  · {said.say(screen.language)}", style)


def _yuan(fen: int) -> str:
    return f"{fen / _FEN:,.2f}"
