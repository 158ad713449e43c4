"""What a run says of the enterprise upgrade, in a few lines: whom the policies serve, rewards, devices, benchmark projects."""

from __future__ import annotations

from typing import Any

from basekeep.cli.found import found_rows
from basekeep.cli.screen import Screen
from basekeep.kernel.text import Text

_FEN = 100
_CLASSES = "SELECT policy_class, policy_zh, policy_en, count(*) AS lines FROM policy_line GROUP BY ALL ORDER BY lines DESC, policy_class"
_FIGURES = (
    "SELECT (SELECT coalesce(sum(lines), 0) FROM reward_total) AS completed, "
    "(SELECT coalesce(sum(total_fen), 0) FROM reward_total) AS reward_fen, "
    "(SELECT coalesce(sum(budget_fen), 0) FROM marketing_cost) AS budget_fen, "
    "(SELECT count(*) FROM replacement_device WHERE choice = 1) AS replaced, "
    "(SELECT count(DISTINCT group_id) FROM group_package) AS groups, "
    "(SELECT coalesce(sum(target_lines), 0) FROM breakdown WHERE parent_id IS NULL) AS goal"
)
_PROJECTS = (
    "SELECT city_id, place, group_id, score, why_zh, why_en, review_zh, review_en FROM benchmark_project "
    "WHERE completed_lines IS NOT NULL QUALIFY row_number() OVER (PARTITION BY city_id, place ORDER BY month DESC) = 1 "
    "ORDER BY city_id, place"
)


def upgrade_found(opened: Any, run_id: str, progress: Any) -> dict[str, list[dict[str, Any]]]:
    """What there is to show."""
    asked = {"policy_classes": _CLASSES, "upgrade_figures": _FIGURES, "benchmark_projects": _PROJECTS}
    return {name: found_rows(opened, sql, run_id, progress) for name, sql in asked.items()}


def show_upgrade(screen: Screen, found: dict[str, list[dict[str, Any]]]) -> None:
    """The classes, one sentence of figures, the benchmark projects."""
    heads = [Text("政企4升5政策类别", "Policy class of the enterprise upgrade"), Text("待升级户数", "Lines to upgrade")]
    rows = [(Text(row["policy_zh"], row["policy_en"]), row["lines"]) for row in found["policy_classes"]]
    screen.table(None, heads, rows, numbers=(1,))
    (of,) = found["upgrade_figures"]
    reward, budget = (f"{int(of[name]) / _FEN:,.2f}" for name in ("reward_fen", "budget_fen"))
    screen.say(Text(
        f"当月竣工 {of['completed']:,} 户，激励 {reward} 元（营销预算 {budget} 元）；为 {of['groups']:,} 个目标集团的 {of['replaced']:,} 台老旧终端推荐了 5G 终端；分解到支局的目标 {of['goal']:,} 户。",
        f"Completed this month: {of['completed']:,} lines, {reward} yuan of rewards (budget {budget}); 5G devices offered for {of['replaced']:,} ageing ones in {of['groups']:,} target groups; a goal of {of['goal']:,} lines broken down to the branches.",
    ))  # fmt: skip
    if found["benchmark_projects"]:
        heads = [
            Text("地市", "City"),
            Text("集团", "Group"),
            Text("分值", "Score"),
            Text("为什么", "Why"),
            Text("盘点", "Review"),
        ]
        cells = [
            (
                r["city_id"],
                r["group_id"],
                r["score"],
                Text(r["why_zh"], r["why_en"]),
                Text(r["review_zh"], r["review_en"]),
            )
            for r in found["benchmark_projects"]
        ]
        screen.table(Text("本季标杆项目", "Benchmark projects of the quarter"), heads, cells, numbers=(2,))
