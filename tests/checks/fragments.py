"""Writes small playbooks into a folder and gives what the checks find in them."""

from __future__ import annotations

from pathlib import Path

from basekeep.checks.playbook import check_playbook
from basekeep.kernel.findings import Finding
from basekeep.playbook.loading import load

HEAD = "playbook: {name: {zh: 试, en: trial}, history_months: 14}\n"


def found(folder: Path, **files: str) -> tuple[Finding, ...]:
    """The findings of a playbook of these files, by name without ending; `overlays__C1` lies in `overlays/C1.yaml`.

    A file `head` is there unless one is given.
    """
    for name, text in {"head": HEAD, **files}.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return check_playbook(load(folder))


def errors(folder: Path, **files: str) -> list[tuple[str, str]]:
    """Each error as its place and code."""
    return [(str(one.place), one.code) for one in found(folder, **files) if one.severity == "error"]


def condition(expression: str, more: str = "") -> str:
    """A file with one metric whose condition stands at line 4 from column 11."""
    return f"metrics:\n  m:\n    name: {{zh: 甲, en: A}}\n    when: {expression}\n{more}"


def only(folder: Path, expression: str, more: str = "") -> Finding:
    """The one finding of a metric with this condition."""
    (finding,) = (one for one in found(folder, m=condition(expression, more)) if one.severity == "error")
    return finding


def place_of(token: str, text: str, file: str) -> str:
    """Where a token stands in a file's text, for the last time."""
    at = text.rindex(token)
    return f"playbook/{file}.yaml:{text.count(chr(10), 0, at) + 1}:{at - text.rfind(chr(10), 0, at)}"
