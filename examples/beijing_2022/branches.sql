-- The ranked list by branch: how many targets, how many of them have a 5G device already, how many stand in the first fifty,
-- and how many spend less than 50 yuan a month although their plan's tier is 50 or more.
select coalesce(name, '不详') as branch, count(*) as targets,
       count(*) filter (lead = 'device_without_plan') as has_5g_device,
       count(*) filter (rank <= 50) as in_first_50,
       count(*) filter (arpu_now < 50) as spends_under_50,
       max(points) as most_points
from target
join profile using (subscriber_id)
left join org_unit on unit_id = target.branch_id
group by name
order by targets desc, branch
