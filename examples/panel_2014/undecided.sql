-- The warnings that could not be decided for everybody, and what they lack.
select segment, rule, members, non_members, not_evaluable,
       array_to_string(missing_columns, ' ') as needs_columns,
       array_to_string(missing_months, ' ') as needs_months
from rule_summary
where segment in ('low_usage', 'tariff_sensitive', 'downgrade_warning', 'churn_warning') and not_evaluable > 0
order by segment, rule
