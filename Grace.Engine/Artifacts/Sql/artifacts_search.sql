-- The newest artifacts that match are ranked; a word that is everywhere must not cost a look at everything. The query is
-- written out each time, because the planner weighs the index only against a query it knows.
with matching as (
  select a.id, a.position, a.search from grace.artifacts a
  where a.search @@ ({0}) and querytree({0}) not in ('', 'T'){1} order by a.position desc limit @most),
best as (
  select m.id, ts_rank_cd(m.search, ({0}), 1) as rank from matching m order by rank desc, m.position desc offset @skip limit @limit),
quoted as (
  select a.*, b.rank, ts_headline('english', a.body, ({0}),
    'StartSel="' || chr(2) || '", StopSel="' || chr(3) || '", MaxFragments=2, MaxWords=40, MinWords=15, ShortWord=2, FragmentDelimiter=" … "') as headline
  from best b join grace.artifacts a on a.id = b.id)
select {2}, rank::float8 as Rank, headline as Headline, case when position(chr(2) in headline) = 0 then body end as Body
from quoted order by quoted.rank desc, quoted.position desc
