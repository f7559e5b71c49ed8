-- History by time; Hangfire itself reads states by their job only.
create index if not exists state_by_time on hangfire.state (createdat desc, id desc);

-- The processes that serve this database, for the dashboard and for a quick take-over on the same host.
create table if not exists grace.nodes (
  id varchar primary key,
  host varchar not null,
  pid int not null,
  process_started bigint not null,
  roles varchar not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  -- paused: it takes no slot until somebody resumes it
  paused_at timestamptz,
  paused_by varchar,
  paused_reason text
);

-- The queues that its workers take from.
alter table grace.nodes add column if not exists queues varchar[] not null default '{default}';

-- What people did to jobs and nodes, for the history of both.
create table if not exists grace.job_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  by varchar not null,
  action varchar not null,
  target varchar not null,
  reason text,
  says text not null
);
create index if not exists job_actions_by_time on grace.job_actions (at desc, id desc);
create index if not exists job_actions_by_target on grace.job_actions (target, at desc, id desc);
