"""All checks of a playbook, in one tuple; everything is found at once."""

from __future__ import annotations

from pathlib import Path

from basekeep.checks import (
    channels,
    contact_policy,
    decisions,
    expressions,
    names,
    offers,
    overlays,
    scripts,
    unused,
    upgrade,
    whatif,
)
from basekeep.kernel.errors import FindingsError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Text
from basekeep.playbook.declarations import Playbook
from basekeep.playbook.loading import Loaded, load
from basekeep.playbook.meaning import Meaning

CHECKS = (
    expressions.check, overlays.check, names.check, scripts.check, upgrade.check, channels.check, offers.check,
    contact_policy.check, decisions.check, whatif.check, unused.check,
)  # fmt: skip
# What follows of itself where a whole file, or a whole section of it, could not be read.
_MISSING = ("expression.unknown_name", "expression.unknown_segment", "overlay.unknown_parameter",
            "playbook.unknown_metric", "playbook.unknown_segment", "playbook.unknown_channel", "playbook.unknown_campaign",
            "playbook.unknown_offer", "playbook.not_served", "decisions.missing", "upgrade.unknown_metric", "playbook.script_blank", "whatif.unknown_name",
            "parameter.unused")  # fmt: skip
_UNREADABLE = ("yaml.broken", "yaml.unreadable", "yaml.too_large", "yaml.too_deep")


def check_playbook(loaded: Loaded) -> tuple[Finding, ...]:
    """All findings of a loaded playbook, in the order of files and lines."""
    found = list(loaded.findings)
    if loaded.readable is not None:
        unreadable = any(finding.code in _UNREADABLE for finding in found)
        unreadable = unreadable or any(not name for _, name in loaded.broken)
        meaning = Meaning(loaded.readable, loaded.broken)
        for check in CHECKS:
            found.extend(f for f in check(meaning, loaded.sources) if not (unreadable and f.code in _MISSING))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.place))


def sound_playbook(folder: Path, shown: str = "playbook") -> Playbook:
    """The playbook of a folder, checked as a whole.

    Raises:
        FindingsError: something is wrong; all of it is in the findings.
    """
    loaded = load(folder, shown)
    errors = [finding for finding in check_playbook(loaded) if finding.severity == "error"]
    if errors or loaded.playbook is None:
        many = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        what = Text(f"策略手册有 {len(errors)} 处错误，没有运行", f"the playbook has {many}; nothing was run")
        raise FindingsError("playbook.errors", what, errors)
    return loaded.playbook
