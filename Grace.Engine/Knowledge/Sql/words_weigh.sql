-- The lexemes of a text and how many passages have each: a word that few passages have says more than one that all have.
-- The count stops at @most, because beyond it a word is simply common.
with asked as materialized (
  select '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' as word
  from unnest(tsvector_to_array(to_tsvector('english', @text))) as lexeme
)
select
  a.word as Word,
  (select count(*) from (
     select 1 from grace.knowledge_passages p where p.words @@ a.word::tsquery limit @most) as hits)::int as Passages,
  greatest((select c.reltuples from pg_class c where c.oid = 'grace.knowledge_passages'::regclass), 0)::float8 as Total
from asked a;
