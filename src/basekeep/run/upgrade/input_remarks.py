"""Bad input that the enterprise upgrade comes across, each kind with its count; nothing stops for it."""

from __future__ import annotations

from basekeep.engines.protocol import Session
from basekeep.kernel.text import Text
from basekeep.run.remarks import Remark
from basekeep.run.upgrade.inputs import Inputs


def input_remarks(inputs: Inputs, session: Session) -> list[Remark]:
    """All of them; the organisation's own are its own."""
    found = [*_cities(inputs, session), _devices(inputs, session), *_stock(inputs, session)]
    return [*found, *_managers(inputs, session)] if inputs.has_staff else found


def _managers(inputs: Inputs, session: Session) -> list[Remark]:
    """Managers of groups, and people credited with an order of the month, who left or are not known."""
    named = (
        f"SELECT manager_id AS staff_id FROM {inputs.groups} g UNION ALL SELECT chief_manager_id FROM {inputs.groups} g"
    )
    left, unknown = session.rows(
        "SELECT coalesce(count_if(s.staff_id IS NOT NULL AND NOT coalesce(s.active, TRUE)), 0), "
        "coalesce(count_if(s.staff_id IS NULL), 0) "
        f"FROM ({named}) n LEFT JOIN {inputs.staff} s ON n.staff_id = s.staff_id WHERE n.staff_id IS NOT NULL"
    )[0]
    do = Text("给这些集团指定在岗的客户经理；在此之前由机构的责任人负责。",
              "Name a manager who is there; until then the unit's own manager answers for the group.")  # fmt: skip
    return [
        Remark("group_account.manager_left", "group_account", int(left),
               Text("集团的客户经理已离岗，涉及处数", "managers of groups who left, each place counted"), do),
        Remark("group_account.manager_unknown", "group_account", int(unknown),
               Text("集团的客户经理不在人员表中，涉及处数", "managers of groups who are not among the staff, each place counted"), do),
    ]  # fmt: skip


def _cities(inputs: Inputs, session: Session) -> list[Remark]:
    """Groups whose members lie in several cities, and groups whose own city holds none of their members."""
    several, elsewhere = session.rows(
        f"""WITH held AS (
            SELECT m.group_id, p.city_id, count(*) AS lines FROM {inputs.members} m JOIN upgrade__place p ON m.branch_id = p.unit_id
            WHERE m.group_id IS NOT NULL AND p.city_id IS NOT NULL GROUP BY ALL
        ),
        cities AS (SELECT group_id, count(*) AS many, list(city_id) AS cities FROM held GROUP BY group_id)
        SELECT coalesce(count_if(c.many > 1), 0),
            coalesce(count_if(p.city_id IS NOT NULL AND NOT list_contains(c.cities, p.city_id)), 0)
        FROM cities c JOIN {inputs.groups} g ON c.group_id = g.group_id LEFT JOIN upgrade__place p ON g.unit_id = p.unit_id"""
    )[0]
    do = Text("核对集团的 unit_id 与成员的归属支局。", "Check the group's unit_id and its members' branches.")
    return [
        Remark("group_account.several_cities", "group_account", int(several),
               Text("成员分在几个地市的集团；各户按自己的支局计", "groups whose members lie in several cities; each line counts where its branch is"), do),
        Remark("group_account.city_without_members", "group_account", int(elsewhere),
               Text("所属地市没有成员的集团；按成员最多的地市计", "groups whose own city holds none of their members; the city with most of them is taken"), do),
    ]  # fmt: skip


def _devices(inputs: Inputs, session: Session) -> Remark:
    known = f"SELECT device_model_id FROM {inputs.models} d"
    count = session.rows(
        f"SELECT count(*) FROM {inputs.members} m WHERE device_model_id IS NOT NULL AND device_model_id NOT IN ({known})"
    )[0][0]
    return Remark(
        "subscriber_month.unknown_device_model", "subscriber_month", int(count),
        Text("终端型号不在型号表中的用户；只按系统之外的条件换机", "subscribers whose device model is not in device_model; their device's brand and price count as unknown"),
        Text("在 device_model 中补上这些型号。", "Add these models to device_model."),
    )  # fmt: skip


def _stock(inputs: Inputs, session: Session) -> list[Remark]:
    models, units = session.rows(
        f"SELECT coalesce(count_if(d.device_model_id IS NULL), 0), coalesce(count_if(p.unit_id IS NULL), 0) "
        f"FROM {inputs.stock} s LEFT JOIN {inputs.models} d ON s.device_model_id = d.device_model_id "
        "LEFT JOIN upgrade__place p ON s.unit_id = p.unit_id"
    )[0]
    do = Text("核对 device_stock 的标识。", "Check the ids of device_stock.")
    return [
        Remark("device_stock.unknown_device_model", "device_stock", int(models),
               Text("库存中型号表没有的型号；不予推荐", "rows of stock whose model is not in device_model; they are not offered"), do),
        Remark("device_stock.unknown_unit", "device_stock", int(units),
               Text("库存所在机构不存在；不予推荐", "rows of stock whose unit is not there; they are not offered"), do),
    ]  # fmt: skip
