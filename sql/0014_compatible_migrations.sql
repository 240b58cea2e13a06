-- A version that lacks a migration may start on its database if the migration says that it is compatible (the first line
-- of its file). Programs of before this column refuse every migration that they do not know.
alter table schema_migrations add column is_compatible boolean not null default false;
