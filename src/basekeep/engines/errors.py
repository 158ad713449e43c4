"""The engine's error as one of ours. The engine's own message is kept word for word, in its own language."""

from __future__ import annotations

from basekeep.kernel.errors import WorkError
from basekeep.kernel.text import Text


class EngineError(WorkError):
    """An engine could not do what it was asked; `message` holds its own words."""

    def __init__(self, message: str, code: str = "engine.failed", do: Text | None = None) -> None:
        super().__init__(code, Text(f"数据引擎报错：{message}", f"the engine reports: {message}"), do)
        self.message = message
