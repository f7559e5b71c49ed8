delete from grace.knowledge_passages where document_id = @documentId;

insert into grace.knowledge_passages (document_id, ordinal, title, heading, body)
select @documentId, p.ordinal - 1, @title, p.heading, p.body
from unnest(@headings::text[], @bodies::text[]) with ordinality as p (heading, body, ordinal);
