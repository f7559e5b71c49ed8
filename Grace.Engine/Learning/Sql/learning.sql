-- What the learning loop keeps of the log: every row can be made again by reading the log from its beginning.

-- One row a playbook run. verified: what the phase's verification made of it; null while that is open.
create table if not exists grace.playbook_runs (
  position bigint primary key,
  pipeline_id varchar not null,
  playbook_id varchar not null,
  version int not null,
  phase varchar not null,
  recovery boolean not null,
  first boolean not null,
  trial boolean not null,
  success boolean not null,
  verified boolean,
  seconds double precision not null,
  at timestamptz not null,
  error text
);
create index if not exists playbook_runs_open on grace.playbook_runs (pipeline_id) where verified is null;
create index if not exists playbook_runs_by_pipeline on grace.playbook_runs (pipeline_id, playbook_id, version);
create index if not exists playbook_runs_by_phase on grace.playbook_runs (phase, position desc) where success and not recovery;
create index if not exists playbook_runs_newest on grace.playbook_runs (playbook_id, position desc);

-- The sums over them, so that a success rate is one row by key however many runs there were.
create table if not exists grace.playbook_rates (
  playbook_id varchar not null,
  version int not null,
  runs bigint not null default 0,
  decided bigint not null default 0,
  proven bigint not null default 0,
  first_decided bigint not null default 0,
  first_proven bigint not null default 0,
  seconds double precision not null default 0,
  last_at timestamptz not null,
  primary key (playbook_id, version)
);
alter table grace.playbook_rates set (fillfactor = 50);

-- Trials under way and over: what the version in force had when the trial began, so that only runs of the same time are compared.
create table if not exists grace.trials (
  playbook_id varchar not null,
  version int not null,
  base_version int not null,
  share double precision not null,
  mission_id varchar,
  started_at timestamptz not null,
  base_decided bigint not null,
  base_proven bigint not null,
  looks int not null default 0,
  last_look jsonb,
  status varchar not null check (status in ('proposed', 'running', 'promoted', 'rolled_back')),
  primary key (playbook_id, version)
);

-- Failures, and the clusters that they are in.
create table if not exists grace.failure_clusters (
  id varchar primary key,
  number bigint generated always as identity,
  title text not null,
  count bigint not null,
  pipelines bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  buckets varchar[] not null,
  body jsonb not null
);
create index if not exists failure_clusters_buckets on grace.failure_clusters using gin (buckets);
create index if not exists failure_clusters_newest on grace.failure_clusters (last_at desc, id);
create table if not exists grace.failure_sightings (
  position bigint primary key,
  cluster_id varchar not null references grace.failure_clusters (id),
  pipeline_id varchar not null,
  kind varchar not null,
  phase varchar,
  playbook_id varchar,
  version int,
  at timestamptz not null,
  message text not null
);
create index if not exists failure_sightings_by_cluster on grace.failure_sightings (cluster_id, at desc);
create index if not exists failure_sightings_by_pipeline on grace.failure_sightings (pipeline_id, position);

create table if not exists grace.missions (
  id varchar primary key,
  cluster_id varchar not null,
  status varchar not null,
  outcome varchar,
  playbook_id varchar,
  launched_at timestamptz not null,
  concluded_at timestamptz,
  version bigint not null
);
create index if not exists missions_newest on grace.missions (launched_at desc, id);
create index if not exists missions_concluded on grace.missions (concluded_at desc) where concluded_at is not null;
create index if not exists missions_by_cluster on grace.missions (cluster_id, launched_at desc);

-- What was learnt and approved: a cluster of failures, and the fix that recovery applies.
create table if not exists grace.lessons (
  mission_id varchar primary key,
  cluster_id varchar not null,
  lesson text not null,
  fix varchar not null,
  context jsonb
);
create index if not exists lessons_by_cluster on grace.lessons (cluster_id);
