"""The settings of a workspace, from the model that checks them."""

from __future__ import annotations

from pydantic import BaseModel

from basekeep.reference.markdown import cell, code, table
from basekeep.store.settings import Settings, SparkSettings


def settings_section() -> str:
    """The keys of `basekeep.yaml`."""
    return _keys(Settings)


def spark_section() -> str:
    """The keys under `spark`."""
    return _keys(SparkSettings)


def _keys(model: type[BaseModel]) -> str:
    rows = [
        (
            code(name),
            cell(field.description or ""),
            "" if field.default is None or field.default_factory else code(field.default),
        )
        for name, field in model.model_fields.items()
    ]
    return table(("键 key", "说明 meaning", "缺省 default"), rows)
