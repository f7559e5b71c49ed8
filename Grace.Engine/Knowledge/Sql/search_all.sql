-- Passages that have every word asked for; quotes, or and - work as in a web search.
-- The query is written out each time, because the planner weighs the index only against a query it knows.
with ranked as (
  select
    p.document_id, p.ordinal, ts_rank_cd(p.words, websearch_to_tsquery('english', @text), 33) as rank,
    row_number() over (
      partition by p.document_id
      order by ts_rank_cd(p.words, websearch_to_tsquery('english', @text), 33) desc, p.ordinal) as place
  from grace.knowledge_passages p
  join grace.knowledge_documents d on d.document_id = p.document_id
  where p.words @@ websearch_to_tsquery('english', @text)
    -- Empty, or nothing but exclusions: no index can answer it, and it names no subject.
    and querytree(websearch_to_tsquery('english', @text)) not in ('', 'T')
    and (@kinds::text[] is null or d.kind = any(@kinds))
    -- What another pipeline made counts where it was about the same repository, or neither had one.
    and (@notPipeline::text is null or d.pipeline_id is null or (d.pipeline_id <> @notPipeline
      and (select o.repository from grace.pipelines o where o.id = d.pipeline_id) is not distinct from (select m.repository from grace.pipelines m where m.id = @notPipeline)))
),
best as (
  select r.document_id, r.ordinal, r.rank
  from ranked r
  where r.place <= @perDocument
  order by r.rank desc, r.document_id, r.ordinal
  limit @limit
)
select
  d.source_key as SourceKey, p.ordinal as Ordinal, d.kind as Kind, d.title as Title, p.heading as Heading, d.uri as Uri,
  d.content_hash as ContentHash, b.rank::float8 as Rank, 1.0::float8 as Coverage,
  ts_headline(
    'english', p.body, websearch_to_tsquery('english', @text),
    case when length(p.body) <= @whole then @marks || ', HighlightAll=true' else @marks || @fragments end) as Headline
from best b
join grace.knowledge_documents d on d.document_id = b.document_id
join grace.knowledge_passages p on p.document_id = b.document_id and p.ordinal = b.ordinal
order by b.rank desc, b.document_id, b.ordinal;
