-- One document, whole. The upsert locks its row, so two nodes that index it at once take turns.
insert into grace.knowledge_documents as d
  (source_key, kind, collection, title, uri, content_hash, cut_version, passage_count, pipeline_id, artifact_type, indexed_at)
values
  (@sourceKey, @kind, @collection, @title, @uri, @contentHash, @cutVersion, @passageCount, @pipelineId, @artifactType, @now)
on conflict (source_key) do update set
  kind = excluded.kind, collection = excluded.collection, title = excluded.title, uri = excluded.uri,
  content_hash = excluded.content_hash, cut_version = excluded.cut_version, passage_count = excluded.passage_count,
  pipeline_id = excluded.pipeline_id, artifact_type = excluded.artifact_type, indexed_at = excluded.indexed_at
returning document_id;
