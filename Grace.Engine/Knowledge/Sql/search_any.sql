-- Passages that have some of the words, those that cover most of the question's weight first.
with asked as materialized (
  select w.word::tsquery as word, w.weight
  from unnest(@words::text[], @weights::float8[]) as w (word, weight)
),
any_of as materialized (
  select string_agg(a.word::text, ' | ')::tsquery as query from asked a
),
covered as (
  select
    p.document_id, p.ordinal, ts_rank_cd(p.words, o.query, 33) as rank,
    (select sum(a.weight) from asked a where p.words @@ a.word) as coverage
  from any_of o
  join grace.knowledge_passages p on p.words @@ o.query
  join grace.knowledge_documents d on d.document_id = p.document_id
  where (@kinds::text[] is null or d.kind = any(@kinds))
    and (@notPipeline::text is null or d.pipeline_id is distinct from @notPipeline)
),
ranked as (
  select
    c.*,
    row_number() over (partition by c.document_id order by c.coverage desc, c.rank desc, c.ordinal) as place
  from covered c
  where c.coverage >= @floor
),
best as (
  select r.document_id, r.ordinal, r.rank, r.coverage
  from ranked r
  where r.place <= @perDocument
  order by r.coverage desc, r.rank desc, r.document_id, r.ordinal
  limit @limit
)
select
  d.source_key as SourceKey, p.ordinal as Ordinal, d.kind as Kind, d.title as Title, p.heading as Heading, d.uri as Uri,
  d.content_hash as ContentHash, b.rank::float8 as Rank, b.coverage::float8 as Coverage,
  ts_headline('english', p.body, o.query, @headline) as Headline
from best b
cross join any_of o
join grace.knowledge_documents d on d.document_id = b.document_id
join grace.knowledge_passages p on p.document_id = b.document_id and p.ordinal = b.ordinal
order by b.coverage desc, b.rank desc, b.document_id, b.ordinal;
