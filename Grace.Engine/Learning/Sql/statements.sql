-- name: run
-- One playbook run, once; the sums go with it.
with new as (
  insert into grace.playbook_runs (position, pipeline_id, playbook_id, version, phase, recovery, first, trial, success, verified, seconds, at, error)
  values ($1, $2, $3, $4, $5, $6,
    not exists (select from grace.playbook_runs r where r.pipeline_id = $2 and r.playbook_id = $3 and r.version = $4 and r.position < $1),
    $7, $8, $9, $10, $11, $12)
  on conflict (position) do nothing
  returning playbook_id, version, first, verified, seconds, at)
insert into grace.playbook_rates as r (playbook_id, version, runs, decided, first_decided, seconds, last_at)
select playbook_id, version, 1, (verified is not null)::int, (first and verified is not null)::int, seconds, at from new
on conflict (playbook_id, version) do update set
  runs = r.runs + 1, decided = r.decided + excluded.decided, first_decided = r.first_decided + excluded.first_decided,
  seconds = r.seconds + excluded.seconds, last_at = greatest(r.last_at, excluded.last_at);

-- name: decide
-- The verification's word on the runs of these phases that are open; $6: none, where tests follow that say more.
with done as (
  update grace.playbook_runs set verified = $3
  where pipeline_id = $1 and verified is null and phase = any($2::varchar[]) and recovery = $4 and position < $5
    and not ($6 and exists (select from grace.pipelines where id = $1 and 'test' = any(phases)))
  returning playbook_id, version, first),
sums as (select playbook_id, version, count(*) as n, count(*) filter (where first) as f from done group by 1, 2)
update grace.playbook_rates r set
  decided = r.decided + s.n, proven = r.proven + case when $3 then s.n else 0 end,
  first_decided = r.first_decided + s.f, first_proven = r.first_proven + case when $3 then s.f else 0 end
from sums s where r.playbook_id = s.playbook_id and r.version = s.version
returning r.playbook_id;

-- name: put_cluster
insert into grace.failure_clusters (id, title, count, pipelines, first_at, last_at, buckets, body) values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
on conflict (id) do update set count = excluded.count, pipelines = excluded.pipelines, first_at = excluded.first_at, last_at = excluded.last_at, body = excluded.body;

-- name: put_sighting
insert into grace.failure_sightings (position, cluster_id, pipeline_id, kind, phase, playbook_id, version, at, message) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: propose_trial
insert into grace.trials (playbook_id, version, base_version, share, mission_id, started_at, base_decided, base_proven, status)
select $1, $2, $3, $4, $5, $6, coalesce(r.first_decided, 0), coalesce(r.first_proven, 0), case when $4 > 0 then 'running' else 'proposed' end
from (select 1) one left join grace.playbook_rates r on r.playbook_id = $1 and r.version = $3
on conflict (playbook_id, version) do nothing;

-- name: start_trial
update grace.trials t set status = 'running', share = $3, started_at = $4,
  base_decided = coalesce((select first_decided from grace.playbook_rates r where r.playbook_id = t.playbook_id and r.version = t.base_version), 0),
  base_proven = coalesce((select first_proven from grace.playbook_rates r where r.playbook_id = t.playbook_id and r.version = t.base_version), 0)
where t.playbook_id = $1 and t.version = $2 and t.status = 'proposed';

-- name: end_trial
update grace.trials set status = $3, last_look = coalesce($4::jsonb, last_look) where playbook_id = $1 and version = $2 and status in ('running', 'proposed');

-- name: look_trial
update grace.trials set looks = $3, last_look = $4::jsonb where playbook_id = $1 and version = $2 and status = 'running' and looks < $3;

-- name: running_trial
select t.version, t.base_version, t.share, t.mission_id, t.looks, coalesce(c.first_decided, 0), coalesce(c.first_proven, 0),
  coalesce(b.first_decided, 0), coalesce(b.first_proven, 0), t.base_decided, t.base_proven
from grace.trials t
left join grace.playbook_rates c on c.playbook_id = t.playbook_id and c.version = t.version
left join grace.playbook_rates b on b.playbook_id = t.playbook_id and b.version = t.base_version
where t.playbook_id = $1 and t.status = 'running';

-- name: put_mission
insert into grace.missions as m (id, cluster_id, status, outcome, playbook_id, launched_at, concluded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (id) do update set status = excluded.status, outcome = excluded.outcome, concluded_at = excluded.concluded_at, version = excluded.version
where m.version < excluded.version;

-- name: put_lesson
insert into grace.lessons (mission_id, cluster_id, lesson, fix, context) values ($1, $2, $3, $4, $5::jsonb) on conflict (mission_id) do nothing;
