"""The settings of a workspace, from the model that checks them."""

from __future__ import annotations

from basekeep.reference.markdown import cell, code, table
from basekeep.store.settings import Settings


def settings_section() -> str:
    """The keys of `basekeep.yaml`."""
    rows = [
        (
            code(name),
            cell(field.description or ""),
            "" if field.default is None or field.default_factory else code(field.default),
        )
        for name, field in Settings.model_fields.items()
    ]
    return table(("键 key", "说明 meaning", "缺省 default"), rows)
