-- The role and the database of the nodes: run once at the primary, as the superuser. docs/guides/cluster.md has ${…}.
create role vestibule login password '${DATABASE_PASSWORD}';
-- PgBouncer gives a node another connection for each transaction, so these limits belong to the role.
alter role vestibule set statement_timeout = '10s';
alter role vestibule set lock_timeout = '5s';
alter role vestibule set idle_in_transaction_session_timeout = '30s';
create database vestibule owner vestibule;
