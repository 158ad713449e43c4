-- The device gives the answer away: nearly every 5G network customer has a 5G device, so nothing here can be proved by it.
select case when device_5g then '5G' else '4G' end as device,
       count(*) filter (plan_generation = 5) as on_5g,
       count(*) filter (plan_generation < 5) as not_on_5g
from subscriber_month
group by device
order by device desc
