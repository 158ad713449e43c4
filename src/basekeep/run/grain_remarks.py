"""What is wrong with groups and their lines, counted, while every rule goes on with what is there."""

from __future__ import annotations

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import GROUP_ACCOUNT
from basekeep.engines.protocol import Session
from basekeep.engines.sql_text import parquet_scans
from basekeep.kernel.text import Text
from basekeep.playbook.grains import GROUP
from basekeep.relations.members import GROUP_ID
from basekeep.run.plan import Plan
from basekeep.run.remarks import Remark
from basekeep.run.stored import stored_paths


def grain_remarks(plan: Plan, session: Session, figures: str) -> list[Remark]:
    """Lines of groups that are not there, and groups without a line; nothing where no rules are about groups."""
    accounts = stored_paths(plan, GROUP_ACCOUNT.name)
    about_groups = any(compiled.grain is GROUP and compiled.member_terms() for compiled in plan.compiled.grains)
    if not accounts or not about_groups:
        return []
    stored = f"(SELECT group_id FROM {parquet_scans(accounts)})"
    lines = f"(SELECT {GROUP_ID} AS group_id FROM {figures} WHERE {GROUP_ID} IS NOT NULL)"
    strange = session.rows(f"SELECT count(*) FROM {lines} l ANTI JOIN {stored} a USING (group_id)")[0][0]
    empty = session.rows(f"SELECT count(*) FROM {stored} a ANTI JOIN {lines} l USING (group_id)")[0][0]
    return [
        Remark(
            "subscriber_month.unknown_group", SUBSCRIBER_MONTH.name, int(strange),
            Text("所属集团不在集团表中的用户；这些集团不参加集团规则", "lines of groups that are not in group_account; no rule judges these groups"),
            Text("在 group_account 中补上这些集团，或改正 group_id。", "Add these groups to group_account, or correct group_id."),
        ),
        Remark(
            "group_account.no_lines", GROUP_ACCOUNT.name, int(empty),
            Text("没有存量用户的集团；照常按收入与余额判断", "groups without a line in the base; their revenue and balance are judged all the same"),
            Text("核对这些集团是否已销户。", "See whether these groups have left."),
        ),
    ]  # fmt: skip
