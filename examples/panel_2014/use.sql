-- Who leaves has often stopped using the line before: those who left in September, by their use in August.
with september as (
    select subscriber_id, status, mou_out + mou_in as minutes, data_mb
    from subscriber_month
    where month = date '2014-09-01'
),
base as (
    select coalesce(usage_state, 'unknown') as usage_state,
           september.subscriber_id is null
             or september.status = 'cancelled'
             or coalesce(minutes = 0 and data_mb = 0, false) as has_left
    from profile left join september using (subscriber_id)
)
select usage_state, count(*) as subscribers, count(*) filter (has_left) as "left",
       format('{:.1f}%', 100.0 * count(*) filter (has_left) / count(*)) as left_share
from base
group by usage_state
order by "left" / subscribers desc
