"""All checks of a playbook, in one tuple; everything is found at once."""

from __future__ import annotations

from pathlib import Path

from basekeep.checks import expressions, names, overlays, unused, windows
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.loading import Loaded, load
from basekeep.playbook.meaning import Meaning

CHECKS = (expressions.check, windows.check, overlays.check, names.check, unused.check)


def check_playbook(loaded: Loaded) -> tuple[Finding, ...]:
    """All findings of a loaded playbook, in the order of files and lines."""
    found = list(loaded.findings)
    if loaded.playbook is not None:
        meaning = Meaning(loaded.playbook)
        for check in CHECKS:
            found.extend(check(meaning, loaded.sources))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.place))


def sound_playbook(folder: Path, shown: str = "playbook") -> Playbook:
    """The playbook of a folder, checked as a whole.

    Raises:
        FindingsError: something is wrong; all of it is in the findings.
    """
    loaded = load(folder, shown)
    errors = [finding for finding in check_playbook(loaded) if finding.severity == "error"]
    if errors or loaded.playbook is None:
        what = Text(
            f"策略手册有 {len(errors)} 处错误，没有运行", f"the playbook has {len(errors)} errors; nothing was run"
        )
        raise FindingsError("playbook.errors", what, errors)
    return loaded.playbook
