"""One snapshot of Beijing Mobile: the list, the figures in its README, and every member against a second answer."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from statistics import median

import pytest

from examples.example import SHARED, Example, copied, needs_data, readme_tables, sql_of
from examples.members import differences

pytestmark = [pytest.mark.realdata, needs_data("beijing_2022")]
APRIL = date(2022, 4, 1)
QUERIES = ("mapped", "waterfall", "branches", "points", "devices")


@pytest.fixture(scope="module")
def beijing(tmp_path_factory: pytest.TempPathFactory) -> Example:
    example = copied("beijing_2022", tmp_path_factory.mktemp("beijing"))
    report = example.ingest()
    assert all(ledger.read == ledger.stored and not ledger.rejected for ledger in report.ledgers)
    example.run(APRIL)
    return example


def source() -> list[dict[str, str]]:
    with (SHARED / "data" / "beijing_2022" / "data_users.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", ["README.md", "README.zh.md"])
def test_the_figures_of_the_readme_are_those_computed(beijing: Example, language: str) -> None:
    computed = [beijing.ask(sql_of("beijing_2022", f"{query}.sql")) for query in QUERIES]
    assert readme_tables("beijing_2022", language) == computed


def test_the_members_are_those_of_the_plain_answer(beijing: Example) -> None:
    [[run_id]] = beijing.ask("select distinct run_id from waterfall")
    assert differences(beijing, run_id, APRIL) == []


def test_the_targets_are_those_counted_in_the_file_itself(beijing: Example) -> None:
    wanted = {
        line["用户"]
        for line in source()
        if int(line["主套餐档位"]) >= 50
        and line["畅享套餐名称"] != "0"
        and Decimal(line["当月GPRS资源使用量（GB）"]) > 2
        and line["是否5G网络客户"] == "否"
        # In the register's words: nobody of them joined in April.
        and not max(line["码号资源-激活时间"], line["码号资源-发卡时间"]).startswith("2022-04")
    }
    assert {who for (who,) in beijing.ask("select subscriber_id from target")} == wanted


def test_the_list_is_ranked_from_high_to_low_and_names_its_reasons(beijing: Example) -> None:
    rows = beijing.answer("select rank, points, subscriber_id, reasons_zh, script_zh from target order by rank")
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    order = [(-row["points"], row["subscriber_id"]) for row in rows]
    assert order == sorted(order)
    assert all(row["reasons_zh"] and "未知" not in row["script_zh"] for row in rows)


def test_each_branch_has_the_head_of_its_own_list(beijing: Example) -> None:
    rows = beijing.answer(sql_of("beijing_2022", "list.sql"))
    first: dict[str, int] = {}
    for row in rows:
        first[row["branch"]] = first.get(row["branch"], 0) + 1
    targets = {branch: int(many) for branch, many, *_ in beijing.ask(sql_of("beijing_2022", "branches.sql"))}
    assert first == {branch: min(3, many) for branch, many in targets.items()}


def test_as_shipped_nobody_passes_the_space(beijing: Example) -> None:
    [[remaining]] = beijing.ask("select remaining from waterfall where scorecard = 'upgrade_5g' and position = 1")
    assert remaining == "0"


def test_the_file_speaks_of_april() -> None:
    spent = [(Decimal(line["近3个月平均消费（元）"]), Decimal(line["本年累计消费（元）"])) for line in source()]
    assert round(median(year / month for month, year in spent if month > 20), 1) == Decimal("4.0")
    assert max(line["码号资源-激活时间"] for line in source()) == "2022-04-01"


def test_an_age_is_the_full_years_at_the_month_end(beijing: Example) -> None:
    ages = {line["用户"]: int(line["年龄"]) for line in source() if line["年龄"] != "0"}
    born = {str(row["subscriber_id"]): row["birth_date"] for row in beijing.rows() if row["birth_date"]}
    assert set(born) == set(ages)
    for who, day in born.items():
        assert isinstance(day, date)
        assert 2022 - day.year - ((day.month, day.day) > (4, 30)) == ages[who]
