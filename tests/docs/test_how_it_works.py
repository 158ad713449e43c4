"""The code of the pages that explain runs as it stands and prints what they say."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from .pages import DOCS, blocks

PAGES = ("how_it_works", "how_a_decision_is_made")
_FIGURE = re.compile(r"-?\d[\d,.]*")


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_the_page_prints_what_the_page_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`text` is held exactly; of a `text example` the figures may be others."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    printed = ""
    for kind, block in blocks(DOCS / f"{page}.md"):
        if kind == "python":
            assert not printed, f"printed and not shown on the page: {printed}"
            printed = _printed(page, block, names)
        elif kind == "text":
            assert printed.rstrip() == block.rstrip()
            printed = ""
        elif kind == "text example":
            assert _FIGURE.sub("#", printed.rstrip()) == _FIGURE.sub("#", block.rstrip())
            printed = ""


def _printed(page: str, block: str, names: dict[str, object]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block, page, "exec"), names)
    return out.getvalue()


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_code(page: str) -> None:
    """The Chinese page's code is not run again: it is the same."""
    chinese = [block for kind, block in blocks(DOCS / f"{page}.zh.md") if kind == "python"]
    assert chinese == [block for kind, block in blocks(DOCS / f"{page}.md") if kind == "python"]
