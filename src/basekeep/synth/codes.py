"""The words behind the whole-number codes that the arrays hold; a code is a place in its tuple, −1 is empty."""

from __future__ import annotations

from basekeep.contract.subscriber_month import SUBSCRIBER_MONTH
from basekeep.contract.tables import CONTACT_LOG, GROUP_ACCOUNT

NONE = -1

STATUS = SUBSCRIBER_MONTH.column("status").values
ACTIVE, SUSPENDED, CANCELLED = range(3)
ID_TYPE = SUBSCRIBER_MONTH.column("id_type").values
PERSONAL, ENTERPRISE, STUDENT = range(3)
ID_REGION = SUBSCRIBER_MONTH.column("id_region").values
LOCAL, OTHER_CITY, OTHER_PROVINCE = range(3)
CUSTOMER_CLASS = SUBSCRIBER_MONTH.column("customer_class").values
PUBLIC_CLASS, ENTERPRISE_CLASS, CAMPUS_CLASS = range(3)
PAYMENT = SUBSCRIBER_MONTH.column("payment").values
PREPAID, POSTPAID = range(2)
GROUP_ROLE = SUBSCRIBER_MONTH.column("group_role").values
MEMBER, CONTACT, KEY_PERSON, LEADER = range(4)
GROUP_CLASS = GROUP_ACCOUNT.column("class").values
RESULT = CONTACT_LOG.column("result").values
ASSIGNED, ATTEMPTED, REACHED, AGREED, REFUSED, NO_ANSWER, OPTED_OUT = range(7)

BRAND = ("gotone", "mzone", "easyown")
GOTONE, MZONE, EASYOWN = range(3)
CELL_KIND = ("residential", "work_site", "factory", "dormitory", "campus", "commercial")
RESIDENTIAL, WORK_SITE, FACTORY, DORMITORY, CAMPUS, COMMERCIAL = range(6)
PRODUCT_CLASS = (
    "wireless_broadband", "business_talk", "ifree", "student_card", "yijitong", "yixiaotong", "legacy_unicom", "iot",
    "business_navigator", "network_easy", "one_card_two_numbers", "secondary_number", "virtual_number",
    "internet_card", "data_card",
)  # fmt: skip
# Lines of these classes carry data and no calls.
DATA_ONLY = tuple(PRODUCT_CLASS.index(name) for name in ("wireless_broadband", "iot", "internet_card", "data_card"))
CHANNEL = ("hall", "community_manager", "telephone_manager", "account_manager", "e_channel", "hotline")
HALL, COMMUNITY_MANAGER, TELEPHONE_MANAGER, ACCOUNT_MANAGER, E_CHANNEL, HOTLINE = range(6)
