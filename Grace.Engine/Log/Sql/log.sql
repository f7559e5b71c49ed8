-- What is ours beside Marten's tables, which it owns and migrates: columns and indexes of ours there would be dropped.

-- Each event's place in the commit order (sequence order is not commit order), and its link of its stream's hash chain. The
-- type is told again for the index that finds the newest of a type.
create table if not exists grace.log_proofs (
  seq_id bigint primary key,
  tx xid8 not null default pg_current_xact_id(),
  type varchar not null,
  prev_hash bytea not null,
  hash bytea not null
);
create index if not exists log_proofs_commit_order on grace.log_proofs (tx, seq_id);
create index if not exists log_proofs_by_type on grace.log_proofs (type, tx, seq_id);

-- Room on the page, so that a new version of a stream's row touches no index.
alter table grace.mt_streams set (fillfactor = 40);

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

-- Links an event to its stream's chain as it is inserted, by whomever. The hash is sha256 over the previous hash and every
-- stored column that means something, each as octet_length ':' text ('-' for null), exactly as PostgreSQL stores it, in the
-- order of SealedEvent.cs, which computes the same without a database. It is written out as one expression: a function call
-- a field made it the most expensive statement of all. A stream's versions are unique, so its chain cannot fork.
create or replace function grace.prove() returns trigger language plpgsql security definer set search_path = grace, pg_temp as $$
declare
  head bytea := decode(repeat('00', 32), 'hex');
  micros text := (extract(epoch from new.timestamp) * 1000000)::bigint::text;
  data text := new.data::text;
begin
  if new.version > 1 then
    select p.hash into head from mt_events e join log_proofs p using (seq_id) where e.stream_id = new.stream_id and e.version = new.version - 1;
    if not found then
      raise exception 'stream % has no version % that version % could follow', new.stream_id, new.version - 1, new.version using errcode = 'GR001';
    end if;
  end if;
  insert into log_proofs (seq_id, type, prev_hash, hash) values (new.seq_id, new.type, head, sha256(head || convert_to(
    octet_length(new.seq_id::text) || ':' || new.seq_id || '36:' || new.id || octet_length(new.stream_id) || ':' || new.stream_id
    || octet_length(new.version::text) || ':' || new.version || octet_length(new.type) || ':' || new.type || octet_length(data) || ':' || data
    || coalesce(octet_length(encode(new.bdata, 'hex')) || ':' || encode(new.bdata, 'hex'), '-') || octet_length(micros) || ':' || micros
    || coalesce(octet_length(new.tenant_id) || ':' || new.tenant_id, '-') || coalesce(octet_length(new.mt_dotnet_type) || ':' || new.mt_dotnet_type, '-')
    || coalesce(octet_length(new.correlation_id) || ':' || new.correlation_id, '-') || coalesce(octet_length(new.causation_id) || ':' || new.causation_id, '-')
    || '-' || coalesce(octet_length(new.user_name) || ':' || new.user_name, '-')
    || case when new.is_archived then '4:true' else '5:false' end, 'UTF8')));
  return null;
end $$;
create or replace trigger mt_events_proven after insert on grace.mt_events for each row execute function grace.prove();

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
create or replace trigger log_proofs_only_grow before update or delete or truncate on grace.log_proofs
  for each statement execute function grace.refuse();
