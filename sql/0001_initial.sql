-- The first schema. Frozen once released: later changes are new files.
-- Rules: every hot table has its organization or its user first in its primary key; no sequences as identifiers;
-- secrets are sealed (bytea, AES-256-GCM, the row's identity as additional data) or stored as hashes; times are timestamptz.

create table tenant (
  id smallint primary key default 1 check (id = 1),
  friendly_name text not null default 'Vestibule',
  default_redirection_uri text,
  allow_organization_name boolean not null default false,
  -- languages of the pages, the default first; as Auth0's setting, so locales that have no texts here may be among them
  enabled_locales text[] not null default '{en}',
  -- changes with every text of custom_texts: what a node has read of them is good for one revision; '' means that there is none
  texts_revision text not null default '',
  membership_evaluation text not null default 'after_actions' check (membership_evaluation in ('after_actions', 'before_actions')),
  session_lifetime_seconds integer not null default 604800,
  idle_session_lifetime_seconds integer not null default 259200,
  -- changes with every deployment, binding and change of a deployed secret: what nodes have read is good for one revision
  actions_revision text not null default '',
  -- triggers with at least one bound and deployed Action: a login without any reads nothing more
  actions_bound text[] not null default '{}',
  -- the look of pages and mails, as the Management API has it: read with the rest of the row, so a page costs no further question
  branding jsonb not null default '{}',
  theme jsonb,
  -- the limits of tries, as the Management API has them (attack protection): read with the rest of the row by every login
  attack_protection jsonb not null default '{}',
  -- settings of Auth0's schema that are kept and given back but have no effect here
  extra jsonb not null default '{}',
  -- whose database this is: the first server that starts on it says so (src/storage/database/server-kind.ts)
  server_kind text check (server_kind in ('vestibule', 'auth0_double'))
);
insert into tenant default values;

-- Pages of the tenant's own making: kept and given back, never shown (ADR 0058). Not in the tenant's row, since every login reads that.
create table page_templates (
  name text primary key,
  body text not null
);

-- The tenant's own words for the pages (Auth0's prompts, screens and keys). Read when the revision in the tenant's row is a new one.
create table custom_texts (
  prompt text not null,
  language text not null,
  screens jsonb not null,
  primary key (prompt, language)
);

create table signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_key_sealed bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz
);

-- this server's own pair at SAML identity providers: one row, made at the first need
create table service_provider_keys (
  id text primary key check (id = 'saml'),
  certificate text not null,
  private_key_sealed bytea not null,
  created_at timestamptz not null
);

