"""The tables that an operator maps onto the contract."""

from __future__ import annotations

from basekeep.contract.columns import Column, Table, count, day, flag, minutes, money, share, text
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.kernel.text import Text

# From the whole operator down.
ORG_LEVELS = ("province", "city", "county", "branch", "grid")

ORG_UNIT = Table(
    "org_unit",
    Text("组织机构", "Organisation unit"),
    (
        text("unit_id", "机构标识", "Unit id", required=True),
        # Required as a column; the unit at the top leaves the cell empty.
        text("parent_id", "上级机构", "Parent unit", required=True, none=True),
        text("level", "层级", "Level", required=True, values=ORG_LEVELS),
        text("name", "名称", "Name", required=True),
        text("name_en", "英文名称", "English name"),
    ),
    key=("unit_id",),
)  # fmt: skip

STAFF = Table(
    "staff",
    Text("人员", "Staff"),
    (
        text("staff_id", "工号", "Staff id", required=True),
        text("unit_id", "机构标识", "Unit id"),
        text("role", "岗位", "Role",
             values=("hall", "community_manager", "telephone_manager", "account_manager")),
        text("name", "姓名", "Name", personal=True),
        count("capacity_per_day", "日容量", "Capacity per day", upper=100_000),
        flag("active", "在岗", "Active"),
    ),
    key=("staff_id",),
)  # fmt: skip

GROUP_ACCOUNT = Table(
    "group_account",
    Text("集团客户", "Group account"),
    (
        text("group_id", "集团标识", "Group id", required=True),
        text("name", "名称", "Name"),
        text("class", "集团级别", "Class", values=("A", "B", "C", "D")),
        text("unit_id", "机构标识", "Unit id"),
        text("chief_manager_id", "首席客户经理", "Chief account manager", none=True),
        text("manager_id", "客户经理", "Account manager", none=True),
        text("industry", "行业", "Industry"),
    ),
    key=("group_id",),
)

GROUP_MONTH = Table(
    "group_month",
    Text("集团月表", "Group month"),
    (
        text("group_id", "集团标识", "Group id", required=True),
        day("month", "月份", "Month", required=True),
        money("vnet_revenue", "V网收入", "V-net revenue", upper=1_000_000_000),
        money("leased_line_revenue", "专线收入", "Leased-line revenue", upper=1_000_000_000),
        money("unified_payment", "统付收入", "Unified payment", upper=1_000_000_000),
        money("balance", "账户余额", "Balance", lower=-1_000_000_000, upper=1_000_000_000),
        day("last_visit_date", "最近拜访日期", "Last visit", none=True),
    ),
    key=("group_id", "month"),
    monthly=True,
)

DEVICE_MODEL = Table(
    "device_model",
    Text("终端型号", "Device model"),
    (
        text("device_model_id", "型号标识", "Model id", required=True),
        text("brand", "终端品牌", "Brand"),
        text("name", "型号名称", "Name"),
        flag("is_5g", "5G终端", "5G device"),
        flag("domestic", "国产", "Domestic"),
        money("price", "价格", "Price"),
        day("launched", "上市日期", "Launched"),
    ),
    key=("device_model_id",),
)

DEVICE_STOCK = Table(
    "device_stock",
    Text("终端库存", "Device stock"),
    (
        text("device_model_id", "型号标识", "Model id", required=True),
        text("unit_id", "机构标识", "Unit id", required=True),
        count("available", "可用库存", "Available", upper=100_000_000),
    ),
    key=("device_model_id", "unit_id"),
)

CALL_PAIR = Table(
    "call_pair",
    Text("通话对", "Call pair"),
    (
        day("month", "月份", "Month", required=True),
        text("a_id", "用户甲", "Subscriber a", required=True),
        text("b_id", "用户乙", "Subscriber b", required=True),
        minutes("minutes_ab", "甲叫乙分钟数", "Minutes a to b"),
        minutes("minutes_ba", "乙叫甲分钟数", "Minutes b to a"),
        share("night_share", "夜间占比", "Share at night"),
        flag("via_vnet", "经集团V网", "Through a group network"),
    ),
    key=("month", "a_id", "b_id"),
    monthly=True,
)


BUSINESS_ORDER = Table(
    "business_order",
    Text("业务订单", "Business order"),
    (
        text("order_id", "订单标识", "Order id", required=True),
        text("subscriber_id", "用户标识", "Subscriber id", required=True),
        day("date", "日期", "Date", required=True),
        text("offer_id", "营销案", "Offer"),
        text("channel", "渠道", "Channel"),
        text("unit_id", "机构标识", "Unit id"),
        text("staff_id", "工号", "Staff id"),
        money("amount", "金额", "Amount"),
        day("effective_until", "有效期至", "Effective until", none=True),
    ),
    key=("order_id",),
)

CONTACT_LOG = Table(
    "contact_log",
    Text("接触日志", "Contact log"),
    (
        text("contact_id", "接触标识", "Contact id", required=True),
        text("subscriber_id", "用户标识", "Subscriber id", required=True),
        Column("at", "timestamp", Text("时间", "At"), required=True),
        text("channel", "渠道", "Channel"),
        text("offer_id", "营销案", "Offer"),
        text("unit_id", "机构标识", "Unit id"),
        text("staff_id", "工号", "Staff id"),
        text("result", "结果", "Result",
             values=("assigned", "attempted", "reached", "agreed", "refused", "no_answer", "opted_out")),
    ),
    key=("contact_id",),
)  # fmt: skip

EXCLUSION_LIST = Table(
    "exclusion_list",
    Text("排除名单", "Exclusion list"),
    (
        text("subscriber_id", "用户标识", "Subscriber id", required=True),
        text("reason", "原因", "Reason", required=True),
        day("until", "有效期至", "Until", none=True),
        text("channel", "渠道（空为全部）", "Channel (empty: all)", none=True),
    ),
    key=("subscriber_id", "reason", "channel"),
)

BALANCE_DAY = Table(
    "balance_day",
    Text("每日余额", "Balance of a day"),
    (
        text("subscriber_id", "用户标识", "Subscriber id", required=True),
        day("date", "日期", "Date", required=True),
        money("balance", "余额", "Balance", lower=-1_000_000),
        text("status", "状态", "Status", values=("active", "suspended", "cancelled")),
    ),
    key=("subscriber_id", "date"),
)

FIELD_ACTIVITY = Table(
    "field_activity",
    Text("外勤活动", "Field activity"),
    (
        text("staff_id", "工号", "Staff id", required=True),
        day("date", "日期", "Date", required=True),
        text("kind", "类型", "Kind", values=("round_visit", "leaflet", "poster", "booth", "home_visit")),
        text("unit_id", "机构标识", "Unit id"),
        count("quantity", "数量", "Quantity", unit=""),
        text("subscriber_id", "用户标识", "Subscriber id", none=True),
    ),
)

SATISFACTION = Table(
    "satisfaction",
    Text("满意度", "Satisfaction"),
    (
        text("staff_id", "工号", "Staff id", required=True),
        text("subscriber_id", "用户标识", "Subscriber id", required=True),
        day("date", "日期", "Date", required=True),
        count("score", "评分", "Score", unit="", lower=1, upper=10),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SUBSCRIBER_MONTH, ORG_UNIT, STAFF, GROUP_ACCOUNT, GROUP_MONTH, DEVICE_MODEL, DEVICE_STOCK, CALL_PAIR,
        BUSINESS_ORDER, CONTACT_LOG, EXCLUSION_LIST, BALANCE_DAY, FIELD_ACTIVITY, SATISFACTION,
    )
}  # fmt: skip
