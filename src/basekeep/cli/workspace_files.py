"""The files of a new workspace: commented settings and the shipped playbook."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from basekeep.contract.tables import TABLES
from basekeep.kernel.errors import CallError
from basekeep.kernel.text import Language, Text
from basekeep.playbook.shipping import shipped_folder
from basekeep.store.disk import disk_errors

_HEAD = """\
# Settings of this workspace 工作区设置
engine: duckdb            # inside this process 进程内引擎; or spark: docs/engines.md 或 spark 集群
language: {language}             # zh or en 界面语言
# memory_limit: 3GB       # half of the machine's by default, the rest goes to disk 默认本机一半，超出部分落盘
# threads: 2              # all of the machine's by default 默认用全部核
# reject_limit: 0.01      # share of the rows of each month that may be rejected 每月允许拒收的行占比

# One select per table that you have; paths are relative to this folder.
# 每张表写一条 select，路径相对于本文件夹。列名按约定改名，如：select SERV_ID as subscriber_id, ...
# Files: CSV (UTF-8 or GB18030, .gz), Parquet, Excel. 支持 CSV（UTF-8 或 GB18030，可 .gz）、Parquet、Excel。
"""
_OVERLAYS = """\
一市一案：为一个地市或区县另设参数，不必复制策略手册。
文件名是 org_unit 的 unit_id，如 C01.yaml；内容如下，参数见 ../parameters.yaml。

One city, one plan: other values for a city or county, without copying the playbook.
The file's name is a unit_id of org_unit, C01.yaml say; it holds the following, with parameters of ../parameters.yaml.

name: {zh: 示例市, en: Example city}
parameters:
  usage_low_share: 45%
  small_recharge_yuan: 20
"""
_EXAMPLES = {
    # As an operator exports it: GB18030 with Chinese headings, one file a month.
    "subscriber_month": "select \"用户标识\" as subscriber_id, ... from read_csv('data/subscriber_month_*.csv')",
    "org_unit": "select * from read_xlsx('data/机构.xlsx')",
    "staff": "select * from read_csv('data/staff.csv.gz')",
}
_LONGEST = 110


def settings_text(language: Language, tables: Mapping[str, str]) -> str:
    """The text of `basekeep.yaml`; without tables, one commented example for each contract table."""
    text = _HEAD.format(language=language)
    if tables:
        return text + "tables:\n" + "".join(f"  {name}: {_scalar(select)}\n" for name, select in tables.items())
    lines = ["tables:\n"]
    for name, table in TABLES.items():
        required = ", ".join(column.name for column in table.columns if column.required)
        select = _EXAMPLES.get(name, f"select * from read_parquet('data/{name}.parquet')")
        lines.append(f"  # {table.label.zh} {table.label.en}; required 必需: {required}\n  # {name}: {select}\n")
    return text + "".join(lines)


def _scalar(select: str) -> str:
    """A long select stands below its key, folded at its commas."""
    if len(select) <= _LONGEST:
        return select
    lines = [""]
    for piece in select.split(", "):
        if len(lines[-1]) + len(piece) > _LONGEST:
            lines.append("")
        lines[-1] += f"{piece}, "
    return ">-\n" + "\n".join(f"    {line.strip()}" for line in lines).rstrip(",")


def make_workspace(folder: Path, language: Language, tables: Mapping[str, str] | None = None) -> None:
    """Make the folder with `basekeep.yaml` and `playbook/`.

    Raises:
        CallError: the folder is there and not empty.
        WorkError: it cannot be written.
    """
    with disk_errors():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CallError(
                "new.not_empty",
                Text(f"{folder} 已存在且不是空文件夹", f"{folder} exists and is not an empty folder"),
                Text("换一个名字，或先移走其中的文件。", "Choose another name, or move its files away first."),
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_workspace(folder, language, tables or {})


def write_workspace(folder: Path, language: Language, tables: Mapping[str, str]) -> None:
    """Write the settings and the playbook into a folder."""
    with disk_errors():
        (folder / "basekeep.yaml").write_text(settings_text(language, tables), encoding="utf-8")
        shutil.copytree(shipped_folder(), folder / "playbook", dirs_exist_ok=True)
        (folder / "playbook" / "overlays").mkdir(exist_ok=True)
        (folder / "playbook" / "overlays" / "README.txt").write_text(_OVERLAYS, encoding="utf-8")
