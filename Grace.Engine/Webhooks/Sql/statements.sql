-- name: all
select w.id, w.number, w.version, w.url, w.types, w.pipeline_id, w.description, w.paused_because, w.created_by, w.created_at, w.cursor, w.delivered, w.delivered_at,
  (select count(*) from grace.webhook_deliveries d where d.webhook_id = w.id and d.status = 'waiting') as waiting,
  (select count(*) from grace.webhook_deliveries d where d.webhook_id = w.id and d.status = 'dead') as dead
from grace.webhooks w where $1::varchar is null or w.id = $1 order by w.number;

-- name: insert
insert into grace.webhooks (id, version, url, types, pipeline_id, description, created_by, created_at, cursor) values ($1, 1, $2, $3, $4, $5, $6, $7, $8);

-- name: insert_secret
insert into grace.webhook_secrets (webhook_id, secret) values ($1, $2);

-- name: secret
select secret from grace.webhook_secrets where webhook_id = $1;

-- name: pause
update grace.webhooks set version = version + 1, paused_because = $2 where id = $1;

-- name: delete
delete from grace.webhooks where id = $1;

-- name: waiting
select id, webhook_id, position, event_type, status, again, attempts, next_at, last_status, last_error, last_ms, first_at, last_at
from grace.webhook_deliveries where webhook_id = $1 and status = 'waiting' order by id limit 500;

-- name: deliveries
select id, webhook_id, position, event_type, status, again, attempts, next_at, last_status, last_error, last_ms, first_at, last_at
from grace.webhook_deliveries where webhook_id = $1 and id < $2 and status = $3 order by id desc limit $4;

-- name: deliveries_any
select id, webhook_id, position, event_type, status, again, attempts, next_at, last_status, last_error, last_ms, first_at, last_at
from grace.webhook_deliveries where webhook_id = $1 and id < $2 order by id desc limit $3;

-- name: delivery
select id, webhook_id, position, event_type, status, again, attempts, next_at, last_status, last_error, last_ms, first_at, last_at
from grace.webhook_deliveries where id = $1;

-- name: again
update grace.webhook_deliveries set status = 'waiting', again = true, attempts = 0, next_at = $2 where id = $1 and status <> 'waiting';

-- name: version_up
update grace.webhooks set version = version + 1 where id = $1;

-- name: pass
update grace.webhooks set cursor = $3 where id = $1 and cursor = $2 returning id;

-- name: first_try
with moved as (
  update grace.webhooks set cursor = $3, delivered = delivered + case when $5 = 'delivered' then 1 else 0 end,
    delivered_at = case when $5 = 'delivered' then $10 else delivered_at end
  where id = $1 and cursor = $2 returning id)
insert into grace.webhook_deliveries (webhook_id, position, event_type, status, attempts, next_at, last_status, last_error, last_ms, first_at, last_at)
select id, $3, $4, $5, 1, $6, $7, $8, $9, $10, $10 from moved
returning id;

-- name: next_try
with tried as (
  update grace.webhook_deliveries set status = $3, attempts = $2 + 1, next_at = $4, last_status = $5, last_error = $6, last_ms = $7, last_at = $8
  where id = $1 and status = 'waiting' and attempts = $2 returning webhook_id)
update grace.webhooks w set delivered = delivered + case when $3 = 'delivered' then 1 else 0 end, delivered_at = case when $3 = 'delivered' then $8 else delivered_at end
from tried where w.id = tried.webhook_id
returning w.id;

-- name: forget
delete from grace.webhook_deliveries where webhook_id = $1 and status = 'delivered' and id < (
  select id from grace.webhook_deliveries where webhook_id = $1 and status = 'delivered' order by id desc offset $2 limit 1);
