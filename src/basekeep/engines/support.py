"""What each engine can do: declared once, asked before the work, and printed as the table in the documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from basekeep.kernel.text import Text

EngineName = Literal["duckdb", "spark"]
_NONE = Text("", "")
_BOTH: frozenset[EngineName] = frozenset(("duckdb", "spark"))
_HERE: frozenset[EngineName] = frozenset(("duckdb",))
_CLUSTER: frozenset[EngineName] = frozenset(("spark",))


@dataclass(frozen=True, slots=True)
class Support:
    """Which engines can do a thing, in words for the table; `note` says what to do where one cannot."""

    what: Text
    engines: frozenset[EngineName]
    note: Text = _NONE


class Feature(Enum):
    """Everything in which the engines might differ."""

    PARQUET = Support(Text("读 Parquet 文件", "Reading Parquet files"), _BOTH)
    CSV = Support(Text("读带表头的 CSV 文件", "Reading CSV files with a head"), _BOTH)
    CSV_DETAILS = Support(
        Text("自动识别 CSV 的编码与分隔符；其余 read_csv 选项", "Finding a CSV file's encoding and delimiter; read_csv's other options"),
        _HERE,
        Text("写明 encoding、delim；其余情况先转为 Parquet。", "Name encoding and delim; for the rest make Parquet first."),
    )  # fmt: skip
    CSV_BROKEN_LINES = Support(
        Text("CSV 坏行逐行拒收，其余照常入库", "Rejecting broken CSV lines one by one, and going on"),
        _HERE,
        Text("集群读到坏行就停止，没有数据入库。", "A cluster stops at a broken line; nothing is stored."),
    )
    WORKBOOK = Support(
        Text("读 Excel 工作簿", "Reading Excel workbooks"), _HERE, Text("先另存为 CSV 或 Parquet。", "Save it as CSV or Parquet first.")
    )  # fmt: skip
    OTHER_FILES = Support(
        Text("读 JSON 等其他文件", "Reading JSON and other files"), _HERE, Text("先转为 Parquet 或集群的表。", "Make it Parquet or a table of the cluster first.")
    )  # fmt: skip
    CLUSTER_TABLES = Support(
        Text("读集群的表（Hive、Iceberg 等）", "Reading tables of the cluster (Hive, Iceberg and so on)"),
        _CLUSTER,
        Text("导出为 Parquet 再读。", "Export them as Parquet."),
    )
    REJECT_LINES = Support(
        Text("拒收明细带文件名和行号", "Rejected rows with file and line"),
        _HERE,
        Text(
            "集群的行没有文件和行号，明细里有整行内容。",
            "A cluster's rows have neither; the account has the whole row.",
        ),
    )
    REJECTS = Support(
        Text("逐行检查、拒收台账、逐月限度", "Checks of every row, the reject ledger, the limit by month"), _BOTH
    )
    UNCUT_STORE = Support(Text("向按先后排列的存储入库", "Ingest into a store in the order of arrival"), _BOTH)
    CUT_STORE = Support(
        Text("向按用户标识切分的存储入库", "Ingest into a store that is cut by ids"),
        _CLUSTER,
        Text("在 basekeep.yaml 中写 engine: spark。", "Set engine: spark in basekeep.yaml."),
    )
    RUN = Support(Text("运行、重新运行、试改参数", "Runs, runs made again, trying a change"), _BOTH)
    ASK = Support(Text("查询、导出、解释、比较（在提问的机器上）", "Queries, exports, explaining, differences (on the machine that asks)"), _BOTH)  # fmt: skip
    LOCAL_STORE = Support(
        Text("存储放在只有一台机器看得见的磁盘", "A store on a disk that one machine alone sees"),
        _HERE,
        Text(
            "工作区放在所有机器以同一路径看得见的文件夹。",
            "Keep the workspace in a folder that all machines see under one path.",
        ),
    )

    @property
    def support(self) -> Support:
        """Who can."""
        found = self.value
        assert isinstance(found, Support)
        return found
