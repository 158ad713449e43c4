"""What the rewards cost each unit, against the budget that was set aside for it."""

from __future__ import annotations

from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.playbook.upgrade import MarketingBudget
from basekeep.run.organisation import Organisation
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.apportion import apportion
from basekeep.run.upgrade.money import fen

Row = dict[str, object]


def marketing_costs(declared: MarketingBudget, session: Session, organisation: Organisation) -> list[Row]:
    """A row for each unit of the budget's level, by id; last, without a unit, what was spent outside of all of them."""
    costs = _costs(declared.level, session, organisation)
    budgets = _budgets(declared, organisation)
    rows = [_row(name, declared, fen_, costs.pop(name, (0, 0))) for name, fen_ in budgets.items()]
    if costs:
        rows.append(
            _row(None, declared, 0, (sum(lines for lines, _ in costs.values()), sum(c for _, c in costs.values())))
        )
    return rows


def unknown_units(declared: MarketingBudget, organisation: Organisation) -> Remark:
    """Budgets for units that are not there, or are of another level."""
    strange = [name for name in declared.units if not _is_of(name, declared, organisation)]
    return Remark(
        "upgrade.budget_of_unknown_unit", "org_unit", len(strange),
        Text("策略手册给了预算而组织机构中没有（或不是该级）的机构", "units with a budget that are not there, or not of that level"),
        Text("改正 upgrade.marketing_budget.units 中的 unit_id。", "Correct the unit_id in upgrade.marketing_budget.units."),
    )  # fmt: skip


def _budgets(declared: MarketingBudget, organisation: Organisation) -> dict[str, int]:
    """In fen, for each unit of the level: its own, or an even part of what the others leave; the parts differ by a fen at most."""
    names = [name for name, unit in organisation.units.items() if unit.level == declared.level]
    own = {name: fen(yuan) for name, yuan in declared.units.items() if _is_of(name, declared, organisation)}
    left = fen(declared.total_yuan) - sum(fen(yuan) for yuan in declared.units.values())
    even = apportion(left, {name: 1 for name in names if name not in own})
    return {name: own[name] if name in own else even[name] for name in names}


def _is_of(name: str, declared: MarketingBudget, organisation: Organisation) -> bool:
    return name in organisation.units and organisation.units[name].level == declared.level


def _costs(level: str, session: Session, organisation: Organisation) -> dict[str | None, tuple[int, int]]:
    """Lines and fen by unit of the level; None is outside of all."""
    found: dict[str | None, tuple[int, int]] = {}
    for unit, lines, cost in session.rows("SELECT unit_id, count(*), sum(total_fen) FROM upgrade__reward GROUP BY 1"):
        at = organisation.above(unit, level) if unit is not None else None
        lines_now, cost_now = found.get(at, (0, 0))
        found[at] = (lines_now + int(lines), cost_now + int(cost))
    return found


def _row(name: str | None, declared: MarketingBudget, budget: int, spent: tuple[int, int]) -> Row:
    kind = "none" if name is None else "declared" if name in declared.units else "even"
    lines, cost = spent
    return {
        "unit_id": name, "level": declared.level, "budget": kind, "budget_fen": budget, "lines": lines, "cost_fen": cost,
        "left_fen": budget - cost, "used_share": round(cost / budget, 6) if budget else None,
    }  # fmt: skip
