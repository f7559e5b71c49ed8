-- The read side of the pipeline streams: one row a pipeline for lists, the queue, and its lease. It can be rebuilt from the log.
create table if not exists grace.pipelines (
  id varchar primary key,
  number bigint generated always as identity unique,
  version bigint not null,
  task text not null,
  status varchar not null check (status in ('queued','running','paused','waiting_for_guardian','completed','failed','cancelled')),
  current_phase varchar,
  phases varchar[] not null,
  phase_statuses varchar[] not null,
  repository text,
  requested_by varchar not null,
  artifacts int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  error text,
  ahead_of_queue boolean not null default false,
  ready_at timestamptz not null,
  -- the lease of the worker that advances it: who, until when, and the token that every write of theirs carries
  worker varchar,
  lease_until timestamptz,
  slot int
);
-- Room on the page: most updates change no indexed column, and then stay on their page and touch no index.
alter table grace.pipelines set (fillfactor = 40);
create index if not exists pipelines_ready on grace.pipelines (ahead_of_queue desc, ready_at, number) where status = 'queued';
create index if not exists pipelines_by_status on grace.pipelines (status, number desc);
-- What a person has to decide, as the inbox shows it, and since when; pauses have the time, and the rest once they last.
alter table grace.pipelines add column if not exists waiting jsonb, add column if not exists waiting_since timestamptz;
create index if not exists pipelines_inbox on grace.pipelines (waiting_since, number) where waiting is not null;
create index if not exists pipelines_paused on grace.pipelines (waiting_since) where status = 'paused';
create index if not exists pipelines_running on grace.pipelines (slot) where status = 'running';
-- Neither column ever changes, so these cost an insert and no update.
create index if not exists pipelines_by_requester on grace.pipelines (requested_by, number desc);
create index if not exists pipelines_by_age on grace.pipelines (created_at);
create index if not exists pipelines_task_search on grace.pipelines using gin (to_tsvector('simple', task));

create index if not exists pipelines_ended on grace.pipelines (ended_at desc) where ended_at is not null;

-- How many pipelines ended, how, and how long they took, by the hour; under hour '-infinity' all there ever were. It stands
-- in place of counting what has been, which would grow with it. shard is the slot that ended them (0: a person), so that
-- slots never wait for one another's row: the sum over shards is what counts.
create table if not exists grace.pipeline_ends (
  hour timestamptz not null,
  status varchar not null,
  shard int not null,
  pipelines bigint not null,
  seconds double precision not null,
  primary key (hour, status, shard)
) with (fillfactor = 50);

-- Adds p_by ends (or takes them back: a retry) to the hour and to the whole.
create or replace function grace.count_end(p_status varchar, p_ended timestamptz, p_started timestamptz, p_shard int, p_by int)
returns void language sql as $$
  insert into grace.pipeline_ends (hour, status, shard, pipelines, seconds)
  select hour, p_status, p_shard, p_by, p_by * coalesce(extract(epoch from p_ended - p_started), 0)
  from (values (date_trunc('hour', p_ended, 'UTC')), ('-infinity'::timestamptz)) as of(hour)
  on conflict (hour, status, shard) do update
    set pipelines = pipeline_ends.pipelines + excluded.pipelines, seconds = pipeline_ends.seconds + excluded.seconds
$$;

-- The same anew, from the rows.
create or replace function grace.recount_ends() returns void language sql as $$
  delete from grace.pipeline_ends;
  insert into grace.pipeline_ends (hour, status, shard, pipelines, seconds)
  select hour, status, 0, count(*), sum(coalesce(extract(epoch from ended_at - started_at), 0))
  from grace.pipelines, lateral (values (date_trunc('hour', ended_at, 'UTC')), ('-infinity'::timestamptz)) as of(hour)
  where ended_at is not null and status in ('completed', 'failed', 'cancelled') group by hour, status
$$;
do $$ begin
  if not exists (select from grace.pipeline_ends) and exists (select from grace.pipelines where ended_at is not null) then
    lock table grace.pipelines in share row exclusive mode;
    perform grace.recount_ends();
  end if;
end $$;

-- When each person last looked at mission control, and since when what they have missed is to be told.
create table if not exists grace.visits (
  person varchar primary key,
  seen_at timestamptz not null,
  away_since timestamptz
);

-- One answer a key: the same caller, key and request give the same pipeline.
create table if not exists grace.idempotency_keys (
  caller varchar not null,
  key varchar not null,
  request_hash varchar not null,
  pipeline_id varchar not null,
  at timestamptz not null,
  primary key (caller, key)
);

-- Brings a pipeline's row up to date beside its events. A worker's write carries its token: raises 'GR003' when the
-- lease is another's by now, so that a worker that was thought dead and comes back cannot write.
drop function if exists grace.project_pipeline(
  varchar, varchar, bigint, varchar, varchar, varchar[], int, timestamptz, timestamptz, timestamptz, text, boolean, varchar, interval, int);
create or replace function grace.project_pipeline(
  p_id varchar, p_fence varchar, p_version bigint, p_status varchar, p_current_phase varchar, p_phase_statuses varchar[],
  p_artifacts int, p_updated timestamptz, p_started timestamptz, p_ended timestamptz, p_error text, p_ahead boolean,
  p_worker varchar, p_lease interval, p_slot int, p_waiting jsonb, p_waiting_since timestamptz)
returns void language plpgsql as $$
declare
  was varchar;
  began timestamptz;
  ended timestamptz;
  its_slot int;
begin
  -- Most boundaries lead from running to running and end nothing: they cost no look.
  if p_status <> 'running' then
    select p.status, p.started_at, p.ended_at, p.slot into was, began, ended, its_slot from grace.pipelines p where p.id = p_id;
  end if;
  update grace.pipelines set version = p_version, status = p_status, current_phase = p_current_phase, phase_statuses = p_phase_statuses,
    artifacts = p_artifacts, updated_at = p_updated, started_at = p_started, ended_at = p_ended, error = p_error,
    ahead_of_queue = p_ahead, ready_at = case when status <> 'queued' and p_status = 'queued' then p_updated else ready_at end,
    waiting = p_waiting, waiting_since = p_waiting_since,
    worker = case when p_status = 'running' then p_worker end,
    lease_until = case when p_status = 'running' then
      case when p_fence is null and p_slot is null then lease_until else clock_timestamp() + p_lease end end,
    slot = case when p_status in ('queued', 'running') then coalesce(p_slot, slot) end
  where id = p_id and (p_fence is null or worker = p_fence);
  if not found then
    raise exception 'pipeline % is not led by % any more', p_id, p_fence using errcode = 'GR003';
  end if;
  -- was is null where it was not looked at, and then nothing ended and nothing came back.
  if was <> p_status and p_status in ('completed', 'failed', 'cancelled') then
    perform grace.count_end(p_status, p_ended, p_started, coalesce(its_slot, 0), 1);
  end if;
  if was <> p_status and was in ('completed', 'failed', 'cancelled') then
    perform grace.count_end(was, ended, began, 0, -1);
  end if;
end $$;
