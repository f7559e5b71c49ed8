select j.key, j.job_group as "Group", j.job_name as Name, j.description, j.job_class_name as Type, j.state, j.durable, j.gone, j.slot,
  j.slot_enabled as SlotEnabled, coalesce(j.triggers, 0)::int as TriggerCount, j.since as RunningSinceTicks,
  coalesce(j.node, j.last_instance_name) as Node, j.retry_attempt as RetryAttempt, j.retry_policy as RetryPolicy,
  coalesce(j.retry_time, j.next_fire_time) as NextTicks, j.last_fired_time as LastTicks, j.last_run_time as LastRunTime,
  j.last_result as LastResultNumber, j.last_summary as Summary, j.runs, j.failures,
  case when j.failing > 0 or j.retry_attempt is not null then j.last_failure_message
    when j.broken then 'A trigger is in error: the job could not be made, or its class is not there.' end as Error,
  (select jsonb_agg(t)::text from (
     select q.trigger_group || '.' || q.trigger_name as key, lower(q.trigger_state) as state, c.cron_expression as cron,
       q.next_fire_time as next, q.prev_fire_time as previous, q.description
     from grace_jobs.qrtz_triggers q
     left join grace_jobs.qrtz_cron_triggers c on c.sched_name = q.sched_name and c.trigger_name = q.trigger_name and c.trigger_group = q.trigger_group
     where q.sched_name = 'grace' and q.job_name = j.job_name and q.job_group = j.job_group
     order by q.next_fire_time, q.trigger_name limit 20) t) as TriggersJson
from (
  select * from jobs
  where (@State::text is null or state = @State) and (@After::text is null or key collate "C" > @After)
    and (@Search::text is null or strpos(lower(concat_ws(' ', key, description, job_class_name, node, last_summary, last_failure_message)), lower(@Search)) > 0)
  order by key collate "C" limit @Limit) j
order by j.key collate "C"
