"""Definition 2, by attribute. `family.physical` is definition 6: see `families`."""

from .logic import Truth, all_of, any_of, one_of
from .panel import Subscriber
from .quantities import Frame


def registered(s: Subscriber, f: Frame) -> Truth:
    return any_of(s.named("family_account_id", lambda _: True), s.flag("broadband"))


def lodging(s: Subscriber, f: Frame) -> Truth:
    return all_of(
        one_of(s.text("id_region"), ["other_province"]),
        one_of(s.text("home_cell_kind"), ["work_site", "factory", "dormitory"]),
    )


def key_role(s: Subscriber, f: Frame) -> Truth:
    return s.named("group_role", lambda role: role in ("key_person", "leader"))


def in_group(s: Subscriber, f: Frame) -> Truth:
    return s.named("group_id", lambda _: True)


def campus_class(s: Subscriber, f: Frame) -> Truth:
    return one_of(s.text("customer_class"), ["campus"])
