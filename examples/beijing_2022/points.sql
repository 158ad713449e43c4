-- How the points spread, and what each level leads with.
select points, count(*) as targets,
       count(*) filter (lead = 'device_without_plan') as device_without_plan,
       count(*) filter (lead = 'data_pack') as data_pack,
       count(*) filter (lead = 'plan_and_device') as plan_and_device
from target
group by points
order by points desc
