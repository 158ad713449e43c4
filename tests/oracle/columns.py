"""The columns of `subscriber_month` as the contract's page lists them, and how many decimals a number has."""

PAGE = """
    subscriber_id month customer_id msisdn status branch_id join_date birth_date id_type id_region customer_class
    brand payment plan_id plan_family plan_generation plan_fee plan_actual_fee upgrade_pack product_class is_staff
    is_fake red_list black_list is_main_card is_billed fusion secondary_cards broadband family_account_id group_id
    group_role vnet_member device_model_id device_since device_5g home_cell_id home_cell_kind address_id
    directed_long_distance bound_until vas_until bill_due_date arpu mou_out mou_in long_distance_min roaming_min
    data_mb data_included_mb throttled_days balance recharge_amount recharge_count low_balance_alerts late_payments
    contacts offnet_contact_share competitor_hotline_calls competitor_staff_calls forwarded_offnet
    number_changes_12m vas_count points complaints care_contacts mobile_pay_count service_12580_count activity_count
    ported_out
"""
COLUMNS = tuple(PAGE.split())
REQUIRED = ("subscriber_id", "month", "status", "join_date")
DECIMALS = {
    **dict.fromkeys(("plan_fee", "plan_actual_fee", "arpu", "balance", "recharge_amount"), 2),
    **dict.fromkeys(("mou_out", "mou_in", "long_distance_min", "roaming_min", "data_mb", "data_included_mb"), 2),
    "offnet_contact_share": 4,
}
