"""Whether a folder's rights bind this user; they do not bind a superuser with all its powers."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest


def _bind() -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o500)
        try:
            (folder / "try").touch()
        except PermissionError:
            return True
        finally:
            folder.chmod(0o700)
    return False


needs_rights = pytest.mark.skipif(not _bind(), reason="this user may write anywhere, whatever a folder's rights say")
