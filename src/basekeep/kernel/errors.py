"""The family of errors that reach a person.

BasekeepError
├── CallError      the call was wrong: exit status 2
│   └── CallFindingsError   several things in it; carries all of them
└── WorkError      the work failed and nothing was changed: exit status 1
    ├── FindingsError   checks found errors; carries all of them
    ├── BusyError       another process is writing to this workspace
    └── DamageError     a stored file is not what its manifest says
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Language, Text


class BasekeepError(Exception):
    """An error with a stable code and a text in both languages."""

    exit_status: ClassVar[int] = 1

    def __init__(self, code: str, what: Text, do: Text | None = None) -> None:
        super().__init__(f"[{code}] {what.en}")
        self.code = code
        self.what = what
        self.do = do

    def __reduce__(self) -> tuple[Any, ...]:
        """It can be carried from one process to another, whatever its class asks for when it is made."""
        return _carried_over, (type(self), self.args, self.__dict__)

    def say(self, language: Language) -> str:
        """The error as text, with what to do next where that is known."""
        lines = [f"[{self.code}] {self.what.say(language)}"]
        if self.do:
            lines.append(f"    → {self.do.say(language)}")
        return "\n".join(lines)


def _carried_over(kind: type[BasekeepError], args: tuple[Any, ...], content: dict[str, Any]) -> BasekeepError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(content)
    return error


class CallError(BasekeepError):
    """The call was wrong."""

    exit_status = 2


class CallFindingsError(CallError):
    """Things that are wrong with the call; all of them are here."""

    def __init__(self, code: str, what: Text, findings: Sequence[Finding]) -> None:
        super().__init__(code, what)
        self.findings = tuple(findings)

    def say(self, language: Language) -> str:
        """All findings, then the sentence that counts them."""
        return "\n".join([*(f.say(language) for f in self.findings), super().say(language)])


class WorkError(BasekeepError):
    """The work failed; nothing was changed."""


class BusyError(WorkError):
    """Another process is writing to this workspace."""


class DamageError(WorkError):
    """A stored file is not what its manifest says."""


class FindingsError(WorkError):
    """Checks found errors; all of them are here."""

    def __init__(self, code: str, what: Text, findings: Sequence[Finding]) -> None:
        super().__init__(code, what)
        self.findings = tuple(findings)

    def say(self, language: Language) -> str:
        """All findings, then the sentence that counts them."""
        return "\n".join([*(f.say(language) for f in self.findings), super().say(language)])
