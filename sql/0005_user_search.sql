-- Searches of people by metadata, username and by the dates of their last sign-in and change.
--
-- Every sign-in changes last_login_at and updated_at. An index on them would make each sign-in write an entry into every index of the table, since
-- PostgreSQL changes a row in place (HOT) only if no indexed column changes. The day changes once a day.
alter table users
  add column last_login_day date generated always as ((last_login_at at time zone 'UTC')::date) stored,
  add column updated_day date generated always as ((updated_at at time zone 'UTC')::date) stored;

create index users_by_last_login on users (last_login_day) where last_login_day is not null;
create index users_by_change on users (updated_day);
create index users_by_username on users (username collate "C") where username is not null;
create index users_app_metadata on users using gin (app_metadata jsonb_path_ops) where app_metadata <> '{}';
create index users_user_metadata on users using gin (user_metadata jsonb_path_ops) where user_metadata <> '{}';
