-- One artifact, as its first event tells of it.
insert into grace.artifacts
  (id, position, version, pipeline_id, phase, type, attempt, content_hash, size, created_at, playbook_id, playbook_version, body, search)
values
  ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
   setweight(to_tsvector('simple', $14), 'A') || setweight(to_tsvector('english', $15), 'B') || setweight(to_tsvector('simple', $16), 'D'))
on conflict (id) do nothing
