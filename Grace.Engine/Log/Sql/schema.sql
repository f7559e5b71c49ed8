-- The immutable log, in Marten's own table layout (string stream identity, one tenant) so that a Marten
-- application can open it. Columns of our own come after Marten's. Everything belongs to the role that ran
-- this; the application's role may read, and writes through grace.append alone.

create table if not exists grace.mt_streams (
  id varchar primary key,
  type varchar,
  version bigint,
  timestamp timestamptz not null default now(),
  created timestamptz not null default now(),
  tenant_id varchar default '*DEFAULT*',
  is_archived boolean default false
);

-- Room on the page, so that a new version of a stream's row touches no index.
alter table grace.mt_streams set (fillfactor = 40);

create sequence if not exists grace.mt_events_sequence;

create table if not exists grace.mt_events (
  seq_id bigint primary key default nextval('grace.mt_events_sequence'),
  id uuid not null,
  stream_id varchar references grace.mt_streams (id),
  version bigint not null,
  data jsonb not null,
  bdata bytea,
  type varchar(500) not null,
  timestamp timestamptz not null default now(),
  tenant_id varchar default '*DEFAULT*',
  mt_dotnet_type varchar,
  correlation_id varchar,
  causation_id varchar,
  headers jsonb,
  user_name varchar,
  is_archived boolean default false,
  -- ours: the writer's transaction (commit-ordered reading) and the stream's hash chain
  tx xid8 not null default pg_current_xact_id(),
  prev_hash bytea not null,
  hash bytea not null,
  constraint pk_mt_events_stream_and_version unique (stream_id, version),
  constraint mt_events_chain_does_not_fork unique (stream_id, prev_hash)
);
create index if not exists mt_events_commit_order on grace.mt_events (tx, seq_id);
create index if not exists mt_events_by_type on grace.mt_events (type, tx, seq_id);

create table if not exists grace.mt_event_progression (
  name varchar primary key,
  last_seq_id bigint,
  last_updated timestamptz default transaction_timestamp()
);

-- Signed roots over all streams: what a cut tail is found with. heads are the streams that changed since the
-- root before, as JSON {"stream": [version, "hash"]}; root = sha256(previous root, heads).
create table if not exists grace.log_roots (
  number bigint primary key,
  at timestamptz not null,
  events bigint not null,
  after_tx xid8 not null,
  upto_tx xid8 not null,
  heads text not null,
  previous bytea not null,
  root bytea not null,
  signature bytea not null,
  key_id varchar not null
);

-- Payloads, once each, by content.
create table if not exists grace.contents (
  hash varchar primary key,
  size bigint not null,
  bytes bytea not null
);

-- The only way into the log. Appends in one round trip; raises 'GR001' when p_expected is not the stream's version.
-- Returns the stream's new version and the last position.
--
-- An event's hash is sha256 over the previous hash of its stream and every stored column that means something, each as
-- octet_length ':' text ('-' for null), exactly as PostgreSQL stores it, in the order of SealedEvent.cs, which computes
-- the same without a database. The hash is written out here as one expression: a function call a field made this the
-- most expensive statement of all.
create or replace function grace.append(
  p_stream varchar, p_stream_type varchar, p_expected bigint, p_types varchar[], p_data text[], p_ids uuid[],
  p_at timestamptz, p_user varchar, p_correlation varchar, p_causation varchar, p_headers text,
  out new_version bigint, out last_seq_id bigint)
language plpgsql security definer set search_path = grace, pg_temp as $$
declare
  head bytea;
  this bytea;
  headers jsonb := p_headers::jsonb;
  micros text := (extract(epoch from p_at) * 1000000)::bigint::text;
  stream text := octet_length(p_stream) || ':' || p_stream;
  tail text;
  seq bigint;
  position text;
  version text;
  body jsonb;
  data text;
begin
  if p_expected = 0 then
    insert into mt_streams (id, type, version, timestamp, created)
    values (p_stream, p_stream_type, array_length(p_types, 1), p_at, p_at) on conflict (id) do nothing;
  else
    update mt_streams s set version = p_expected + array_length(p_types, 1), timestamp = p_at
    where s.id = p_stream and s.version = p_expected;
  end if;
  if not found then
    raise exception 'stream % is not at version %', p_stream, p_expected using errcode = 'GR001';
  end if;
  head := decode(repeat('00', 32), 'hex');
  if p_expected > 0 then
    select e.hash into strict head from mt_events e where e.stream_id = p_stream and e.version = p_expected;
  end if;
  tail := '-' || octet_length(micros) || ':' || micros || '9:*DEFAULT*' || '-'
    || coalesce(octet_length(p_correlation) || ':' || p_correlation, '-')
    || coalesce(octet_length(p_causation) || ':' || p_causation, '-')
    || coalesce(octet_length(headers::text) || ':' || headers::text, '-')
    || coalesce(octet_length(p_user) || ':' || p_user, '-') || '5:false';
  for i in 1 .. array_length(p_types, 1) loop
    seq := nextval('mt_events_sequence');
    position := seq::text;
    version := (p_expected + i)::text;
    body := p_data[i]::jsonb;
    data := body::text;
    this := sha256(head || convert_to(
      octet_length(position) || ':' || position || '36:' || p_ids[i] || stream || octet_length(version) || ':' || version
      || octet_length(p_types[i]) || ':' || p_types[i] || octet_length(data) || ':' || data || tail, 'UTF8'));
    insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, headers, user_name, prev_hash, hash)
    values (seq, p_ids[i], p_stream, p_expected + i, body, p_types[i], p_at, p_correlation, p_causation, headers, p_user, head, this);
    head := this;
  end loop;
  new_version := p_expected + array_length(p_types, 1);
  last_seq_id := seq;
end $$;

create or replace function grace.refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the log only grows: % on %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = 'GR002';
end $$;

create or replace function grace.refuse_stream_rewind() returns trigger language plpgsql as $$
begin
  if new.id <> old.id or new.version <= old.version or new.created <> old.created then
    raise exception 'the log only grows: stream % cannot go from version % to %', old.id, old.version, new.version using errcode = 'GR002';
  end if;
  return new;
end $$;

create or replace trigger mt_events_only_grow before update or delete or truncate on grace.mt_events
  for each statement execute function grace.refuse();
create or replace trigger mt_streams_stay before delete or truncate on grace.mt_streams
  for each statement execute function grace.refuse();
create or replace trigger mt_streams_only_advance before update on grace.mt_streams
  for each row execute function grace.refuse_stream_rewind();
create or replace trigger log_roots_only_grow before update or delete or truncate on grace.log_roots
  for each statement execute function grace.refuse();
create or replace trigger contents_only_grow before update or delete or truncate on grace.contents
  for each statement execute function grace.refuse();
