create schema if not exists grace;
