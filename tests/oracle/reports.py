"""Definition 1's two tables, as counts, so that any share of them can be formed and compared."""

from collections import Counter

from .answer import Answer

States = Counter[str | None]


def balance_by_tenure_year(answer: Answer) -> dict[int | None, States]:
    """How many subscribers are in each balance state (None: unknown), by full years of tenure."""
    return _counted(answer, 1)


def balance_by_tenure_month(answer: Answer) -> dict[int | None, States]:
    """The same by tenure month; `overdue` and `low` of it are the second table."""
    return _counted(answer, 0)


def _counted(answer: Answer, which: int) -> dict[int | None, States]:
    table: dict[int | None, States] = {}
    for id_, (balance, _) in answer.states.items():
        table.setdefault(answer.tenure[id_][which], Counter())[balance] += 1
    return table
