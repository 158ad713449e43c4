"""Two panels of a prepaid operator: the figures in their READMEs, and every member, hold against second answers."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from basekeep.store.ingest import IngestReport
from examples.example import EXAMPLES, SHARED, Example, copied, needs_data, readme_tables, sql_of
from examples.members import differences
from oracle import quantities
from oracle.arithmetic import mean
from oracle.logic import Truth, above, all_of
from oracle.panel import Panel, Subscriber
from oracle.quantities import fell_to_share, mou

pytestmark = [pytest.mark.realdata, needs_data("panel_2014")]
AUGUST = date(2014, 8, 1)
QUERIES = ("months", "found", "use", "auc", "undecided")
PANELS = ("panel_2014", "panel_2014_high_value")
OVERLAY = EXAMPLES / "panel_2014" / "market" / "109.yaml"
CHINA_MOBILE_2010_YUAN = 72


class Panels:
    """A panel run with the shipped parameters and with those scaled to its market."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.example: Example = copied(name, folder)
        self.report: IngestReport = self.example.ingest()
        self.shipped = self.example.run(AUGUST)
        overlays = self.example.workspace.playbook_dir / "overlays"
        overlays.mkdir()
        shutil.copy(OVERLAY, overlays)
        self.scaled = self.example.run(AUGUST)
        self.shipped_answers = {query: self._ask(query, self.shipped) for query in QUERIES}
        self.scaled_found = self._ask("found", self.scaled)

    def _ask(self, query: str, run_id: str) -> list[list[str]]:
        return self.example.ask(sql_of("panel_2014", f"{query}.sql"), run_id)


@pytest.fixture(scope="module", params=PANELS)
def panel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Panels:
    return Panels(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture
def festival_of_2014(monkeypatch: pytest.MonkeyPatch) -> None:
    # The second answer's printed calendar begins in 2022; the lunar year of the horse began on 31 January 2014.
    months = (date(2014, 1, 1), date(2014, 2, 1))
    monkeypatch.setattr(quantities, "latest_festival_months", lambda _month: months)


def source(name: str) -> list[dict[str, str]]:
    with (SHARED / "data" / "panel_2014" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_read_is_stored(panel: Panels) -> None:
    assert {ledger.table: ledger.rejected for ledger in panel.report.ledgers} == {"subscriber_month": 0, "org_unit": 0}
    assert all(ledger.read == ledger.stored + ledger.rejected for ledger in panel.report.ledgers)


@pytest.mark.parametrize("language", ["README.md", "README.zh.md"])
def test_the_figures_of_the_readme_are_those_computed(panel: Panels, language: str) -> None:
    *first, undecided = panel.shipped_answers.values()
    before, after = panel.shipped_answers["found"], panel.scaled_found
    moved = [line for line in after if line not in before]
    assert readme_tables(panel.name, language) == [*first, moved, undecided]
    assert [line[:2] for line in after] == [line[:2] for line in before]


@pytest.mark.usefixtures("festival_of_2014")
def test_the_members_are_those_of_the_plain_answer(panel: Panels) -> None:
    assert differences(panel.example, panel.shipped, AUGUST) == []


@pytest.mark.usefixtures("festival_of_2014")
def test_the_scaled_members_are_those_of_the_plain_answer(panel: Panels) -> None:
    limits = {
        "guard_arpu_low": Fraction("112.74"),
        "guard_arpu_high": Fraction("225.48"),
        "balance_falling_limit": Fraction("187.90"),
        "recharge_small": Fraction("112.74"),
    }
    assert differences(panel.example, panel.scaled, AUGUST, limits) == []


def test_the_added_rules_are_those_of_the_plain_answer(panel: Panels) -> None:
    figures = panel.example.figures(panel.shipped)
    base = Panel(panel.example.rows(), AUGUST).base
    assert {s.id for s in base} == set(figures)
    for rule, fell in (("arpu_fall", _arpu_fell), ("mou_fall", _mou_fell)):
        found = {who: row[f"rule__recent_fall__{rule}"] for who, row in figures.items()}
        assert found == {s.id: fell(s) for s in base}


def _arpu_fell(s: Subscriber) -> Truth:
    before = mean(s.window("arpu", (1, 2)))
    return all_of(fell_to_share(s.number("arpu"), before, Fraction(7, 10)), above(before, Fraction(0)))


def _mou_fell(s: Subscriber) -> Truth:
    before = mean([mou(s, 1), mou(s, 2)])
    return all_of(fell_to_share(mou(s), before, Fraction(7, 10)), above(before, Fraction(0)))


def test_the_raw_file_and_the_store_agree(tmp_path: Path) -> None:
    example = copied("panel_2014", tmp_path)
    example.ingest()
    stored = {(str(row["subscriber_id"]), row["month"]): row for row in example.rows()}
    raw = source("panel_raw_months6to9.csv")
    known = [(line, month) for line in raw for month in (6, 7, 8, 9) if line[f"last_date_of_month_{month}"]]
    assert len(stored) == len(known)
    for line, month in known:
        row = stored[line["mobile_number"], date(2014, month, 1)]
        data = Decimal(line[f"vol_2g_mb_{month}"]) + Decimal(line[f"vol_3g_mb_{month}"])
        arpu = Decimal(line[f"arpu_{month}"])
        assert row["arpu"] == (arpu if arpu >= 0 else None)
        assert (row["mou_out"], row["mou_in"]) == (Decimal(line[f"total_og_mou_{month}"]), Decimal(line[f"total_ic_mou_{month}"]))  # fmt: skip
        assert (row["data_mb"], row["recharge_count"]) == (data, int(line[f"total_rech_num_{month}"]))


def test_57_of_the_500_in_the_raw_file_left() -> None:
    columns = ("total_og_mou_9", "total_ic_mou_9", "vol_2g_mb_9", "vol_3g_mb_9")
    raw = source("panel_raw_months6to9.csv")
    assert (len(raw), sum(all(Decimal(line[column]) == 0 for column in columns) for line in raw)) == (500, 57)


def test_as_many_as_written_are_within_the_guard(panel: Panels) -> None:
    within = panel.example.ask(
        "select count(*) filter (arpu_mean_3 between 30 and 60), "
        "count(*) filter (arpu_mean_3 between 112.74 and 225.48) from profile",
        panel.shipped,
    )
    assert within == [["39", "137"] if panel.name == "panel_2014" else ["4", "194"]]


def test_the_limits_of_the_market_are_those_of_the_document_by_one_factor(tmp_path: Path) -> None:
    example = copied("panel_2014", tmp_path)
    example.ingest()
    [row] = example.answer("select avg(arpu_mean_3) as arpu from profile", example.run(AUGUST))
    yuan = {"guard_arpu_low_yuan": 30, "guard_arpu_high_yuan": 60, "balance_floor_yuan": 50, "small_recharge_yuan": 30}
    scaled = {name: round(limit * row["arpu"] / CHINA_MOBILE_2010_YUAN, 2) for name, limit in yuan.items()}
    assert scaled == YAML(typ="safe").load(OVERLAY)["parameters"]
    assert round(row["arpu"], 2) == 270.58
