"""Where the shipped playbook lies."""

from __future__ import annotations

from pathlib import Path


def shipped_folder() -> Path:
    """The folder of the shipped playbook's YAML."""
    return Path(__file__).with_name("shipped")
