-- Passages that have some of the words, those that cover most of the question's weight first. A word in the heading says
-- more about a passage than one in passing, and so does one in the title: they count double and half as much again.
with asked as materialized (
  select w.word::tsquery as word, (w.word || ':A')::tsquery as heading, (w.word || ':C')::tsquery as title, w.weight
  from unnest(@words::text[], @weights::float8[]) as w (word, weight)
),
covered as (
  select
    p.document_id, p.ordinal, ts_rank_cd(p.words, @any::tsquery, 33) as rank,
    c.coverage, c.strength
  from grace.knowledge_passages p
  join grace.knowledge_documents d on d.document_id = p.document_id
  cross join lateral (
    select
      sum(a.weight) as coverage,
      sum(a.weight * case when p.words @@ a.heading then 2 when p.words @@ a.title then 1.5 else 1 end) as strength
    from asked a
    where p.words @@ a.word) c
  where p.words @@ @any::tsquery
    and (@kinds::text[] is null or d.kind = any(@kinds))
    -- What another pipeline made counts where it was about the same repository, or neither had one.
    and (@notPipeline::text is null or d.pipeline_id is null or (d.pipeline_id <> @notPipeline
      and (select o.repository from grace.pipelines o where o.id = d.pipeline_id) is not distinct from (select m.repository from grace.pipelines m where m.id = @notPipeline)))
),
ranked as (
  select
    c.*,
    row_number() over (partition by c.document_id order by c.strength desc, c.rank desc, c.ordinal) as place
  from covered c
  where c.strength >= @floor
),
best as (
  select r.document_id, r.ordinal, r.rank, r.coverage, r.strength
  from ranked r
  where r.place <= @perDocument
  order by r.strength desc, r.rank desc, r.document_id, r.ordinal
  limit @limit
)
select
  d.source_key as SourceKey, p.ordinal as Ordinal, d.kind as Kind, d.title as Title, p.heading as Heading, d.uri as Uri,
  d.content_hash as ContentHash, b.rank::float8 as Rank, b.coverage::float8 as Coverage,
  ts_headline(
    'english', p.body, @any::tsquery,
    case when length(p.body) <= @whole then @marks || ', HighlightAll=true' else @marks || @fragments end) as Headline
from best b
join grace.knowledge_documents d on d.document_id = b.document_id
join grace.knowledge_passages p on p.document_id = b.document_id and p.ordinal = b.ordinal
order by b.strength desc, b.rank desc, b.document_id, b.ordinal;
