-- Of those who left in September 2014: how many had been warned in August, by rule, against the base rate?
-- basekeep query - < found.sql
with september as (
    select subscriber_id, status, mou_out + mou_in as minutes, data_mb
    from subscriber_month
    where month = date '2014-09-01'
),
base as (
    -- Left: no calls either way and no data, or no row at all; the high-value file says it by its label.
    select profile.subscriber_id,
           september.subscriber_id is null
             or september.status = 'cancelled'
             or coalesce(minutes = 0 and data_mb = 0, false) as has_left,
           usage_state is distinct from 'silent' as in_use
    from profile left join september using (subscriber_id)
),
listed as (
    -- A line for the base, one per rule, and one per segment of several rules: whoever any of them warned.
    select 'all' as segment, 'base' as rule, subscriber_id, has_left, in_use from base
    union all
    select segment, rule, subscriber_id, has_left, in_use from membership join base using (subscriber_id)
),
counted as (
    select segment, coalesce(rule, 'any') as rule,
           count(distinct subscriber_id) as warned,
           count(distinct subscriber_id) filter (has_left) as leavers,
           count(distinct subscriber_id) filter (in_use) as warned_in_use,
           count(distinct subscriber_id) filter (in_use and has_left) as leavers_in_use
    from listed
    group by grouping sets ((segment, rule), (segment))
    having grouping(rule) = 0 or count(distinct rule) > 1
)
-- in_use: the same among those who still used the line in August, where there was something left to keep.
select c.segment, c.rule, c.warned, c.leavers as "left",
       format('{:.1f}%', 100.0 * c.leavers / c.warned) as left_share,
       format('{:.2f}', c.leavers / c.warned / (b.leavers / b.warned)) as lift,
       format('{:.1f}%', 100.0 * c.leavers / b.leavers) as of_leavers,
       c.warned_in_use, c.leavers_in_use as left_in_use,
       format('{:.2f}', c.leavers_in_use / c.warned_in_use / (b.leavers_in_use / b.warned_in_use)) as lift_in_use
from counted as c, counted as b
where b.segment = 'all'
order by c.segment, c.rule
