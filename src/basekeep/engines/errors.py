"""The engine's error as one of ours. The engine's own message is kept word for word, in its own language."""

from __future__ import annotations

from basekeep.kernel.errors import CallError, WorkError
from basekeep.kernel.findings import Finding
from basekeep.kernel.text import Language, Text


class EngineError(WorkError):
    """An engine could not do what it was asked; `message` holds its own words, shown where there is no better `what`."""

    def __init__(
        self, message: str, code: str = "engine.failed", do: Text | None = None, what: Text | None = None
    ) -> None:
        super().__init__(code, what or Text(f"数据引擎报错：{message}", f"the engine reports: {message}"), do)
        self.message = message


class SqlError(CallError):
    """A SQL text that somebody gave may not be run or makes no sense; the finding says where and why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code, finding.what, finding.do)
        self.findings = (finding,)

    def say(self, language: Language) -> str:
        """The finding, with its place and near names."""
        return self.findings[0].say(language)
