-- The read side of artifacts: one row each for lists and search. Empty it and its cursor ('artifacts' in
-- mt_event_progression), and the next start fills it from the log.
create table if not exists grace.artifacts (
  id varchar primary key,
  -- where the log first tells of it: the order of lists, and the cursor of their pages
  position bigint not null unique,
  -- of its own stream
  version bigint not null,
  pipeline_id varchar not null,
  phase varchar not null,
  type varchar not null,
  attempt int not null,
  content_hash varchar not null,
  size bigint not null,
  created_at timestamptz not null,
  superseded_by varchar,
  review varchar check (review in ('accepted', 'questioned')),
  review_comment text,
  reviewed_by varchar,
  reviewed_at timestamptz,
  playbook_id varchar,
  playbook_version int,
  -- what a search quotes, and what it looks at
  body text not null,
  search tsvector not null
);
create index if not exists artifacts_search on grace.artifacts using gin (search);
create index if not exists artifacts_of_pipeline on grace.artifacts (pipeline_id, phase, type);
create index if not exists artifacts_by_type on grace.artifacts (type, position desc);
create index if not exists artifacts_by_phase on grace.artifacts (phase, position desc);
create index if not exists artifacts_by_review on grace.artifacts (review, position desc) where review is not null;
