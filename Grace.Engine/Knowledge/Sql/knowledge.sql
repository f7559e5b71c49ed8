-- What Research searches: documents cut into passages. Runs again without effect.
create schema if not exists grace;

create table if not exists grace.knowledge_documents (
  document_id    bigint generated always as identity primary key,
  source_key     text not null unique,
  kind           text not null check (kind in ('handbook', 'folder', 'artifact')),
  -- What is indexed as one set, so that a document missing from the set is known to be gone.
  collection     text not null,
  title          text not null,
  uri            text not null,
  content_hash   text not null,
  -- The way of cutting; a document cut the old way is cut again although its content did not change.
  cut_version    integer not null,
  passage_count  integer not null check (passage_count >= 0),
  pipeline_id    text,
  artifact_type  text,
  indexed_at     timestamptz not null
);

create index if not exists knowledge_documents_collection on grace.knowledge_documents (collection);

create table if not exists grace.knowledge_passages (
  document_id  bigint not null references grace.knowledge_documents (document_id) on delete cascade,
  ordinal      integer not null,
  title        text not null,
  heading      text not null,
  body         text not null,
  words        tsvector not null generated always as (
                 setweight(to_tsvector('english', heading), 'A')
                 || setweight(to_tsvector('english', title), 'C')
                 || setweight(to_tsvector('english', body), 'D')) stored,
  primary key (document_id, ordinal)
);

-- Written seldom and searched often: a list of pending entries would slow every search down, and make the planner avoid the index.
create index if not exists knowledge_passages_words on grace.knowledge_passages using gin (words) with (fastupdate = off);

-- Passages with remedies: few, and looked for as a whole.
create index if not exists knowledge_passages_remedies on grace.knowledge_passages (document_id) where body like '%```remedy%';
