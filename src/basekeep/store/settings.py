"""What `basekeep.yaml` may hold: keys, kinds and defaults. Reads no file."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from basekeep.kernel.text import Language

SqlSelect = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Settings(BaseModel):
    """The settings of a workspace, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["duckdb"] = Field("duckdb", description="what runs the SQL")
    language: Language = Field("zh", description="zh or en: the language of screens and messages")
    tables: dict[str, SqlSelect] = Field(default_factory=dict, description="one select per table that you have")
    memory_limit: str = Field(
        "3GB", pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$", description="memory for data, such as 3GB; the rest goes to disk"
    )
    threads: int | None = Field(None, ge=1, le=1024, description="threads to use; all of the machine's by default")
    reject_limit: Decimal = Field(
        Decimal("0.01"), ge=0, le=1, description="share of a month's rows that may be rejected before nothing is stored"
    )
