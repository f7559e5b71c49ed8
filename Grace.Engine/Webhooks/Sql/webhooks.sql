-- Whom to tell of what over HTTP. The cursor is the position of the last event that was delivered, put aside or passed
-- over, and moves in the log's commit order; version is that of the webhook's stream in the log.
create table if not exists grace.webhooks (
  id varchar primary key,
  number bigint generated always as identity unique,
  version bigint not null,
  url varchar not null,
  types varchar[] not null,
  pipeline_id varchar,
  description varchar not null,
  paused_because varchar,
  created_by varchar not null,
  created_at timestamptz not null,
  cursor bigint not null,
  delivered bigint not null default 0,
  delivered_at timestamptz
);

-- Read for signing alone, by nothing that is shown.
create table if not exists grace.webhook_secrets (
  webhook_id varchar primary key references grace.webhooks (id) on delete cascade,
  secret bytea not null
);

-- waiting: tried and to be tried again at next_at; holds up what comes after it, unless a person asked for it (again).
create table if not exists grace.webhook_deliveries (
  id bigint generated always as identity primary key,
  webhook_id varchar not null references grace.webhooks (id) on delete cascade,
  position bigint not null,
  event_type varchar not null,
  status varchar not null check (status in ('waiting', 'delivered', 'dead')),
  again boolean not null default false,
  attempts int not null,
  next_at timestamptz,
  last_status int,
  last_error text,
  last_ms int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  unique (webhook_id, position),
  constraint waiting_has_a_time check ((status = 'waiting') = (next_at is not null))
);
create index if not exists webhook_deliveries_newest on grace.webhook_deliveries (webhook_id, id desc);
create index if not exists webhook_deliveries_by_status on grace.webhook_deliveries (webhook_id, status, id desc);
