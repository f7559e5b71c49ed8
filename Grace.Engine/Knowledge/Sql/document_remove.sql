delete from grace.knowledge_documents where collection = @collection and source_key = any(@gone);
