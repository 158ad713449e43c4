"""Bad input is counted by kind, and the rest goes on."""

from __future__ import annotations

from pathlib import Path

from basekeep.run.organisation import Organisation, Unit

from .small_operator import Operator, Row, operator, run_step


def units(*rows: tuple[str, str | None, str]) -> list[Row]:
    return [{"unit_id": name, "parent_id": parent, "level": level, "name": name} for name, parent, level in rows]


def test_managers_who_left_or_are_unknown_are_counted(tmp_path: Path) -> None:
    staff = [
        {"staff_id": "E1", "unit_id": "C", "role": "account_manager", "active": False},
        {"staff_id": "E2", "unit_id": "C", "role": "account_manager", "active": True},
    ]
    groups: list[Row] = [
        {"group_id": "G1", "manager_id": "E1", "chief_manager_id": "E2", "unit_id": "C"},
        {"group_id": "G2", "manager_id": "E1", "chief_manager_id": "E9", "unit_id": "C"},
        {"group_id": "G3", "manager_id": None, "chief_manager_id": "E2", "unit_id": "C"},
    ]
    found = run_step(Operator({"staff": staff, "groups": groups, "units": units(("C", None, "city"))}), tmp_path)
    assert found.remarks == {"group_account.manager_left": 2, "group_account.manager_unknown": 1}


def test_groups_in_two_cities_are_counted(tmp_path: Path) -> None:
    made = Operator({
        "units": units(("P", None, "province"), ("A", "P", "city"), ("B", "P", "city"), ("A1", "A", "branch"), ("B1", "B", "branch")),
        "groups": [{"group_id": "G1", "unit_id": "A"}, {"group_id": "G2", "unit_id": "A"}, {"group_id": "G3", "unit_id": "P"}],
        "members": [
            {"subscriber_id": "1", "group_id": "G1", "branch_id": "A1"},
            {"subscriber_id": "2", "group_id": "G1", "branch_id": "B1"},
            {"subscriber_id": "3", "group_id": "G2", "branch_id": "B1"},
            {"subscriber_id": "4", "group_id": "G3", "branch_id": "B1"},
            {"subscriber_id": "5", "group_id": "G?", "branch_id": "B1"},
        ],
    })  # fmt: skip
    found = run_step(made, tmp_path)
    assert found.remarks == {"group_account.several_cities": 1, "group_account.city_without_members": 1}


def test_unknown_models_and_units_of_stock_are_counted(tmp_path: Path) -> None:
    made = Operator({
        "units": units(("A", None, "city")),
        "models": [{"device_model_id": "D1"}],
        "members": [{"subscriber_id": str(n), "device_model_id": m} for n, m in enumerate(["D1", "D?", "D?", None])],
        "stock": [{"device_model_id": m, "unit_id": u, "available": 1} for m, u in [("D1", "A"), ("D?", "A"), ("D1", "?")]],
    })  # fmt: skip
    assert run_step(made, tmp_path).remarks == {
        "subscriber_month.unknown_device_model": 2, "device_stock.unknown_device_model": 1, "device_stock.unknown_unit": 1,
    }  # fmt: skip


def test_a_circle_is_cut_above_its_highest_unit_and_counted() -> None:
    rows = [
        ("P", None, "province"),
        ("C", "B", "city"),
        ("B", "X", "branch"),
        ("X", "C", "county"),
        ("Y", "C", "county"),
    ]
    tree = Organisation(Unit(name, parent, level, name) for name, parent, level in rows)
    assert [sorted(circle) for circle in tree.circles] == [["B", "C", "X"]]
    assert tree.parents["C"] is None
    assert tree.chain("B") == ("B", "X", "C")
    assert {one.code: one.count for one in tree.remarks() if one.count} == {"org_unit.circle": 3}


def test_a_unit_that_is_its_own_parent_is_a_circle() -> None:
    tree = Organisation([Unit("A", "A", "city", "甲")])
    assert (tree.parents["A"], len(tree.circles)) == (None, 1)


def test_two_tops_and_an_unknown_parent_are_counted() -> None:
    tree = Organisation(
        [Unit("A", None, "province", "甲"), Unit("B", None, "province", "乙"), Unit("C", "?", "city", "丙")]
    )
    assert {one.code: one.count for one in tree.remarks() if one.count} == {
        "org_unit.several_tops": 2, "org_unit.unknown_parent": 1,
    }  # fmt: skip


def test_an_operator_full_of_faults_gives_all_tables_all_the_same(tmp_path: Path) -> None:
    found = run_step(operator(4, 600), tmp_path)
    assert all(count > 0 for count in found.remarks.values())
    assert found["policy_line"]
    assert found["reward_ledger"]


def test_the_order_of_rows_and_the_threads_change_no_byte(tmp_path: Path) -> None:
    made = operator(5, 600)
    one = run_step(made, tmp_path / "one", threads=1)
    two = run_step(made.shuffled(9), tmp_path / "two", threads=2)
    files = sorted(path.name for path in (one.folder / "upgrade").iterdir())
    assert files
    for name in files:
        assert (one.folder / "upgrade" / name).read_bytes() == (two.folder / "upgrade" / name).read_bytes(), name
    assert one.remarks == two.remarks


def test_no_tables_at_all_give_empty_tables(tmp_path: Path) -> None:
    found = run_step(Operator(), tmp_path)
    assert found.remarks == {}
    assert not any(found.tables.values())
