"""The pages: file name → text. A test fails when the committed files are not these."""

from __future__ import annotations

from basekeep.checks.playbook import sound_playbook
from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import TABLES
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.shipping import shipped_folder
from basekeep.reference.columns import columns_table
from basekeep.reference.commands import commands_section
from basekeep.reference.engines import engines_section
from basekeep.reference.keys import keys_section
from basekeep.reference.language import built_ins_section, expressions_section, functions_section, grains_section
from basekeep.reference.markdown import page
from basekeep.reference.settings import settings_section, spark_section
from basekeep.reference.shipped import shipped_section
from basekeep.reference.tables_out import tables_out_section

_MADE = "<!-- Made from the code by `python -m basekeep.reference`. Do not edit. 由代码生成，请勿手改。 -->"


def pages() -> dict[str, str]:
    """Every reference page, by its file name in `docs/`."""
    playbook = sound_playbook(shipped_folder())
    return {
        "playbook_reference.md": _playbook_page(playbook),
        "tables_reference.md": _tables_page(playbook),
        "command_reference.md": _command_page(),
        "engines.md": _engines_page(),
    }


def _playbook_page(playbook: Playbook) -> str:
    return page(
        "# 策略手册参考 · Playbook reference",
        _MADE,
        "策略手册是工作区 `playbook/` 里的全部 `*.yaml`；哪个名称写在哪个文件里都可以，同一名称只能声明一次。"
        "`overlays/<unit_id>.yaml` 给一个地市或区县另设参数：一市一案。术语见 [glossary.md](glossary.md)。",
        "The playbook is every `*.yaml` in the workspace's `playbook/`; any name may stand in any file, each once. "
        "`overlays/<unit_id>.yaml` gives one city or county its own parameters. Terms are in [glossary.md](glossary.md).",
        "## 键 · Keys",
        keys_section(),
        "## 表达式 · Expressions",
        "运行月为 m0，前一个月为 m1，依此类推。空单元格是“未知”，未知参与的比较也是未知（三值逻辑）；只有“真”才算成员。"
        "与界限的比较是精确的，不经过浮点舍入。",
        "The month of the run is m0, the month before it m1, and so on. An empty cell is *unknown*, and so is a comparison "
        "with it (three-valued logic); only *true* makes a member. Comparisons with a limit are exact, never rounded.",
        expressions_section(),
        "### 函数 · Functions",
        functions_section(),
        "### 内置的量 · Built-in quantities",
        built_ins_section(),
        "### 集团与机构的量 · Of groups and of org units",
        "集团与机构的规则用这些量；关于用户的一切写在函数里，如 `members(on_4g)`、`member_mean(device_age_months, on_4g)`。",
        "Rules of groups and of org units name these; whatever is about subscribers stands in a function: `members(on_4g)`, "
        "`member_mean(device_age_months, on_4g)`.",
        grains_section(),
        "### 列 · Columns of `subscriber_month`",
        "带 ● 的列必须有；其余的列没有时，用到它的比较为未知。",
        "Columns marked ● are required; where another is absent, a comparison with it is unknown.",
        columns_table(SUBSCRIBER_MONTH),
        "## 自带策略手册 · The shipped playbook",
        shipped_section(playbook),
    )


def _tables_page(playbook: Playbook) -> str:
    tables_in = [
        f"### `{table.name}` {table.label.zh} · {table.label.en}\n\n{columns_table(table)}"
        for table in TABLES.values()
        if table is not SUBSCRIBER_MONTH
    ]
    return page(
        "# 表参考 · Tables reference",
        _MADE,
        "## 输入表 · Tables in",
        "在 `basekeep.yaml` 的 `tables` 下为每张表写一条 select，列名用这里的名称；带 ● 的列必须有，其余可缺。"
        "number 以四位小数精确保存。`subscriber_month` 的列见 [playbook_reference.md](playbook_reference.md)。",
        "Under `tables` in `basekeep.yaml` write one select per table, with these column names; columns marked ● are "
        "required, the others may be absent. A number is kept exactly, with four decimals. The columns of "
        "`subscriber_month` are in [playbook_reference.md](playbook_reference.md).",
        *tables_in,
        "## 输出表 · Tables out",
        "以自带策略手册的一次运行为例。",
        "As a run of the shipped playbook gives them.",
        tables_out_section(playbook),
    )


def _command_page() -> str:
    return page(
        "# 命令参考 · Command reference",
        _MADE,
        "退出码：0 完成；1 没有办成，什么都没有改动；2 命令写错了。在终端有进度条，在管道中没有。",
        "Exit status: 0 done; 1 the work failed and nothing was changed; 2 the call was wrong. Long work shows a progress "
        "bar on a terminal and none in a pipe.",
        commands_section(),
        "## `basekeep.yaml`",
        "工作区的设置。Settings of a workspace.",
        settings_section(),
        "### `spark`",
        "`engine: spark` 时用到的设置。Settings that count with `engine: spark`.",
        spark_section(),
    )


def _engines_page() -> str:
    return page(
        "# 引擎 · Engines",
        _MADE,
        "`engine: duckdb` 在本进程里做完全部工作；`engine: spark` 由运营商自己的 Spark 集群读表、按用户标识切分，"
        "各工作节点对自己的分片做与单机完全相同的计算，结果逐值相同。为什么这样做见 "
        "[decisions/0007](decisions/0007-spark-carries-shards.md)。",
        "`engine: duckdb` does all the work inside this process. With `engine: spark` the operator's own cluster reads the "
        "tables and cuts them by subscriber id, and its workers do with each shard what one machine does with all: the "
        "results are the same, value by value. Why it is so: [decisions/0007](decisions/0007-spark-carries-shards.md).",
        "```yaml\nengine: spark\nspark:\n  master: spark://host:7077   # yarn, local[4]\n  shards: 128"
        "                 # 空存储切成几片，以后不变 · into how many shards an empty store is cut, for good\n"
        "  worker_memory: 1GB\n  options: {spark.executor.memory: 4g}\n```",
        "每台机器需要：Python 3.11 以上并装有 basekeep（可用 `spark.archives` 随作业分发），Java 17，"
        "以及以同一路径看到工作区文件夹。",
        "Every machine needs Python 3.11 or later with basekeep (`spark.archives` can send it along), Java 17, and the "
        "workspace's folder under the same path.",
        engines_section(),
    )
