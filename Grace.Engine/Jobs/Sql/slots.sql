-- One row a slot. awake: its job is running or about to; it will look for ready pipelines once more before it sleeps.
create table if not exists grace.slots (
  number int primary key,
  awake boolean not null default false,
  node varchar,
  held_until timestamptz,
  enabled boolean not null default true
);

-- The processes that serve this database, for the dashboard and for a quick take-over on the same host.
create table if not exists grace.nodes (
  id varchar primary key,
  host varchar not null,
  pid int not null,
  process_started bigint not null,
  roles varchar not null,
  started_at timestamptz not null,
  seen_at timestamptz not null
);
