-- Actions: the tenant's own code, what of it is deployed, and where it is bound.

create table actions (
  id text primary key,
  name text not null unique,
  trigger text not null,
  trigger_version text not null,
  -- the draft; what runs is a version
  code text not null,
  dependencies jsonb not null default '[]',
  runtime text not null,
  -- sealed JSON array of {name, value, updated_at}; the row's identity is the additional data
  secrets_sealed bytea,
  deployed_version_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  built_at timestamptz
);

create table action_versions (
  action_id text not null references actions on delete cascade,
  id text not null unique,
  number integer not null,
  trigger text not null,
  trigger_version text not null,
  code text not null,
  dependencies jsonb not null default '[]',
  runtime text not null,
  secrets_sealed bytea,
  created_at timestamptz not null,
  built_at timestamptz not null,
  primary key (action_id, id),
  unique (action_id, number)
);

create table action_bindings (
  trigger text not null,
  position integer not null,
  id text not null unique,
  action_id text not null references actions,
  display_name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (trigger, position)
);
create index action_bindings_by_action on action_bindings (action_id);

alter table tenant
  -- changes with every deployment, binding and change of a deployed secret: what nodes have read is good for one revision
  add column actions_revision text not null default '',
  -- triggers with at least one bound and deployed Action: a login without any reads nothing more than before
  add column actions_bound text[] not null default '{}';

-- What post-login Actions asked for, carried to the tokens: {"id": claims, "access": claims, "scopes": {"add", "remove"}, …}.
alter table authorization_codes add column actions jsonb;
alter table sessions add column metadata jsonb not null default '{}';
alter table sessions add column idle_expires_at timestamptz;
-- [{"name", "timestamp"}]: what Actions recorded as done in this session (api.authentication.recordMethod)
alter table sessions add column methods jsonb not null default '[]';
alter table refresh_tokens add column metadata jsonb not null default '{}';
-- the token that was rotated into this one; null for the first of a family
alter table refresh_tokens add column parent_hash bytea;

-- Work for Actions that run after something was committed (post-user-registration, post-change-password). The event is sealed.
create table action_jobs (
  id text primary key,
  trigger text not null,
  organization_id text,
  event_sealed bytea not null,
  created_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0
);
create index action_jobs_due on action_jobs (next_attempt_at);
