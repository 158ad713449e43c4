-- What was stored of each month, and what of it is not known.
select strftime(month, '%Y-%m') as month, count(*) as subscribers,
       count(*) - count(arpu) as arpu_unknown,
       count(*) - count(offnet_contact_share) as no_outgoing_calls,
       count(*) filter (mou_out + mou_in = 0 and data_mb = 0) as silent
from subscriber_month
group by month
order by month
