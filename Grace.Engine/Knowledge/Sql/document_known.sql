-- What is indexed of one collection.
select source_key as SourceKey, content_hash as ContentHash, cut_version as CutVersion
from grace.knowledge_documents
where collection = @collection;
