-- Claims the slots that want a job: recorded so, or held by a pipeline that nobody advances and for which no job is on its
-- way any more (its worker died, somebody deleted the job, a crash came before it was made).
update grace.slots s set ticket = s.ticket + 1, wants_job = false, job_id = null, dispatched_at = clock_timestamp()
from (
  select s.number, p.task, coalesce(p.current_phase, p.phases[1]) as phase, p.retry_at, p.failed_job
  from grace.slots s
  -- By key, slot by slot: what was estimated of a growing table must not make it a scan.
  cross join lateral (select * from grace.pipelines p where p.id = s.pipeline_id limit 1) p
  left join lateral (select * from hangfire.job j where j.id = s.job_id limit 1) j on true
  where s.wants_job or (
    (p.status = 'queued' or p.worker is null or p.lease_until < clock_timestamp())
    and coalesce(s.dispatched_at, '-infinity') < clock_timestamp() - case when j.statename = 'Failed' then interval '1 minute' else interval '3 seconds' end
    and (j.id is null or j.statename not in ('Enqueued', 'Scheduled')
      -- Fetched by a process that died before it began, or stuck: there is always a worker for it where a node takes from its queue.
      or (j.statename = 'Enqueued' and greatest(s.dispatched_at, p.retry_at) < clock_timestamp() - interval '10 seconds' and exists (
        select from grace.nodes where paused_at is null and roles like '%worker%' and s.queue = any(queues) and seen_at > clock_timestamp() - interval '10 seconds'))))
  for update of s skip locked) due
where s.number = due.number
returning s.number, s.ticket, s.pipeline_id, due.task, due.phase, due.retry_at, due.failed_job