create table clients (
  client_id text primary key,
  name text not null,
  app_type text,
  secret_sealed bytea,
  token_endpoint_auth_method text not null default 'client_secret_post'
    check (token_endpoint_auth_method in ('none', 'client_secret_post', 'client_secret_basic', 'private_key_jwt')),
  -- ids of the credentials that it authenticates with, where the method is private_key_jwt
  authentication_credentials text[] not null default '{}',
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
  sso_disabled boolean not null default false,
  is_global boolean not null default false,
  client_metadata jsonb not null default '{}',
  extra jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index clients_by_age on clients (created_at, client_id);
create index clients_by_name on clients ((lower(name)) collate "C", client_id);

-- public keys of applications, for private_key_jwt
create table client_credentials (
  client_id text not null references clients on delete cascade,
  id text not null,
  name text not null default '',
  kid text not null,
  alg text not null check (alg in ('RS256', 'RS384', 'PS256')),
  -- PEM of the SubjectPublicKeyInfo
  public_key text not null,
  -- of the certificate, where one was given
  thumbprint_sha256 text,
  expires_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (client_id, id),
  unique (client_id, kid)
);

-- assertions of applications that were accepted: each once (RFC 7523, section 3, jti)
create table client_assertions (
  client_id text not null references clients on delete cascade,
  jti_hash bytea not null,
  expires_at timestamptz not null,
  primary key (client_id, jti_hash)
);

create table resource_servers (
  id text primary key,
  identifier text not null unique,
  name text,
  scopes jsonb not null default '[]',
  token_lifetime_seconds integer not null default 86400,
  allow_offline_access boolean not null default false,
  -- people get the scopes that roles and permissions permit them, and no others
  enforce_policies boolean not null default false,
  token_dialect text not null default 'access_token'
    check (token_dialect in ('access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz')),
  -- which applications may have tokens of people, and tokens of their own
  user_policy text not null default 'allow_all' check (user_policy in ('allow_all', 'deny_all', 'require_client_grant')),
  client_policy text not null default 'require_client_grant' check (client_policy in ('deny_all', 'require_client_grant')),
  is_system boolean not null default false,
  extra jsonb not null default '{}',
  created_at timestamptz not null
);
create index resource_servers_by_age on resource_servers (created_at, id);

create table client_grants (
  client_id text not null references clients on delete cascade,
  audience text not null references resource_servers (identifier) on delete cascade on update cascade,
  -- whose tokens: those of people, or the application's own
  subject_type text not null default 'client' check (subject_type in ('client', 'user')),
  id text not null unique,
  scopes text[] not null default '{}',
  -- every scope that the API has, now and later
  allow_all_scopes boolean not null default false,
  organization_usage text check (organization_usage in ('deny', 'allow', 'require')),
  allow_any_organization boolean not null default false,
  created_at timestamptz not null,
  primary key (client_id, audience, subject_type)
);
create index client_grants_by_age on client_grants (created_at, id);
create index client_grants_by_audience on client_grants (audience, created_at, id);

create table connections (
  id text primary key,
  name text not null unique,
  strategy text not null check (strategy in ('auth0', 'oidc', 'okta', 'waad', 'google-apps', 'samlp')),
  display_name text,
  -- options as Auth0's schema has them, without secrets
  options jsonb not null default '{}',
  -- sealed JSON object of the secret options (client_secret)
  secrets_sealed bytea,
  domain_aliases text[] not null default '{}',
  show_as_button boolean not null default true,
  is_domain_connection boolean not null default false,
  -- an organization enabled it once, so nobody signs in over it without one, until an operator says otherwise
  needs_organization boolean not null default false,
  metadata jsonb not null default '{}',
  -- changes with every write that matters to a login under way: the "fingerprint" of the linking rule, part 2
  revision text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index connections_by_age on connections (created_at, id);
create index connections_by_strategy on connections (strategy, created_at, id);
-- Users are searched by the name of a connection without regard to case.
create index connections_by_name_text on connections ((lower(name)) collate "C");
create index connections_by_shown_name on connections ((lower(coalesce(display_name, name))) collate "C", id);
-- Home realm discovery where the organization is picked after the sign-in: the connection that lists the domain of an address.
create index connections_by_domain_alias on connections using gin (domain_aliases);
-- A logout that a SAML identity provider asks for names the provider, and no connection.
create index connections_by_saml_issuer on connections ((options ->> 'issuer')) where strategy = 'samlp';

-- the keys with which a connection proves who it is at its identity provider (private_key_jwt)
create table connection_keys (
  connection_id text not null references connections on delete cascade,
  kid text not null,
  turn text not null check (turn in ('current', 'next', 'previous')),
  algorithm text not null,
  certificate text not null,
  private_key_sealed bytea not null,
  current_since timestamptz,
  current_until timestamptz,
  created_at timestamptz not null,
  primary key (connection_id, kid)
);
create unique index connection_keys_turns on connection_keys (connection_id, turn);

-- How the ids of the accounts begin that identity providers brought, and which connection and issuer they came from. Rows stay when the
-- connection is deleted: an application may have seen the ids, and they must not come to mean other people.
create table user_id_prefixes (
  connection_id text not null,
  -- without slashes at its end: SCIM reads it in the connection's options, a login in the ID token
  issuer text not null check (issuer = rtrim(issuer, '/')),
  prefix text not null unique,
  created_at timestamptz not null,
  primary key (connection_id, issuer)
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
-- Its order, and the search for a beginning: see users_by_name_text.
create index organizations_by_shown_name on organizations ((lower(coalesce(display_name, name))) collate "C", id);

-- The organizations that machines with a client grant may ask tokens of, where the grant does not allow any organization.
create table organization_client_grants (
  organization_id text not null references organizations on delete cascade,
  grant_id text not null references client_grants (id) on delete cascade,
  created_at timestamptz not null,
  primary key (organization_id, grant_id)
);
create index organization_client_grants_by_grant on organization_client_grants (grant_id, created_at, organization_id);

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
  -- the only people whom the connection signs in; empty: everybody
  pilot_emails text[] not null default '{}',
  revision text not null,
  created_at timestamptz not null,
  primary key (organization_id, connection_id)
);
-- who uses a connection, in the order in which they took it
create index organization_connections_by_connection on organization_connections (connection_id, created_at, organization_id);

create table discovery_domains (
  organization_id text not null references organizations on delete cascade,
  id text not null unique,
  domain text not null,
  status text not null check (status in ('pending', 'verified')),
  use_for_organization_discovery boolean not null default true,
  verification_txt text not null,
  verified_at timestamptz,
  -- of a verified domain: its TXT record was seen ('dns'), or an operator said so ('operator')
  proof text not null default 'operator' check (proof in ('dns', 'operator')),
  -- when the record was last seen
  checked_at timestamptz,
  -- the proof counts until then; null: until somebody takes it back
  expires_at timestamptz,
  -- what the last look found in place of the record
  check_problem text check (check_problem in ('no_such_name', 'no_text', 'other_text', 'too_much', 'timeout', 'server_failure')),
  -- when the tenant was told of it; null: not yet
  told_at timestamptz,
  -- the next look (ADR 0041)
  next_attempt_at timestamptz not null default 'infinity',
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, domain),
  -- proof by DNS always has an end, an operator's word has none
  check (status = 'pending' or (proof = 'dns') = (expires_at is not null))
);
-- a domain is proved by one organization or by none (linking rule, part 4: "exclusively")
create unique index discovery_domains_proved_once on discovery_domains (domain) where status = 'verified';
create index discovery_domains_due on discovery_domains (next_attempt_at) where status = 'verified' and proof = 'dns';

-- What a customer's administrator may set up by themselves (Auth0's self-service profiles).
create table self_service_profiles (
  id text primary key,
  name text not null,
  description text,
  -- [{"name", "description", "is_optional"}]: claims that the application needs
  user_attributes jsonb not null default '[]',
  -- {"logo_url", "colors": {"primary"}}, each may be missing
  branding jsonb,
  allowed_strategies text[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index self_service_profiles_by_age on self_service_profiles (created_at, id);

-- One ticket: the customer's administrator holds its secret, and its row holds how far they are. Nothing of it reaches a login until it was
-- tried and is put into use.
create table connection_setups (
  organization_id text not null references organizations on delete cascade,
  id text not null unique,
  profile_id text not null references self_service_profiles on delete cascade,
  ticket_hash bytea not null,
  -- created when the provider is chosen; another ticket may go on with it
  connection_id text references connections on delete set null,
  -- the request for the ticket: name of the connection, its settings for the organization, domains
  config jsonb not null,
  -- the provider that was chosen, by its name in the profile's list
  provider text,
  -- {"strategy", "options", "base"}, secrets among them: what the administrator typed last, for which settings
  candidate_sealed bytea,
  -- digest of the candidate that signed somebody in, which alone may be put into use; then that of the settings in use
  passed text,
  passed_at timestamptz,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (organization_id, id)
);
create index connection_setups_by_connection on connection_setups (connection_id);
create index connection_setups_by_profile on connection_setups (profile_id);
create index connection_setups_by_end on connection_setups (expires_at);

create table roles (
  id text primary key,
  name text not null unique,
  description text,
  created_at timestamptz not null
);
create index roles_by_age on roles (created_at, id);

-- Who runs this tenant (ADR 0062): one row, made at the first start. No deletion reaches what it names: the database refuses.
create table operators (
  id smallint primary key default 1 check (id = 1),
  organization_id text not null references organizations,
  -- passwords of operators; the organization may enable other connections beside it, or in its place
  connection_id text not null references connections,
  -- the console
  client_id text not null references clients,
  owner_role_id text not null references roles,
  support_role_id text not null references roles,
  viewer_role_id text not null references roles
);

create table users (
  user_id text primary key,
  email text,
  -- who vouched for the address: a mailed code or link ('mail'), the tenant's operator ('operator'), an organization that has proved the
  -- domain (its id), or an identity provider by its word alone ('idp'), which proves nothing elsewhere
  email_vouched_by text check (email_vouched_by in ('mail', 'operator', 'idp') or email_vouched_by like 'org\_%'),
  email_verified boolean not null generated always as (email_vouched_by is not null) stored,
  username text,
  phone_number text,
  name text,
  given_name text,
  family_name text,
  nickname text,
  picture text,
  blocked boolean not null default false,
  -- the company's SCIM set the block and may take it back; any other write of `blocked` makes it the operator's own
  blocked_by_scim boolean not null default false check (blocked or not blocked_by_scim),
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
-- The Management API's search and its orders. Of a text's beginning (`like`) only an index of collation "C" knows, whatever the database's is;
-- it orders by code points, so that a list has one order everywhere.
create index users_by_id_text on users (user_id collate "C");
create index users_by_email_text on users (email collate "C", user_id);
create index users_by_name_text on users ((lower(coalesce(name, email))) collate "C", user_id);
create index users_by_domain on users ((split_part(email, '@', 2)) collate "C", created_at, user_id);
create index users_by_verified on users (email_verified, created_at, user_id);
create index users_blocked on users (created_at, user_id) where blocked;

-- What a role permits: scopes of APIs. A scope that its API loses leaves these two tables in the same transaction.
create table role_permissions (
  role_id text not null references roles on delete cascade,
  resource_server_id text not null references resource_servers on delete cascade,
  permission text not null,
  primary key (role_id, resource_server_id, permission)
);
create index role_permissions_by_api on role_permissions (resource_server_id, permission);

-- What a person may do and is in the tenant as a whole: it counts in logins without an organization, as on Auth0. In an organization
-- member_roles and scim_group_roles count, and nothing else.
create table user_permissions (
  user_id text not null references users on delete cascade,
  resource_server_id text not null references resource_servers on delete cascade,
  permission text not null,
  primary key (user_id, resource_server_id, permission)
);
create index user_permissions_by_api on user_permissions (resource_server_id, permission);

create table user_roles (
  user_id text not null references users on delete cascade,
  role_id text not null references roles on delete cascade,
  created_at timestamptz not null,
  primary key (user_id, role_id)
);
create index user_roles_by_role on user_roles (role_id, created_at, user_id);

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
  -- of the address in the identity provider's answer: what is left of it when the identity is unlinked
  email_vouched_by text check (email_vouched_by in ('mail', 'operator', 'idp') or email_vouched_by like 'org\_%'),
  -- the user as SCIM wrote it (RFC 7643); null: SCIM wrote nothing about this person
  scim jsonb,
  -- the id that SCIM knows the person by; null: SCIM did not create this identity
  scim_id text unique,
  -- SCIM said active: false of an identity of an account that is not the connection's own: the account does not come in by this connection
  scim_inactive boolean not null default false,
  created_at timestamptz not null,
  bound_at timestamptz,
  primary key (user_id, id),
  check (status = 'expected' or subject is not null),
  check (subject is not null or expected_email is not null)
);
create unique index identities_bound_once on identities (connection_id, issuer, subject) where status = 'bound';
create unique index identities_expected_subject on identities (connection_id, subject) where status = 'expected' and subject is not null;
-- One subject of one issuer is one identity, bound or expected: a login that binds a person and a SCIM request that creates the same
-- person at the same time cannot both succeed.
create unique index identities_named_once on identities (connection_id, subject, rtrim(issuer, '/'))
  where subject is not null and issuer <> '';
-- a subject under whichever issuer: a stranger's login looks for a former one, and SCIM for the person
create index identities_by_subject on identities (connection_id, subject) where subject is not null;
create unique index identities_expected_email on identities (connection_id, expected_email) where status = 'expected' and subject is null;
-- one person has one subject at a connection (linking rule, part 5)
create unique index identities_one_per_connection on identities (user_id, connection_id) where status = 'bound';

-- RFC 7643 section 4.1.1: unique among the people of one client of the protocol, without regard to case
create unique index identities_scim_user_name on identities (connection_id, lower(scim ->> 'userName')) where scim is not null;
create index identities_scim_external_id on identities (connection_id, (scim ->> 'externalId')) where scim is not null;
-- each address that SCIM wrote, in lower case (src/storage/directory/scim/scim-filter.ts has the same expression)
create index identities_scim_emails on identities
  using gin ((lower(jsonb_path_query_array(scim, 'strict $.emails[*].value', '{}', true)::text)::jsonb) jsonb_path_ops) where scim is not null;
-- the people whom SCIM never wrote, by what their identity provider said; and all people of a connection in the order of a list
create index identities_said_user_name on identities
  (connection_id, lower(coalesce(profile ->> 'preferred_username', profile ->> 'email', subject))) where scim is null;
create index identities_said_email on identities (connection_id, lower(profile ->> 'email')) where scim is null;
create index identities_scim_by_age on identities (connection_id, created_at, id, user_id) where subject is not null or scim_id is not null;

-- Inbound SCIM of a connection: how its users are mapped, and the tokens of the company's directory.
create table scim_configurations (
  connection_id text primary key references connections on delete cascade,
  user_id_attribute text not null,
  -- [{"scim", "auth0"}]; null: the default mapping
  mapping jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index scim_configurations_by_age on scim_configurations (created_at, connection_id);

create table scim_tokens (
  connection_id text not null references scim_configurations on delete cascade,
  id text not null,
  token_hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null,
  -- null: until it is deleted
  expires_at timestamptz,
  -- to the minute
  last_used_at timestamptz,
  primary key (connection_id, id)
);

-- The groups of a company's directory. They end with the SCIM configuration: nobody could take a person out of them any more.
create table scim_groups (
  id text primary key,
  connection_id text not null references scim_configurations on delete cascade,
  display_name text not null,
  external_id text,
  -- counts the writes that changed the group or its members (ETag, RFC 7644 section 3.14)
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- A request that is sent again makes no second group: known by the directory's id, and by the name where it gives none.
create unique index scim_groups_external_id on scim_groups (connection_id, external_id) where external_id is not null;
create unique index scim_groups_named_once on scim_groups (connection_id, lower(display_name)) where external_id is null;
create index scim_groups_by_name on scim_groups (connection_id, lower(display_name));
create index scim_groups_by_age on scim_groups (connection_id, created_at, id);

-- Who is in a group: an identity at the group's connection, whichever account has it. Follows the identity when it is linked or unlinked.
create table scim_group_members (
  user_id text not null,
  identity_id text not null,
  group_id text not null references scim_groups on delete cascade,
  created_at timestamptz not null,
  primary key (user_id, identity_id, group_id),
  foreign key (user_id, identity_id) references identities on update cascade on delete cascade
);
create index scim_group_members_by_group on scim_group_members (group_id, created_at);

-- The roles that members of an organization have while they are in a group. They are never copied into member_roles: leaving the group, or
-- taking the row away, is enough to lose them, and a role that an administrator gave is no business of SCIM.
create table scim_group_roles (
  organization_id text not null,
  connection_id text not null,
  group_by text not null check (group_by in ('display_name', 'external_id')),
  group_name text not null,
  role_id text not null references roles on delete cascade,
  primary key (organization_id, connection_id, group_by, group_name, role_id),
  foreign key (organization_id, connection_id) references organization_connections on delete cascade
);
create index scim_group_roles_by_role on scim_group_roles (role_id);

-- Bound identities that an operator moved away from their user (an account that IT recreated): kept as they were, so that the move can be
-- taken back exactly. While a row stands, its subject is refused.
create table moved_identities (
  user_id text not null references users on delete cascade,
  id text not null,
  connection_id text not null references connections on delete cascade,
  issuer text not null,
  subject text not null,
  is_primary boolean not null,
  profile jsonb not null,
  bound_by text,
  evidence jsonb,
  email_vouched_by text check (email_vouched_by in ('mail', 'operator', 'idp') or email_vouched_by like 'org\_%'),
  created_at timestamptz not null,
  bound_at timestamptz,
  moved_at timestamptz not null,
  moved_by text not null,
  -- {"users", "identities", "members", "member_roles", "user_roles", "user_permissions"}: rows of the second account that the move took in
  absorbed jsonb,
  primary key (user_id, id)
);
create index moved_identities_by_subject on moved_identities (connection_id, issuer, subject);

create table password_credentials (
  user_id text not null references users on delete cascade,
  connection_id text not null references connections on delete cascade,
  email text not null,
  hash text not null,
  changed_at timestamptz not null,
  -- who vouches that its owner set it: a mailed code or link that the person showed ('mail'), or a client that may set passwords
  -- ('operator'). Null: nobody; it is ended when somebody proves the mailbox, or a company brings the person (linking rule, part 10)
  vouched_by text check (vouched_by in ('mail', 'operator')),
  primary key (user_id, connection_id),
  unique (connection_id, email)
);
-- Wrong passwords take as long as the costliest hash that is stored: which kinds and costs there are is looked up among those that
-- were imported, and not among all.
create index password_credentials_imported on password_credentials
  ((substring(hash from '^(\$2[aby]\$\d\d\$|\$argon2(?:id|i|d)\$v=\d+\$[^$]+\$|\$wrapped\$[^$]+\$)')))
  where hash not like '$argon2id$v=19$m=19456,t=2,p=1$%';

create table members (
  organization_id text not null references organizations on delete cascade,
  user_id text not null references users on delete cascade,
  -- how the membership came to be: the admission rule, or who wrote it
  via text not null check (via in ('invited', 'auto', 'action', 'management')),
  break_glass boolean not null default false,
  -- first login into the organization in which the person showed a password or a code of this account: evidence of the linking
  -- rule, part 7. It says nothing about attendance: who signs in by the company's provider has none
  first_used_at timestamptz,
  -- logins into this organization that were committed, whatever proved them
  first_login_at timestamptz,
  last_login_at timestamptz,
  created_at timestamptz not null,
  -- the address for which the organization alone vouches, as its application delivered the link of the invitation
  vouched_email text,
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
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- set by the commit of the login that used it, and by nothing else
  consumed_at timestamptz,
  consumed_by text,
  primary key (organization_id, id)
);
create index invitations_by_email on invitations (organization_id, invitee_email);
-- Of all organizations together: the newest, and those that end next.
create index invitations_by_age on invitations (created_at, id) where consumed_at is null;
create index invitations_by_end on invitations (expires_at, id) where consumed_at is null;
-- By the beginning of an address: of all organizations, and of one.
create index invitations_by_address on invitations (invitee_email collate "C", id) where consumed_at is null;
create index invitations_of_organization_by_address on invitations (organization_id, invitee_email collate "C", id) where consumed_at is null;

create table sessions (
  user_id text not null references users on delete cascade,
  session_hash bytea not null,
  id text not null,
  connection_id text not null references connections on delete cascade,
  authenticated_at timestamptz not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  idle_expires_at timestamptz,
  metadata jsonb not null default '{}',
  -- [{"name", "timestamp"}]: what Actions recorded as done in this session (api.authentication.recordMethod)
  methods jsonb not null default '[]',
  -- the person's session at the identity provider: {"name", "format", "nameQualifier", "spNameQualifier", "index", "issuedAt"}
  idp_session jsonb,
  -- the last line of the log about a sign-in by this session, and the sign-ins like it that have none: {"key", "line", "since", "lines", "count",
  -- "from", "to"}
  repeats jsonb,
  primary key (user_id, session_hash)
);
-- by the id alone, too: the Management API names a session so
create unique index sessions_by_id on sessions (id, user_id);
-- a logout that an identity provider asks for names a person, and no user
create index sessions_by_idp_name on sessions (connection_id, (idp_session ->> 'name')) where idp_session is not null;

create table authorization_codes (
  user_id text not null references users on delete cascade,
  code_hash bytea not null,
  client_id text not null references clients on delete cascade,
  organization_id text references organizations on delete cascade,
  session_id text,
  redirect_uri text not null,
  -- whether the application named it at /authorize: only then it names it again at the exchange (RFC 6749 section 4.1.3)
  redirect_uri_sent boolean not null default true,
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
  -- what post-login Actions asked for, carried to the tokens: {"id": claims, "access": claims, "scopes": {"add", "remove"}, …}
  actions jsonb,
  primary key (user_id, code_hash)
);

create table refresh_tokens (
  user_id text not null references users on delete cascade,
  token_hash bytea not null,
  -- the token that was rotated into this one; null for the first of a family
  parent_hash bytea,
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
  metadata jsonb not null default '{}',
  primary key (user_id, token_hash)
);
-- by the family alone, too: to the Management API it is the refresh token
create index refresh_tokens_by_family on refresh_tokens (family_id, user_id);

-- One row per committed login: the one-time id of its browser transaction. A second commit of the same transaction conflicts.
create table login_receipts (
  organization_id text not null default '',
  transaction_id text not null,
  expires_at timestamptz not null,
  primary key (organization_id, transaction_id)
);

-- Password reset, address verification, end of a block after wrong passwords: single use, bound to user and connection, expiring.
create table tickets (
  user_id text not null references users on delete cascade,
  ticket_hash bytea not null,
  purpose text not null check (purpose in ('password', 'verify_email', 'unblock')),
  connection_id text,
  email text not null,
  client_id text,
  organization_id text,
  result_url text,
  -- of the address, once the ticket is used: a link that this server mailed, or the operator's word where a link is handed out by the API
  vouches text check (vouches in ('mail', 'operator')),
  -- of the password that is set with it (password_credentials.vouched_by)
  password_vouched_by text check (password_vouched_by in ('mail', 'operator')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, ticket_hash)
);
-- Attack: guesses from many machines fill a mailbox. While a link waits, no further one is made.
create unique index tickets_one_unblock on tickets (user_id) where purpose = 'unblock' and used_at is null;

-- Attack protection: how often something was tried. Keys and subjects are hashes, no e-mail address is readable here. An operator sees and
-- lifts what is full by its subject: network is the one from which a subject was tried, as the log names it (null: from everywhere).
create table attempt_counters (
  key_hash bytea primary key,
  count integer not null,
  expires_at timestamptz not null,
  subject_hash bytea,
  network text,
  most integer
);
create index attempt_counters_subject_idx on attempt_counters (subject_hash) where subject_hash is not null;

-- What a browser has to keep of unfinished work and its cookies cannot take (a login with a very long state). Found by the hash of a key that
-- only the browser's sealed cookie has; networks are hashes, too. Limited for each network and in all, and over with the login.
create table cookie_overflow (
  key_hash bytea primary key,
  content_sealed bytea not null,
  machine_hash bytea not null,
  site_hash bytea not null,
  block_hash bytea not null,
  expires_at timestamptz not null
);
create index cookie_overflow_by_network on cookie_overflow (block_hash);

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

-- The mail server that the tenant set up by the Management API: while it is enabled, SMTP_URL is not used.
create table email_provider (
  id integer primary key check (id = 1),
  enabled boolean not null,
  default_from_address text,
  host text not null,
  port integer not null check (port between 1 and 65535),
  username text,
  -- the row's identity is the additional data
  password_sealed bytea,
  -- headers of each mail, as Auth0's settings.headers
  headers jsonb not null default '{}',
  -- changes with every change
  revision text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- The tenant's own words of mails, by Auth0's names.
create table email_templates (
  name text primary key,
  body text,
  from_address text,
  subject text,
  result_url text,
  syntax text,
  url_lifetime_seconds double precision,
  include_email_in_redirect boolean,
  enabled boolean,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

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
  -- the number of the transaction that wrote the line: log streams read lines in the order of (position, log_id), and only those below the
  -- oldest transaction that is still open, so that a line which is committed late is never passed over (ADR 0060)
  position bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (organization_id, log_id)
);
create unique index logs_by_id on logs (log_id);
-- what happened to one person
create index logs_by_user on logs (user_id, log_id) where user_id is not null;
-- the number that a person reads aloud
create index logs_by_reference on logs ((details ->> 'reference')) where details ->> 'reference' is not null;
-- the same refusal again, newest first
create index logs_by_code on logs (coalesce(details ->> 'code', details ->> 'check'), log_id)
  where coalesce(details ->> 'code', details ->> 'check') is not null;
-- Old lines are found by their date (VESTIBULE_LOG_RETENTION_DAYS). Lines are appended in the order of time, so a few bytes for each range
-- of pages are enough.
create index logs_by_date on logs using brin (date);
create unique index logs_by_position on logs (position, log_id);

-- Log streams: the log, sent on to an endpoint of the tenant's, in order.
create table log_streams (
  id text primary key,
  name text not null,
  status text not null check (status in ('active', 'paused', 'suspended')),
  is_priority boolean not null default false,
  -- names of categories; empty: every line
  filters text[] not null default '{}',
  endpoint text not null,
  content_type text not null,
  content_format text not null check (content_format in ('JSONLINES', 'JSONARRAY', 'JSONOBJECT')),
  -- sealed JSON {authorization, headers, signingSecret}; the row's identity is the additional data
  secrets_sealed bytea not null,
  start_from timestamptz,
  -- the last line that the endpoint took, or that the filters left out
  sent_position bigint not null,
  sent_log_id text not null,
  -- since when the endpoint has taken nothing, and how often it was tried since
  failing_since timestamptz,
  failures integer not null default 0,
  -- changes with every change of the settings, so that a worker stops sending by former ones
  revision text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  last_error text
);
create index log_streams_due on log_streams (next_attempt_at) where status = 'active';

-- Actions: the tenant's own code, what of it is deployed, and where it is bound.
create table actions (
  id text primary key,
  name text not null unique,
  trigger text not null,
  trigger_version text not null,
  -- the draft; what runs is a version
  code text not null,
  dependencies jsonb not null default '[]',
  -- [{module_id, module_name, module_version_id, module_version_number}]; neither a name nor a version ever changes
  modules jsonb not null default '[]',
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
  modules jsonb not null default '[]',
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

-- Modules of Actions: shared code, which an Action loads in the version that it names. A version never changes.
create table action_modules (
  id text primary key,
  name text not null unique,
  -- the draft; what Actions load is a version
  code text not null,
  dependencies jsonb not null default '[]',
  -- as in actions
  secrets_sealed bytea,
  -- false once it has been published as it is
  has_draft boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table action_module_versions (
  module_id text not null references action_modules on delete cascade,
  id text not null unique,
  number integer not null,
  code text not null,
  dependencies jsonb not null default '[]',
  secrets_sealed bytea,
  created_at timestamptz not null,
  primary key (module_id, id),
  unique (module_id, number)
);

-- Work for Actions that run after something was committed (post-user-registration, post-change-password). The event is sealed.
create table action_jobs (
  id text primary key,
  trigger text not null,
  organization_id text,
  event_sealed bytea not null,
  created_at timestamptz not null,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  last_error text
);
create index action_jobs_due on action_jobs (next_attempt_at);

-- Bulk imports of users: the jobs, and what was wrong with single users of their files. A day after its end a job is gone.

create table user_import_jobs (
  id text primary key,
  -- no reference: a job outlives its connection, and says so
  connection_id text not null,
  upsert boolean not null,
  external_id text,
  -- where a mail goes when the job has ended; null: nowhere
  notify text,
  -- the application that asked for it
  client_id text not null,
  status text not null check (status in ('pending', 'processing', 'completed', 'failed')),
  status_details text,
  -- the file as it came, sealed with the row's identity; taken away in the transaction that ends the job
  file_sealed bytea,
  total integer not null default 0,
  -- users of the file that are done with: moves in the transaction that writes the user
  position integer not null default 0,
  inserted integer not null default 0,
  updated integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  next_attempt_at timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  check ((finished_at is null) = (status in ('pending', 'processing'))),
  check (finished_at is null or file_sealed is null)
);
-- sealed bytes do not get smaller, so nobody need try
alter table user_import_jobs alter column file_sealed set storage external;
create index user_import_jobs_due on user_import_jobs (next_attempt_at) where finished_at is null;

create table user_import_errors (
  job_id text not null references user_import_jobs on delete cascade,
  position integer not null,
  -- sealed {"user", "errors"}: the user as the file has him, without hashes of passwords
  entry_sealed bytea not null,
  primary key (job_id, position)
);

-- Exports of users: the questions alone. The answer is made while it is fetched, and stored nowhere. A day later a job is gone.

create table user_export_jobs (
  id text primary key,
  -- null: everybody; no reference: a job outlives its connection, and has no file then
  connection_id text,
  format text not null check (format in ('json', 'csv')),
  -- most people of the file; null: all
  people_limit integer check (people_limit > 0),
  -- list of {"name", "exportAs"}; null: the fields that are usual
  fields jsonb,
  -- the application that asked for it
  client_id text not null,
  created_at timestamptz not null
);
