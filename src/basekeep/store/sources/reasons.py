"""Why a row is rejected: stable codes, each with its words in both languages and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for which a row is left out: what is wrong, what to do."""

    code: str
    what: Text
    do: Text


# The order is the number under which a checking pass writes a reason down: append, never insert.
_CELL_REASONS = (
    Reason(
        "missing",
        Text("必填单元格为空", "a required cell is empty"),
        Text("在源文件中补上，或在 select 中用 coalesce 给出值。",
             "Fill it in the source file, or give a value with coalesce in the select."),
    ),
    Reason(
        "date_format",
        Text("日期写法与本列多数单元格不同，或不是认得的写法",
             "the date is written otherwise than most of this column, or in no known way"),
        Text("一列只用一种写法：2025-12-31、20251231 或 2025/12/31；其他写法在 select 中用 strptime 转换。",
             "Use one way in a column: 2025-12-31, 20251231 or 2025/12/31; convert others with strptime in the select."),
    ),
    Reason(
        "not_a_date",
        Text("不存在的日期或时间", "no such day or time"),
        Text("在源文件中改正。", "Correct it in the source file."),
    ),
    Reason(
        "not_a_number",
        Text("不是数字", "not a number"),
        Text("去掉千分位逗号、单位和全角数字，例如在 select 中写 replace(列, ',', '')。",
             "Remove thousands marks, units and full-width digits, e.g. replace(column, ',', '') in the select."),
    ),
    Reason(
        "not_whole",
        Text("应为整数", "not a whole number"),
        Text("在源文件中改正，或在 select 中明确取整。", "Correct it in the source file, or round it in the select."),
    ),
    Reason(
        "not_a_flag",
        Text("不是“是/否”值", "not a yes/no value"),
        Text("写 true/false、1/0、t/f、y/n、yes/no 或 是/否。", "Write true/false, 1/0, t/f, y/n, yes/no or 是/否."),
    ),
    Reason(
        "unknown_value",
        Text("不在允许的取值之内", "not one of the values allowed"),
        Text("在 select 中用 case 换成数据规范中的取值。", "Translate it with case in the select to a value of the contract."),
    ),
    Reason(
        "out_of_range",
        Text("超出合理范围", "outside the range of sane values"),
        Text("核对单位和源文件。", "Check the unit and the source file."),
    ),
)  # fmt: skip
_ROW_REASONS = (
    Reason(
        "duplicate_copy",
        Text("与另一行完全相同，只保留一行", "the same as another row; one is kept"),
        Text("通常无须处理；核对是否重复导出。", "Usually nothing; check whether it was exported twice."),
    ),
    Reason(
        "duplicate_conflict",
        Text("同一主键有内容不同的多行，全部不入库", "several different rows of one key; none is stored"),
        Text("在源文件中留下正确的一行，或在 select 中写明取舍规则。",
             "Keep the right one in the source file, or say in the select which one holds."),
    ),
    Reason(
        "broken_line",
        Text("断行：列数不对、引号未闭合或被截断", "broken line: wrong number of columns, open quote or cut short"),
        Text("在源文件中改正该行。", "Correct this line in the source file."),
    ),
)  # fmt: skip

REASONS: dict[str, Reason] = {reason.code: reason for reason in (*_CELL_REASONS, *_ROW_REASONS)}
CELL_REASONS: tuple[str, ...] = tuple(reason.code for reason in _CELL_REASONS)
