-- How well does the plain number of warnings tell those who left from those who stayed? 0.5 is a coin, 1 is perfect.
-- It is the chance that, of a leaver and a stayer taken at random, the leaver has more; equal numbers count half.
with september as (
    select subscriber_id, status, mou_out + mou_in as minutes, data_mb
    from subscriber_month
    where month = date '2014-09-01'
),
base as (
    select profile.subscriber_id,
           september.subscriber_id is null
             or september.status = 'cancelled'
             or coalesce(minutes = 0 and data_mb = 0, false) as has_left,
           coalesce(mou, 0) as minutes_in_august
    from profile left join september using (subscriber_id)
),
counted as (
    -- dual_sim stands in two segments and counts once.
    select base.subscriber_id, any_value(has_left) as has_left, any_value(minutes_in_august) as minutes_in_august,
           count(distinct rule) filter (segment in ('low_usage', 'tariff_sensitive', 'downgrade_warning', 'churn_warning'))
             as shipped_rules,
           count(distinct rule) filter (segment not in ('tenured_care', 'new_recharge')) as with_recent_fall
    from base left join membership using (subscriber_id)
    group by base.subscriber_id
),
signs as (
    select 'warnings, shipped rules' as sign, shipped_rules as strength, has_left from counted
    union all
    select 'warnings, with recent_fall', with_recent_fall, has_left from counted
    union all
    select 'fewest minutes in August', -minutes_in_august, has_left from counted
),
strengths as (
    select sign, strength, count(*) filter (has_left) as leavers, count(*) filter (not has_left) as stayers
    from signs
    group by sign, strength
)
select sign,
       format('{:.3f}', sum(l.leavers * s.stayers
                            * case when l.strength > s.strength then 1.0 when l.strength = s.strength then 0.5 else 0.0 end)
                        / sum(l.leavers * s.stayers)) as auc
from strengths as l join strengths as s using (sign)
group by sign
order by sign desc
