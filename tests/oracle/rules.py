"""All rules of definition 2 by (segment, rule), in the order of the definitions."""

from collections.abc import Mapping

from . import attribute_rules as attribute
from . import behaviour_rules as behaviour
from . import churn_guarded_rules as migrant
from . import churn_rules as churn
from . import tenure_rules as tenure
from .churn_guarded_rules import Rule, guarded

RULES: Mapping[tuple[str, str], Rule] = {
    ("new_recharge", "month_3_to_5"): tenure.month_3_to_5,
    ("tenured_care", "one_year"): tenure.one_year,
    ("tenured_care", "two_years"): tenure.two_years,
    ("low_usage", "mou_below_half"): behaviour.mou_below_half,
    ("tariff_sensitive", "small_recharges"): behaviour.small_recharges,
    ("downgrade_warning", "arpu_drop"): behaviour.arpu_drop,
    ("downgrade_warning", "vas_expiring"): behaviour.vas_expiring,
    ("downgrade_warning", "dual_sim"): behaviour.dual_sim,
    ("churn_warning", "balance_falling"): guarded(migrant.balance_falling),
    ("churn_warning", "number_hopper"): guarded(migrant.number_hopper),
    ("churn_warning", "offnet_circle"): guarded(migrant.offnet_circle),
    ("churn_warning", "migrant_roamer"): guarded(migrant.roamer),
    ("churn_warning", "migrant_newcomer"): guarded(migrant.newcomer),
    ("churn_warning", "dual_sim"): behaviour.dual_sim,
    ("churn_warning", "competitor_contact"): churn.competitor_contact,
    ("churn_warning", "plan_expiring"): churn.plan_expiring,
    ("churn_warning", "balance_short"): churn.balance_short,
    ("churn_warning", "bill_due"): churn.bill_due,
    ("churn_warning", "stop_warning"): churn.stop_warning,
    ("churn_warning", "tariff_unhealthy"): churn.tariff_unhealthy,
    ("churn_warning", "service_unhealthy"): churn.service_unhealthy,
    ("churn_warning", "circle_unhealthy"): churn.circle_unhealthy,
    ("churn_warning", "payment_unhealthy"): churn.payment_unhealthy,
    ("churn_warning", "care_overdue"): churn.care_overdue,
    ("family", "registered"): attribute.registered,
    ("migrant", "roamer"): migrant.roamer,
    ("migrant", "newcomer"): migrant.newcomer,
    ("migrant", "lodging"): attribute.lodging,
    ("vip", "key_role"): attribute.key_role,
    ("group_member", "in_group"): attribute.in_group,
    ("campus", "campus_class"): attribute.campus_class,
}
