"""A command line typed inside the test's own process: its exit status, what it printed, what it said was wrong."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from basekeep.cli.calls import call
from basekeep.cli.main import app


@dataclass(frozen=True)
class Said:
    """What a call gave."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


class _Pipe(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        self.flush()
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode(errors="replace")


def typed(*words: object, stdin: str = "") -> Said:
    """Type a command line."""
    out, err = _Pipe(), _Pipe()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _typing(stdin):
        status = call(app, [str(word) for word in words])
    return Said(status, out.text(), err.text())


@contextlib.contextmanager
def _typing(text: str) -> Any:
    import sys

    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
