-- Every job there is, with the state it is in; also one that is gone and whose last run failed. Times are Quartz's ticks.
with known as (
  select coalesce(d.job_group, s.job_group) as job_group, coalesce(d.job_name, s.job_name) as job_name, d.job_name is null as gone,
    coalesce(d.is_durable, false) as durable, d.description, d.job_class_name, s.last_fired_time, s.last_run_time, s.last_result,
    s.last_summary, s.last_instance_name, s.last_failure_message, coalesce(s.consecutive_failures, 0) as failing,
    coalesce(s.run_count, 0) as runs, coalesce(s.failure_count, 0) as failures
  from (select * from grace_jobs.qrtz_job_details where sched_name = 'grace') d
  full join (select * from grace_jobs.qrtz_job_status where sched_name = 'grace') s on s.job_group = d.job_group and s.job_name = d.job_name
  where d.job_name is not null or s.consecutive_failures > 0),
waiting as (
  select job_group, job_name, count(*) as triggers, bool_or(trigger_state = 'ERROR') as broken,
    bool_and(trigger_state in ('PAUSED', 'PAUSED_BLOCKED')) as paused,
    min(next_fire_time) filter (where trigger_state in ('WAITING', 'ACQUIRED', 'BLOCKED')) as next_fire_time,
    max(retry_attempt) filter (where retry_attempt > 0) as retry_attempt,
    min(next_fire_time) filter (where retry_attempt > 0) as retry_time, max(retry_policy) filter (where retry_attempt > 0) as retry_policy
  from grace_jobs.qrtz_triggers where sched_name = 'grace' group by job_group, job_name),
running as (
  select job_group, job_name, min(fired_time) as since, (array_agg(instance_name order by fired_time))[1] as node
  from grace_jobs.qrtz_fired_triggers where sched_name = 'grace' and state = 'EXECUTING' group by job_group, job_name),
jobs as (
  select k.job_group || '.' || k.job_name as key, k.*, s.number as slot, coalesce(s.enabled, false) as slot_enabled,
    w.triggers, w.next_fire_time, w.retry_attempt, w.retry_time, w.retry_policy, w.broken, r.since, r.node,
    case when r.since is not null then 'running' when w.broken then 'failed' when w.retry_attempt is not null then 'retrying'
      when k.failing > 0 then 'failed' when w.paused then 'paused' when w.next_fire_time is not null then 'scheduled' else 'idle' end as state
  from known k
  left join waiting w on w.job_group = k.job_group and w.job_name = k.job_name
  left join running r on r.job_group = k.job_group and r.job_name = k.job_name
  left join grace.slots s on k.job_group = 'slots' and k.job_name = 'slot-' || s.number)
