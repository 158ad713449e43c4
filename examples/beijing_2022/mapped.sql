-- What the mapping had to leave open or to settle.
select '用户' as zh, 'subscribers' as en, count(*) as subscribers from subscriber_month
union all
select '无激活与发卡日期，记为登记之前', 'no activation or card date: placed before the register', count(*) from subscriber_month where join_date = date '2008-04-30'
union all
select '分公司不详或为空', 'no branch', count(*) from subscriber_month where branch_id is null
union all
select '年龄未知', 'age unknown', count(*) from subscriber_month where birth_date is null
union all
select '无套餐档位', 'no plan tier', count(*) from subscriber_month where plan_fee is null
union all
select '畅享套餐', 'on a changxiang plan', count(*) from subscriber_month where plan_family = 'changxiang'
union all
select '由套外流量得知套内流量', 'allowance known from data beyond it', count(*) from subscriber_month where data_included_mb is not null
