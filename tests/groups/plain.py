"""What holds of every generated group and unit, worked out in plain Python from the definitions, with exact fractions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from basekeep.kernel.months import shift_month
from groups.generated import CADENCE, MONTH, MONTH_END, Generated, Row, by_id

Truth = bool | None


def all_of(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return False if False in found else None if None in found else True


def any_of(truths: Iterable[Truth]) -> Truth:
    found = list(truths)
    return True if True in found else None if None in found else False


@dataclass
class Answer:
    """(id, segment, rule) → truth, and the metrics of each group."""

    truths: dict[tuple[str, str, str], Truth] = field(default_factory=dict)
    severity: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[str, dict[str, Fraction | str | None]] = field(default_factory=dict)


class Plain:
    """The definitions over one generated operator."""

    def __init__(self, made: Generated) -> None:
        self.base = [row for row in made.subscribers if row["status"] in ("active", "suspended")]
        self.models = by_id(made.models, "device_model_id")
        self.made = made
        self.months = {(row["group_id"], row["month"]): row for row in made.months}
        self.high = _percentile(
            [Fraction(str(row["arpu"])) for row in self.base if row["arpu"] is not None], Fraction(4, 5)
        )
        self.people = by_id(made.subscribers, "subscriber_id")

    def groups(self) -> Answer:
        lines: dict[object, list[Row]] = defaultdict(list)
        for row in self.base:
            lines[row["group_id"]].append(row)
        answer = Answer()
        for account in self.made.accounts:
            self._group(answer, account, lines[account["group_id"]])
        return answer

    def _group(self, answer: Answer, account: Row, lines: list[Row]) -> None:
        group = str(account["group_id"])
        self._care(answer, account)
        poached = [self._poached(line) for line in lines]
        answer.truths[group, "group_poaching", "important_line"] = any_of(poached) if lines else False
        leading = [
            all_of([p, line["group_role"] in ("key_person", "leader")]) for p, line in zip(poached, lines, strict=True)
        ]
        grave = "critical" if any_of(leading) is True else "serious" if poached.count(True) >= 3 else "normal"
        answer.severity[group, "group_poaching"] = grave
        self._money(answer, group)
        self._upgrade(answer, group, lines)

    def _care(self, answer: Answer, account: Row) -> None:
        group = str(account["group_id"])
        spoken = [
            row["at"].date()
            for row in self.made.contacts
            if isinstance(row["at"], datetime) and row["result"] in ("reached", "agreed", "refused") and row["at"].date() <= MONTH_END
            and (person := self.people[str(row["subscriber_id"])])["group_id"] == group
            and person["group_role"] in ("contact", "key_person")
        ]  # fmt: skip
        month = self.months.get((account["group_id"], MONTH))
        for rank, days in CADENCE.items():
            before = MONTH_END - timedelta(days=days)
            visit = month["last_visit_date"] if month else None
            long_ago: Truth = None if month is None else visit is None or (isinstance(visit, date) and visit < before)
            unspoken = not spoken or max(spoken) < before
            own: Truth = None if account["class"] is None else account["class"] == rank
            answer.truths[group, "group_care_due", f"class_{rank.lower()}"] = all_of([own, long_ago, unspoken])
        top: Truth = None if account["class"] is None else account["class"] in ("A", "B")
        answer.truths[group, "group_care_due", "no_chief"] = all_of([top, account["chief_manager_id"] is None])

    def _poached(self, line: Row) -> Truth:
        high: Truth = None if line["arpu"] is None else Fraction(str(line["arpu"])) > self.high
        calls = line["competitor_hotline_calls"]
        contact = any_of([
            None if calls is None else calls != 0, line["competitor_staff_calls"] != 0, _truth(line["forwarded_offnet"]),
        ])  # fmt: skip
        return all_of([any_of([line["group_role"] in ("contact", "key_person", "leader"), high]), contact])

    def _revenue(self, group: str, lag: int) -> Fraction | None:
        row = self.months.get((group, shift_month(MONTH, -lag)))
        parts = [row[name] for name in ("vnet_revenue", "leased_line_revenue", "unified_payment")] if row else [None]
        return None if None in parts else sum((Fraction(str(part)) for part in parts), Fraction(0))

    def _mean(self, group: str, lags: range) -> Fraction | None:
        known = [self._revenue(group, lag) for lag in lags]
        return None if None in known else sum((one for one in known if one is not None), Fraction(0)) / len(lags)

    def _money(self, answer: Answer, group: str) -> None:
        now, before, mean = self._revenue(group, 0), self._mean(group, range(1, 4)), self._mean(group, range(3))
        falls: Truth = None if now is None or before is None else now <= Fraction(4, 5) * before
        answer.truths[group, "group_activity", "revenue_drop"] = all_of([falls, None if before is None else before > 0])
        row = self.months.get((group, MONTH))
        balance = Fraction(str(row["balance"])) if row else None
        lasts = None if balance is None or not mean else balance / mean
        few: Truth = None if lasts is None else lasts < 3
        answer.truths[group, "group_balance", "runs_out"] = all_of([few, None if mean is None else mean > 0])
        answer.severity[group, "group_balance"] = "urgent" if lasts is not None and lasts < 2 else "normal"
        ahead = None if lasts is None else max(0, -(-lasts.numerator // lasts.denominator))
        ends = None if ahead is None else shift_month(MONTH, ahead).isoformat()
        answer.values.setdefault(group, {})["money_ends"] = ends

    def _upgrade(self, answer: Answer, group: str, lines: list[Row]) -> None:
        on_4g = [line for line in lines if line["plan_generation"] == 4]
        many: Truth = (
            len(on_4g) > 50 if not lines or any(line["plan_generation"] is not None for line in lines) else None
        )
        ages = [_age(line["device_since"]) for line in on_4g if line["device_since"] is not None]
        mean = Fraction(sum(ages), len(ages)) if ages else None
        brands = Counter(str(brand) for line in on_4g if (brand := self._of_device(line, "brand")) is not None)
        share = Fraction(max(brands.values()), sum(brands.values())) if brands else None
        truth = all_of([
            many, None if mean is None else 21 <= mean <= 27, None if share is None else share > Fraction(3, 5),
        ])  # fmt: skip
        answer.truths[group, "group_upgrade", "profile"] = truth
        commonest = min(brands, key=lambda brand: (-brands[brand], brand)) if brands else None
        values = answer.values.setdefault(group, {})
        values |= {
            "lines": Fraction(len(lines)),
            "device_age_mean": mean,
            "largest_brand": commonest,
            "largest_brand_share": share,
        }

    def _of_device(self, line: Row, what: str) -> object:
        model = self.models.get(str(line["device_model_id"]))
        return model[what] if model else None

    def units(self) -> Answer:
        """The branches that hold subscribers, by the share of their V-net lines."""
        held: dict[str, list[Row]] = defaultdict(list)
        for row in self.base:
            if row["branch_id"] is not None:
                held[str(row["branch_id"])].append(row)
        shares = {
            unit: Fraction(sum(row["vnet_member"] is True for row in rows), len(rows)) for unit, rows in held.items()
        }
        limit = _percentile(list(shares.values()), Fraction(1, 5))
        return Answer({(unit, "vnet_low_grid", "low_share"): share <= limit for unit, share in shares.items()})


def _truth(value: object) -> Truth:
    return value if isinstance(value, bool) else None


def _age(since: object) -> int:
    assert isinstance(since, date)
    return (MONTH.year - since.year) * 12 + MONTH.month - since.month


def _percentile(values: list[Fraction], share: Fraction) -> Fraction:
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = at.numerator // at.denominator
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])
