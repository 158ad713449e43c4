-- The list itself: the first three of each branch, with reasons, what to lead with, and the talk script.
select coalesce(name, '不详') as branch, rank, subscriber_id, points, array_to_string(reasons_zh, '；') as reasons, lead_zh, script_zh
from target left join org_unit on unit_id = branch_id
qualify row_number() over (partition by name order by rank) <= 3
order by branch, rank
