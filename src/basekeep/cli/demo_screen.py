"""What the demonstration shows at its end: the findings in plain words, where the files lie, what to try next."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from basekeep.cli.families import show_sizes
from basekeep.cli.running import show_segments
from basekeep.cli.screen import Screen, percent
from basekeep.kernel.text import Text
from basekeep.playbook.numbers import number_shown

_SHOWN_MONTHS, _SHOWN_YEARS = 12, 8
# The first document's own figures: report, key (None: all), share, what it is.
_DOCUMENT = (
    ("healthy_by_tenure_year", None, 0.32, Text("余额健康占比，全部用户", "Healthy balance, all")),
    ("healthy_by_tenure_year", 1, 0.41, Text("余额健康占比，在网一年", "Healthy balance, one year")),
    ("healthy_by_tenure_year", 2, 0.55, Text("余额健康占比，在网两年", "Healthy balance, two years")),
    ("low_by_tenure_month", 3, 0.57, Text("低余额占比，新增第三个月", "Low balance, third month")),
    ("low_by_tenure_month", None, 0.37, Text("低余额占比，全部用户", "Low balance, all")),
)


def show_found(
    screen: Screen, report: Any, record: Any, tables: dict[str, Any], top: list[dict[str, Any]], sizes: dict[int, int]
) -> None:
    """What came in, the segments, the families, the balance of the base, and the top of the list."""
    read, rejected = (sum(getattr(ledger, part) for ledger in report.ledgers) for part in ("read", "rejected"))
    counts = record.counts
    screen.say(Text(
        f"\n读入 {read:,} 行，拒收 {rejected:,} 行。2025-12 存量用户 {counts['base']:,}，归群 {counts['memberships']:,} 人次，4升5目标 {counts['target__upgrade_5g']:,} 人。",
        f"\nRead {read:,} rows, rejected {rejected:,}. Base in 2025-12: {counts['base']:,}; memberships: {counts['memberships']:,}; 4G to 5G targets: {counts['target__upgrade_5g']:,}.",
    ), "bold")  # fmt: skip
    show_segments(screen, tables["segment_summary"])
    show_sizes(screen, counts["families"], counts["family_members"], sizes)
    _balance(screen, tables["report"])
    _show_top(screen, top)


def _balance(screen: Screen, rows: list[dict[str, Any]]) -> None:
    by = {(row["report"], row["key"]): row for row in rows}
    for report, most in (("healthy_by_tenure_year", _SHOWN_YEARS), ("low_by_tenure_month", _SHOWN_MONTHS)):
        of = [row for row in rows if row["report"] == report and row["key"] is not None and 0 <= row["key"] <= most]
        heads = [Text("在网年" if "year" in report else "在网月", "Years" if "year" in report else "Month"), Text("占比", "Share"),
                 Text("人数", "Subscribers"), Text("", "")]  # fmt: skip
        cells = [
            (int(r["key"]), percent(r["share"]), r["denominator"], "█" * round((r["share"] or 0) * 30)) for r in of
        ]
        screen.table(Text(of[0]["name_zh"], of[0]["name_en"]), heads, cells, numbers=(0, 1, 2))
    heads = [Text("文件原文的五个数", "The document's five figures"), Text("原文", "Document"), Text("本次", "Here")]
    cells2 = [(said, percent(share), percent(by[report, key]["share"])) for report, key, share, said in _DOCUMENT]
    screen.table(None, heads, cells2, numbers=(1, 2))


def _show_top(screen: Screen, top: list[dict[str, Any]]) -> None:
    heads = [
        Text("名次", "Rank"),
        Text("用户", "Subscriber"),
        Text("分值", "Points"),
        Text("主推", "Lead with"),
        Text("理由", "Reasons"),
    ]
    joined = "；".join if screen.language == "zh" else "; ".join
    cells = [
        (
            r["rank"],
            r["subscriber_id"],
            r["points"],
            r[f"lead_{screen.language}"],
            joined(r[f"reasons_{screen.language}"]),
        )
        for r in top
    ]
    screen.table(
        Text("4升5 名单前十（+ 得分项，- 失分项）", "Top of the 4G to 5G list (+ earned, - missed)"),
        heads,
        cells,
        numbers=(0, 2),
    )
    if top:
        screen.say(Text(f"话术示例：{top[0]['script_zh']}", f"Its talk script: {top[0]['script_en']}"), "italic")


def show_target_groups(screen: Screen, rows: list[dict[str, Any]]) -> None:
    """The groups most worth moving to 5G, with what they look like."""
    heads = [Text("名次", "Rank"), Text("集团", "Group"), Text("4G用户", "4G lines"), Text("终端月数", "Device age"),
             Text("最多品牌", "Commonest brand"), Text("占比", "Share"), Text("国产高端", "Domestic high-end"),
             Text("期望价值（元）", "Expected value (yuan)")]  # fmt: skip
    cells = [
        (r["rank"], r["group_id"], r["lines_4g"], r["device_age_mean"], r["largest_brand"], percent(r["largest_brand_share"]),
         r["domestic_high_end_lines"], r["rank_value"])
        for r in rows
    ]  # fmt: skip
    if cells:
        screen.table(Text("4升5目标集团", "Target groups for 4G to 5G"), heads, cells, numbers=(0, 2, 3, 5, 6, 7))


def show_what_if(screen: Screen, answer: Any) -> None:
    """What moving them up would bring, in one line."""
    of = {line.name: number_shown(line.value, line.unit, places=0 if line.unit else 2) for line in answer.results}
    claimed = number_shown(answer.held.claim.value)
    screen.say(Text(
        f"\n4升5推算：每周期新增5G用户 {of['new_users']} 户，另加装副卡 {of['new_lines']} 条，升级包月收入 {of['revenue']} 元，激励成本 {of['cost']} 元；拉动增长 {of['growth']}，而文件说接近 {claimed}（whatif 逐行列出算式）。",
        f"\nWhat-if of the 4G to 5G upgrade: {of['new_users']} new 5G users a period, {of['new_lines']} secondary-card lines besides, {of['revenue']} yuan a month from packs, {of['cost']} yuan of rewards; growth {of['growth']}, where the document says nearly {claimed} (whatif shows every formula).",
    ))  # fmt: skip


def show_work_list(screen: Screen, rows: list[dict[str, Any]]) -> None:
    """The first contacts of the month after, with the words of the first."""
    language = screen.language
    heads = [Text("哪天", "On"), Text("用户", "Subscriber"), Text("营销案", "Offer"), Text("渠道", "Channel"), Text("机构", "Unit"),
             Text("人员", "Staff"), Text("期望价值（元）", "Expected value (yuan)")]  # fmt: skip
    cells = [
        (str(r["contact_on"]), r["subscriber_id"], r[f"offer_{language}"], r[f"channel_{language}"], r["unit_id"] or "",
         r["staff_id"] or "", r["expected"])
        for r in rows
    ]  # fmt: skip
    if cells:
        screen.table(Text("工作清单的前几条", "The work list begins"), heads, cells, numbers=(6,))
        screen.say(Text(f"话术：{rows[0]['script_zh']}", f"To be said: {rows[0]['script_en']}"), "italic")


def show_next(screen: Screen, folder: Path, record: Any, who: str, groups: list[dict[str, Any]]) -> None:
    """Where the files lie, and commands to try on them."""
    screen.say(Text("\n文件在哪里", "\nWhere the files lie"), "bold cyan")
    for place, what in (
        (folder / "basekeep.yaml", Text("设置", "settings")),
        (folder / "playbook", Text("策略手册，可以改", "the playbook, yours to change")),
        (folder / "data", Text("模拟运营商的表（truth/ 是真相）", "the operator's tables (truth/ holds the truth)")),
        (record.folder, Text("本次运行", "this run")),
    ):
        screen.line(f"  {place}  {what.say(screen.language)}")
    command, where = _command(), f"-w {folder}"
    screen.say(Text("\n接下来可以试", "\nCommands to try next"), "bold cyan")
    for line in (
        f"{command} explain {who} {where}",
        *([f"{command} explain --group {groups[0]['group_id']} {where}"] if groups else []),
        f"{command} diff --set usage_low_share=45% {where}",
        f"{command} simulate --set budget=-20% {where}",
        f"{command} whatif upgrade --picture upgrade.svg {where}",
        f"{command} export target --to upgrade_list.xlsx {where}",
        f"{command} export action --to work_list.xlsx {where}",
    ):
        screen.line(f"  {line}", "green")


def _command() -> str:
    """How this program was called, so that the commands can be copied as they are."""
    called = Path(sys.argv[0])
    found = shutil.which("basekeep")
    if called.name != "basekeep" or (found and called.exists() and Path(found).samefile(called)):
        return "basekeep"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(called)
