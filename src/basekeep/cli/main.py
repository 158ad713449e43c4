"""`basekeep`: the command line. Each command imports what it needs when it is called, so that help comes at once."""

from __future__ import annotations

import typer

from basekeep.cli import asking, demo, making, playbooks, running

app = typer.Typer(
    name="basekeep",
    help="Customer base management for telecom operators: explained warnings, scores and lists. 存量保有：有据可查的预警、评分与名单。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (demo, making, running, asking):
    room.register(app)
app.add_typer(playbooks.app, name="playbook")


def main() -> None:
    """The entry point."""
    app()
