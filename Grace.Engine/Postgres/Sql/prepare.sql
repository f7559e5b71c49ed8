create schema if not exists grace;
create schema if not exists grace_jobs;
