"""Who the subscribers are: what stays as it is over the months. One array element per subscription ever held."""

from __future__ import annotations

from dataclasses import dataclass

from basekeep.synth.draws import Array


@dataclass(frozen=True)
class People:
    """Founders first, then the newcomers month by month. Days since 1970; codes as in `codes`; −1 is none.

    The arrays are views in a block. Only a number hopper's re-entry writes to them: the newcomer's place is
    taken by the person who left the month before.
    """

    code: Array  # the number in the subscriber id, unordered
    customer: Array
    cohort: Array  # month index of joining, −1 for founders
    join_day: Array
    join_number: Array  # month number of joining
    household: Array
    branch: Array
    cell: Array
    cell_kind: Array
    address: Array
    migrant: Array
    birth_day: Array
    birth_month: Array  # of the year, from 0
    id_type: Array
    id_region: Array
    customer_class: Array
    brand: Array
    payment: Array
    product: Array
    is_staff: Array
    is_fake: Array
    red_list: Array
    black_list: Array
    is_main: Array
    secondary: Array
    fusion: Array
    broadband: Array
    family_account: Array
    directed: Array  # directed long distance
    group: Array
    role: Array
    vnet: Array
    bulk_day: Array  # the phone bought together with the group's: day and model
    bulk_model: Array
    hopper: Array
    value: Array  # standard normal: how much the line is worth
    voice: Array  # log of monthly minutes
    incoming: Array  # share of incoming minutes
    circle: Array  # log of the calling circle
    offnet: Array  # off-net share of the calling circle
    saturation: Array  # log of data used over data included
    extra: Array  # log of yuan beside the plan
    distance: Array  # share of outgoing minutes that are long distance
    coin: Array  # usual recharge in yuan
    discount: Array  # fee received over list price
    silent: Array
    pays_by_phone: Array
    response: Array  # rows × appeals, standard normal: see offers
    base_hazard: Array  # monthly, before all causes


@dataclass(frozen=True)
class State:
    """What changes from month to month, at the end of the month last made. Money in hundredths, MISSING unknown."""

    plan: Array
    upgrade_pack: Array
    device: Array
    device_day: Array
    device_5g: Array
    bound_day: Array
    extra_day: Array  # end of the value-added campaign
    services: Array  # value-added services
    services_before: Array  # the same a month earlier
    dual: Array
    fading: Array  # months of using less and less, 0 none
    wooed: Array  # months that a competitor's courting still lasts
    grieved: Array  # months that a complaint is still felt
    drift: Array  # slow change of the log of use
    mood: Array  # standard normal: how well the account is kept filled
    balance: Array
    balance_before: Array
    arpu: Array
    arpu_before: Array
    overdue_run: Array  # months in a row with a negative balance
    left: Array  # month index of leaving, NEVER while there
    left_silently: Array
    cause: Array
    away: Array  # months still to be away
    sell_log: Array  # the running sale: change of the log hazard, yuan of ARPU, last month index
    sell_yuan: Array
    sell_until: Array
    care_log: Array
    care_until: Array
    since_care: Array  # months since the last care contact
    opted_out: Array
    points: Array
    causes: Array  # bits: see causes
    hazard: Array  # of leaving next month
    earlier_left: Array  # rows × 3: month indices in which the customer left earlier numbers
