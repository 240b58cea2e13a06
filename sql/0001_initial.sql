-- The first schema. Frozen once released: later changes are new files.
-- Rules: every hot table has its organization or its user first in its primary key; no sequences as identifiers;
-- secrets are sealed (bytea, AES-256-GCM, the row's identity as additional data) or stored as hashes; times are timestamptz.

create table tenant (
  id smallint primary key default 1 check (id = 1),
  friendly_name text not null default 'Vestibule',
  default_redirection_uri text,
  allow_organization_name boolean not null default false,
  membership_evaluation text not null default 'after_actions' check (membership_evaluation in ('after_actions', 'before_actions')),
  session_lifetime_seconds integer not null default 604800,
  idle_session_lifetime_seconds integer not null default 259200,
  -- settings of Auth0's schema that are kept and given back but have no effect here
  extra jsonb not null default '{}'
);
insert into tenant default values;

create table signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_key_sealed bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz
);

create table clients (
  client_id text primary key,
  name text not null,
  app_type text,
  secret_sealed bytea,
  token_endpoint_auth_method text not null default 'client_secret_post'
    check (token_endpoint_auth_method in ('none', 'client_secret_post', 'client_secret_basic')),
  callbacks text[] not null default '{}',
  allowed_logout_urls text[] not null default '{}',
  web_origins text[] not null default '{}',
  grant_types text[] not null default '{authorization_code,refresh_token}',
  initiate_login_uri text,
  organization_usage text not null default 'deny' check (organization_usage in ('deny', 'allow', 'require')),
  organization_require_behavior text not null default 'no_prompt'
    check (organization_require_behavior in ('no_prompt', 'pre_login_prompt', 'post_login_prompt')),
  id_token_lifetime_seconds integer not null default 36000,
  -- refresh tokens: rotation, leeway, lifetimes (seconds), as Auth0's `refresh_token` object says
  refresh_rotating boolean not null default true,
  refresh_leeway_seconds integer not null default 0,
  refresh_lifetime_seconds integer not null default 2592000,
  refresh_idle_lifetime_seconds integer not null default 1296000,
  is_first_party boolean not null default true,
  is_global boolean not null default false,
  client_metadata jsonb not null default '{}',
  extra jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table resource_servers (
  id text primary key,
  identifier text not null unique,
  name text,
  scopes jsonb not null default '[]',
  token_lifetime_seconds integer not null default 86400,
  allow_offline_access boolean not null default false,
  is_system boolean not null default false,
  extra jsonb not null default '{}',
  created_at timestamptz not null
);

create table client_grants (
  client_id text not null references clients on delete cascade,
  audience text not null references resource_servers (identifier) on delete cascade,
  id text not null unique,
  scopes text[] not null default '{}',
  organization_usage text check (organization_usage in ('deny', 'allow', 'require')),
  allow_any_organization boolean not null default false,
  created_at timestamptz not null,
  primary key (client_id, audience)
);

create table connections (
  id text primary key,
  name text not null unique,
  strategy text not null check (strategy in ('auth0', 'oidc', 'okta', 'samlp')),
  display_name text,
  -- options as Auth0's schema has them, without secrets
  options jsonb not null default '{}',
  -- sealed JSON object of the secret options (client_secret)
  secrets_sealed bytea,
  domain_aliases text[] not null default '{}',
  show_as_button boolean not null default true,
  is_domain_connection boolean not null default false,
  metadata jsonb not null default '{}',
  -- changes with every write that matters to a login under way: the "fingerprint" of the linking rule, part 2
  revision text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table connection_clients (
  connection_id text not null references connections on delete cascade,
  client_id text not null references clients on delete cascade,
  primary key (connection_id, client_id)
);
create index connection_clients_by_client on connection_clients (client_id);

create table organizations (
  id text primary key,
  name text not null unique,
  display_name text,
  -- {"logo_url", "colors": {"primary", "page_background"}}, each may be missing
  branding jsonb,
  metadata jsonb not null default '{}',
  blocked boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index organizations_by_age on organizations (created_at, id);

create table organization_connections (
  organization_id text not null references organizations on delete cascade,
  connection_id text not null references connections on delete cascade,
  is_enabled boolean not null default true,
  assign_membership_on_login boolean not null default false,
  show_as_button boolean not null default true,
  is_signup_enabled boolean not null default false,
  organization_connection_name text,
  organization_access_level text not null default 'none',
  link_existing_members text not null default 'verified_email' check (link_existing_members in ('verified_email', 'never')),
  sso_rollout text not null default 'optional' check (sso_rollout in ('optional', 'required')),
  auto_membership_condition text,
  revision text not null,
  created_at timestamptz not null,
  primary key (organization_id, connection_id)
);
create index organization_connections_by_connection on organization_connections (connection_id);

create table discovery_domains (
  organization_id text not null references organizations on delete cascade,
  id text not null unique,
  domain text not null,
  status text not null check (status in ('pending', 'verified')),
  use_for_organization_discovery boolean not null default true,
  verification_txt text not null,
  verified_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, domain)
);
-- a domain is proved by one organization or by none (linking rule, part 4: "exclusively")
create unique index discovery_domains_proved_once on discovery_domains (domain) where status = 'verified';

create table roles (
  id text primary key,
  name text not null unique,
  description text,
  created_at timestamptz not null
);

create table users (
  user_id text primary key,
  email text,
  email_verified boolean not null default false,
  username text,
  phone_number text,
  name text,
  given_name text,
  family_name text,
  nickname text,
  picture text,
  blocked boolean not null default false,
  user_metadata jsonb not null default '{}',
  app_metadata jsonb not null default '{}',
  logins_count integer not null default 0,
  last_login_at timestamptz,
  last_ip text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index users_by_email on users (email);
create index users_by_age on users (created_at, user_id);

-- Who a user is elsewhere. A bound identity is (connection, issuer, subject); an expected one waits for the first login
-- that proves it (pre-provisioning): its subject, or only its address, is known.
create table identities (
  user_id text not null references users on delete cascade,
  id text not null,
  connection_id text not null references connections on delete cascade,
  status text not null check (status in ('bound', 'expected')),
  issuer text not null default '',
  subject text,
  expected_email text,
  is_primary boolean not null default false,
  profile jsonb not null default '{}',
  -- which rule bound it and on what evidence; who did it when it was not a login
  bound_by text,
  evidence jsonb,
  created_at timestamptz not null,
  bound_at timestamptz,
  primary key (user_id, id),
  check (status = 'expected' or subject is not null),
  check (subject is not null or expected_email is not null)
);
create unique index identities_bound_once on identities (connection_id, issuer, subject) where status = 'bound';
create unique index identities_expected_subject on identities (connection_id, subject) where status = 'expected' and subject is not null;
create unique index identities_expected_email on identities (connection_id, expected_email) where status = 'expected' and subject is null;
-- one person has one subject at a connection (linking rule, part 5)
create unique index identities_one_per_connection on identities (user_id, connection_id) where status = 'bound';

create table password_credentials (
  user_id text not null references users on delete cascade,
  connection_id text not null references connections on delete cascade,
  email text not null,
  hash text not null,
  changed_at timestamptz not null,
  primary key (user_id, connection_id),
  unique (connection_id, email)
);

create table members (
  organization_id text not null references organizations on delete cascade,
  user_id text not null references users on delete cascade,
  -- how the membership came to be: the admission rule, or who wrote it
  via text not null check (via in ('invited', 'auto', 'action', 'management')),
  break_glass boolean not null default false,
  -- first time this membership was used by a login: "has used this membership before" (linking rule, part 7)
  first_used_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, user_id)
);
create unique index members_by_user on members (user_id, organization_id);
create index members_by_age on members (organization_id, created_at, user_id);

create table member_roles (
  organization_id text not null,
  user_id text not null,
  role_id text not null references roles on delete cascade,
  primary key (organization_id, user_id, role_id),
  foreign key (organization_id, user_id) references members on delete cascade
);

create table invitations (
  organization_id text not null references organizations on delete cascade,
  id text not null,
  ticket_hash bytea not null unique,
  ticket_sealed bytea not null,
  client_id text not null references clients on delete cascade,
  connection_id text references connections on delete cascade,
  inviter_name text not null,
  invitee_email text not null,
  roles text[] not null default '{}',
  app_metadata jsonb,
  user_metadata jsonb,
  -- the application delivers the link itself (send_invitation_email: false): its ticket then stands for the mailbox
  delivered_by_application boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- set by the commit of the login that used it, and by nothing else
  consumed_at timestamptz,
  consumed_by text,
  primary key (organization_id, id)
);
create index invitations_by_email on invitations (organization_id, invitee_email);

create table sessions (
  user_id text not null references users on delete cascade,
  session_hash bytea not null,
  id text not null,
  connection_id text not null references connections on delete cascade,
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (user_id, session_hash)
);
create unique index sessions_by_id on sessions (user_id, id);

create table authorization_codes (
  user_id text not null references users on delete cascade,
  code_hash bytea not null,
  client_id text not null references clients on delete cascade,
  organization_id text references organizations on delete cascade,
  session_id text,
  redirect_uri text not null,
  scope text not null,
  audience text,
  nonce text,
  code_challenge text,
  authenticated_at timestamptz not null,
  connection_id text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- refresh tokens issued from this code, revoked when it is presented twice (RFC 6749 section 4.1.2)
  family_id text not null,
  primary key (user_id, code_hash)
);

create table refresh_tokens (
  user_id text not null references users on delete cascade,
  token_hash bytea not null,
  family_id text not null,
  client_id text not null references clients on delete cascade,
  organization_id text references organizations on delete cascade,
  connection_id text not null,
  session_id text,
  scope text not null,
  audience text,
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  idle_expires_at timestamptz not null,
  rotated_at timestamptz,
  revoked_at timestamptz,
  primary key (user_id, token_hash)
);
create index refresh_tokens_by_family on refresh_tokens (user_id, family_id);

-- One row per committed login: the one-time id of its browser transaction. A second commit of the same transaction conflicts.
create table login_receipts (
  organization_id text not null default '',
  transaction_id text not null,
  expires_at timestamptz not null,
  primary key (organization_id, transaction_id)
);

-- Password reset and address verification: single use, bound to user and connection, expiring.
create table tickets (
  user_id text not null references users on delete cascade,
  ticket_hash bytea not null,
  purpose text not null check (purpose in ('password', 'verify_email')),
  connection_id text,
  email text not null,
  client_id text,
  organization_id text,
  result_url text,
  mark_email_verified boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, ticket_hash)
);

-- Attack protection: how often something was tried. Keys are hashes, no address is readable here.
create table attempt_counters (
  key_hash bytea primary key,
  count integer not null,
  expires_at timestamptz not null
);

-- Mail to be sent. The body may carry a code or a ticket: it is sealed. Without SMTP_URL rows stay ("kept").
create table outbox (
  id text primary key,
  recipient text not null,
  template text not null,
  body_sealed bytea not null,
  created_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  sent_at timestamptz
);
create index outbox_due on outbox (next_attempt_at) where sent_at is null;

-- The login log: append only. '' stands for no organization.
create table logs (
  organization_id text not null default '',
  log_id text not null,
  date timestamptz not null,
  type text not null,
  description text,
  client_id text,
  user_id text,
  connection_id text,
  ip text,
  user_agent text,
  details jsonb not null default '{}',
  primary key (organization_id, log_id)
);
create unique index logs_by_id on logs (log_id);
-- the number that a person reads aloud
create index logs_by_reference on logs ((details ->> 'reference')) where details ->> 'reference' is not null;
