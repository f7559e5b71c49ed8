-- Hangfire's jobs as people see them, newest first. A stretch of a pipeline is told by its arguments: pipeline, task, phase.
select k.*, p.value is not null as retried from (
  select j.id, j.statename, case j.statename when 'Processing' then 'running' when 'Enqueued' then 'waiting' else lower(j.statename) end as state,
    j.createdat as CreatedAt, s.createdat as Since, split_part(j.invocationdata->>'Type', ',', 1) as type, j.invocationdata->>'Method' as method,
    case when stretch then (j.arguments->>0)::jsonb #>> '{}' end as PipelineId,
    case when stretch then (j.arguments->>1)::jsonb #>> '{}' end as task,
    case when stretch then (j.arguments->>2)::jsonb #>> '{}' end as phase,
    coalesce(s.data->>'ServerId', f.data->>'ServerId') as node, s.reason, s.data->>'ExceptionMessage' as error,
    case when s.name = 'Succeeded' then (s.data->>'Result')::jsonb #>> '{}' end as result, (s.data->>'EnqueueAt') as enqueue_at
  from hangfire.job j
  cross join lateral (select j.invocationdata->>'Type' like 'Grace.Engine.Jobs.Stretch,%' as stretch) w
  left join hangfire.state s on s.id = j.stateid
  left join lateral (select data from hangfire.state r where r.jobid = j.id and r.name = 'Processing' order by r.id desc limit 1) f on true
  where (@Id::bigint is null or j.id = @Id) and (@Statename::text is null or j.statename = @Statename) and (@After::bigint is null or j.id < @After)
  order by j.id desc) k
left join hangfire.jobparameter p on p.jobid = k.id and p.name = 'RetryCount'
where @Search::text is null or strpos(lower(concat_ws(' ', k.id, PipelineId, task, phase, type, node, reason, error, result)), lower(@Search)) > 0
order by k.id desc limit @Limit
