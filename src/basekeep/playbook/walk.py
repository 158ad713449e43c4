"""Walks a term and everything in it that is of its own grain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from basekeep.playbook import terms as t


def walk(term: t.Term) -> Iterator[t.Term]:
    """The term itself, then all terms inside it, in the order they stand; not what it knows of members."""
    yield term
    if isinstance(term, t.MemberTerm):
        return
    assert is_dataclass(term)
    for part in fields(term):
        yield from _inside(getattr(term, part.name))


def _inside(value: object) -> Iterator[t.Term]:
    if isinstance(value, t.Term):
        yield from walk(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _inside(item)
