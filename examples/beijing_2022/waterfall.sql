-- From the base to the targets, step by step; a step that is not known to be true lets nobody through.
-- basekeep query - < waterfall.sql
select step, entered, "left", remaining
from waterfall
where scorecard = 'upgrade_5g_snapshot'
order by position
