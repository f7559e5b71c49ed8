-- Slots are rows: a pipeline that is to run fills one, from the transaction that makes it ready until the one that pauses or
-- ends it. So never more run than there are slots, over all nodes, whatever happens to jobs.
-- wants_job: a job has to be made for it (an outbox). ticket: counts the jobs made, and only the newest may take the pipeline.
create table if not exists grace.slots (
  number int primary key,
  enabled boolean not null default true,
  pipeline_id varchar unique,
  ticket bigint not null default 0,
  wants_job boolean not null default false,
  job_id bigint,
  dispatched_at timestamptz
);

-- The queue that its job is on.
alter table grace.slots add column if not exists queue varchar not null default 'default';

-- Frees the slot of a pipeline that left it, if one is named, and gives free slots to what is ready: resumed before queued.
-- p_again: it stays in its slot and another worker is to go on. Rows that others hold are passed over: who holds them looks
-- once more after its commit. Never by sorting: a plan made while the table was small would sort the whole queue for one.
create or replace function grace.give_slots(p_left varchar, p_again boolean) returns int language plpgsql set enable_sort = off set enable_incremental_sort = off set enable_bitmapscan = off as $$
declare
  free int;
  next varchar;
  given int := 0;
begin
  if p_again then
    update grace.slots set wants_job = true where pipeline_id = p_left;
    return 0;
  end if;
  if p_left is not null then
    update grace.slots set pipeline_id = null, wants_job = false, job_id = null where pipeline_id = p_left;
  end if;
  loop
    select number into free from grace.slots where enabled and pipeline_id is null order by number limit 1 for update skip locked;
    exit when free is null;
    update grace.pipelines set slot = free where id = (
      select id from grace.pipelines where status = 'queued' and slot is null order by ahead_of_queue desc, ready_at, number limit 1 for update skip locked)
    returning id into next;
    exit when next is null;
    update grace.slots set pipeline_id = next, wants_job = true, job_id = null where number = free;
    given := given + 1;
  end loop;
  return given;
end $$;

-- Says that a worker may take the pipeline that the slot holds, and keeps its row for the transaction; otherwise raises 'GR003'.
create or replace function grace.claim(p_pipeline varchar, p_slot int, p_ticket bigint) returns void language plpgsql as $$
begin
  perform from grace.slots s join grace.pipelines p on p.id = s.pipeline_id
  where s.number = p_slot and s.pipeline_id = p_pipeline and (p_ticket is null or s.ticket = p_ticket)
    and (p.status = 'queued' or (p.status = 'running' and (p.worker is null or p.lease_until < clock_timestamp())))
  for update of p;
  if not found then
    raise exception 'slot % does not hold pipeline % for this worker', p_slot, p_pipeline using errcode = 'GR003';
  end if;
end $$;
