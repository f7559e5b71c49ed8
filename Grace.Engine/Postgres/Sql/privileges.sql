-- The application's role: it reads the log and adds to it; it owns none of the tables.
revoke all on all tables in schema grace from grace_app;
grant usage on schema grace to grace_app;
grant select on all tables in schema grace to grace_app;
grant insert on grace.contents, grace.log_roots, grace.mt_events, grace.mt_streams to grace_app;
grant update on grace.mt_streams to grace_app;
grant usage, select on all sequences in schema grace to grace_app;
grant execute on all functions in schema grace to grace_app;
grant insert, update, delete on grace.mt_event_progression, grace.mt_event_projection_floors, grace.mt_high_water_skips, grace.mt_doc_deadletterevent, grace.pipelines, grace.idempotency_keys, grace.slots, grace.nodes,
  grace.knowledge_documents, grace.knowledge_passages, grace.playbook_runs, grace.playbook_rates, grace.trials,
  grace.failure_clusters, grace.failure_sightings, grace.missions, grace.lessons, grace.artifacts,
  grace.pipeline_ends, grace.visits, grace.webhooks, grace.webhook_secrets, grace.webhook_deliveries, grace.job_actions to grace_app;
grant usage on schema hangfire to grace_app;
grant select, insert, update, delete on all tables in schema hangfire to grace_app;
grant usage, select, update on all sequences in schema hangfire to grace_app;
grant usage on schema grace_access to grace_app;
grant select, insert, update on all tables in schema grace_access to grace_app;
grant delete on grace_access.person_claims, grace_access.person_logins, grace_access.person_tokens to grace_app;
grant usage, select on all sequences in schema grace_access to grace_app;
