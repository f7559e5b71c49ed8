-- The lexemes of a text, and in how many passages and documents each is: a word that few documents have says more than one
-- that all have. The count stops at @most passages, because beyond it a word is simply common.
with asked as materialized (
  select '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' as word
  from unnest(tsvector_to_array(to_tsvector('english', @text))) as lexeme
)
select
  a.word as Word, found.passages::int as Passages, found.documents::int as Documents,
  (select count(*) from grace.knowledge_documents)::int as Total
from asked a
cross join lateral (
  select count(*) as passages, count(distinct hits.document_id) as documents
  from (select p.document_id from grace.knowledge_passages p where p.words @@ a.word::tsquery limit @most) as hits) as found;
