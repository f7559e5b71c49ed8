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
  slot int,
  -- what a person has to decide, as the inbox shows it, and since when; pauses have the time, and the rest once they last
  waiting jsonb,
  waiting_since timestamptz
);
-- Until when the failed phase rests before it is tried again.
alter table grace.pipelines add column if not exists retry_at timestamptz;

-- The job of it that stands under Failed.
alter table grace.pipelines add column if not exists failed_job bigint;

-- Room on the page: most updates change no indexed column, and then stay on their page and touch no index.
alter table grace.pipelines set (fillfactor = 40);
create index if not exists pipelines_ready on grace.pipelines (ahead_of_queue desc, ready_at, number) where status = 'queued';
create index if not exists pipelines_by_status on grace.pipelines (status, number desc);
create index if not exists pipelines_inbox on grace.pipelines (waiting_since, number) where waiting is not null;
create index if not exists pipelines_paused on grace.pipelines (waiting_since) where status = 'paused';
-- By what never changes, so that giving a slot touches no index.
drop index if exists grace.pipelines_running;
create index if not exists pipelines_advancing on grace.pipelines (number) where status = 'running';
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
