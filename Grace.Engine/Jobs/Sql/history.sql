-- The newest rows before a place, and of those the ones that are wanted; the last of a full window too, to go on from.
with runs as (
  select entry_id collate "C" as id, 'run' as kind, fired_time as ticks, job_group || '.' || job_name as target, instance_name as node,
    trigger_group || '.' || trigger_name as trigger, coalesce(nullif(error_message, ''), summary) as says, null::varchar as by, null::text as reason,
    retry_attempt, run_time,
    case when retry_scheduled then 'retrying' when result = 3 then 'skipped' when result = 2 then 'cancelled'
      when result = 0 or (result is null and succeeded) then 'succeeded' else 'failed' end as outcome
  from grace_jobs.qrtz_execution_history where sched_name = 'grace' /*runs*/
  order by fired_time desc, entry_id collate "C" desc limit @Window),
acts as (
  select k.place as id, 'action' as kind, k.ticks, target, null::text as node, null::text as trigger, says, by, reason,
    null::int as retry_attempt, null::bigint as run_time, action as outcome
  from grace.job_actions a cross join lateral (
    select to_char(a.id, 'fm0000000000000000000') collate "C" as place, (extract(epoch from a.at) * 10000000)::bigint + 621355968000000000 as ticks) k
  where true /*actions*/
  order by at desc, a.id desc limit @Window),
newest as (
  select * from runs union all select * from acts order by ticks desc, id desc limit @Window),
judged as (
  select n.*,
    (@Outcome::text is null or @Outcome = outcome or (@Outcome = 'action' and kind = 'action'))
      and (@Search::text is null or strpos(lower(concat_ws(' ', target, node, trigger, says, by, reason)), lower(@Search)) > 0) as wanted
  from newest n),
counted as (
  select j.*, count(*) filter (where wanted) over (order by ticks desc, id desc) as nth, row_number() over (order by ticks desc, id desc) as place from judged j)
select id, kind, ticks, target, node, trigger, says, by, reason, nullif(retry_attempt, 0) as RetryAttempt, run_time as RunTime, outcome, wanted,
  place = @Window as IsLast
from counted where (wanted and nth <= @Limit + 1) or place = @Window
order by ticks desc, id desc
