"""What `basekeep.yaml` may hold: keys, kinds and defaults. Reads no file."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from basekeep.kernel.text import Language

_MEMORY = r"^\d+(\.\d+)? ?[KMGT]i?B$"
SqlSelect = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class SparkSettings(BaseModel):
    """Where the cluster is and how it is used."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    master: Annotated[str, Field(min_length=1, description="the cluster: spark://host:7077, yarn, local[4]")] = (
        "local[*]"
    )
    options: Annotated[dict[str, str], Field(description="further settings of Spark, by their own names")] = {}
    shards: Annotated[
        int, Field(ge=1, le=100_000, description="into how many shards an empty store cuts the base, for good")
    ] = 128
    worker_memory: Annotated[str, Field(pattern=_MEMORY, description="memory of one piece of work on a worker")] = "1GB"


class Settings(BaseModel):
    """The settings of a workspace, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["duckdb", "spark"] = Field("duckdb", description="what does the work: this process, or a cluster")
    spark: SparkSettings = Field(default_factory=SparkSettings, description="the cluster of engine: spark")
    language: Language = Field("zh", description="zh or en: the language of screens and messages")
    tables: dict[str, SqlSelect] = Field(default_factory=dict, description="one select per table that you have")
    memory_limit: str | None = Field(
        None,
        pattern=_MEMORY,
        description="memory for data, such as 3GB; half of the machine's by default; the rest goes to disk",
    )
    threads: int | None = Field(None, ge=1, le=1024, description="threads to use; all of the machine's by default")
    reject_limit: Decimal = Field(
        Decimal("0.01"), ge=0, le=1, description="share of a month's rows that may be rejected before nothing is stored"
    )
