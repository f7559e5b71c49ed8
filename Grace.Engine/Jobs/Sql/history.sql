-- Runs and actions are numbered each for themselves, so their ids say which they are.
-- The newest rows before a place, and of those the ones that are wanted; the last of a full window too, to go on from.
with runs as (
  select k.place as id, 'run' as kind, k.ticks, s.jobid::text as target, f.node,
    case when j.invocationdata->>'Type' like 'Grace.Engine.Jobs.Stretch,%' then (j.arguments->>0)::jsonb #>> '{}' end as pipeline_id,
    coalesce(s.data->>'ExceptionMessage', (s.data->>'Result')::jsonb #>> '{}', s.reason) as says, null::varchar as by, null::text as reason,
    extract(epoch from s.createdat - f.began)::float8 as seconds,
    case s.name when 'Scheduled' then 'retrying' else lower(s.name) end as outcome
  from hangfire.state s
  cross join lateral (
    select ('run-' || to_char(s.id, 'fm0000000000000000000')) collate "C" as place, (extract(epoch from s.createdat) * 10000000)::bigint + 621355968000000000 as ticks) k
  join hangfire.job j on j.id = s.jobid
  left join lateral (
    select r.createdat as began, r.data->>'ServerId' as node from hangfire.state r where r.jobid = s.jobid and r.id < s.id and r.name = 'Processing' order by r.id desc limit 1) f on true
  where s.name in ('Succeeded', 'Failed', 'Deleted', 'Scheduled') /*runs*/
  order by s.createdat desc, s.id desc limit @Window),
acts as (
  select k.place as id, 'action' as kind, k.ticks, target, null::text as node, null::text as pipeline_id, says, by, reason,
    null::float8 as seconds, action as outcome
  from grace.job_actions a cross join lateral (
    select ('action-' || to_char(a.id, 'fm0000000000000000000')) collate "C" as place, (extract(epoch from a.at) * 10000000)::bigint + 621355968000000000 as ticks) k
  where true /*actions*/
  order by at desc, a.id desc limit @Window),
newest as (
  select * from runs union all select * from acts order by ticks desc, id desc limit @Window),
judged as (
  select n.*,
    (@Outcome::text is null or @Outcome = outcome or (@Outcome = 'action' and kind = 'action'))
      and (@Search::text is null or strpos(lower(concat_ws(' ', target, node, pipeline_id, says, by, reason)), lower(@Search)) > 0) as wanted
  from newest n),
counted as (
  select j.*, count(*) filter (where wanted) over (order by ticks desc, id desc) as nth, row_number() over (order by ticks desc, id desc) as place from judged j)
select id, kind, ticks, target, node, pipeline_id as PipelineId, says, by, reason, seconds, outcome, wanted,
  place = @Window as IsLast
from counted where (wanted and nth <= @Limit + 1) or place = @Window
order by ticks desc, id desc
