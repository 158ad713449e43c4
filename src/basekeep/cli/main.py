"""`basekeep`: the command line. Each command imports what it needs when it is called, so that help comes at once."""

from __future__ import annotations

import sys

import typer

from basekeep.cli import asking, daily, demo, making, playbooks, querying, running, simulating, verifying, whatif
from basekeep.cli.calls import call
from basekeep.cli.help import BilingualGroup

app = typer.Typer(
    name="basekeep",
    help="存量保有：有据可查的预警、评分与名单。 · Customer base management for telecom operators: explained warnings, scores and lists.",
    cls=BilingualGroup,
    add_completion=False,
    rich_markup_mode=None,
)
for room in (demo, making, running, simulating, daily, whatif, asking, querying, verifying):
    room.register(app)
app.add_typer(playbooks.app, name="playbook")


def main() -> None:
    """The entry point."""
    sys.exit(call(app, sys.argv[1:]))
