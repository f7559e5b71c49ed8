-- What the phase made of the type before, where that is older than artifacts' streams: with one, its stream says so itself.
update grace.artifacts a set superseded_by = $1
where a.pipeline_id = $2 and a.phase = $3 and a.type = $4 and a.position < $5 and a.id <> $1 and a.superseded_by is null
  and not exists (select from grace.mt_streams s where s.id = a.id)
