-- The schema of a migrated database, read back from its catalogue; the server never runs this file.
-- Written by `npx tsx scripts/dump-schema.ts`: change the numbered files, not this one.

CREATE OR REPLACE FUNCTION public.back_channel_logout(extra jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when extra -> 'oidc_logout' ? 'backchannel_logout_urls' then extra -> 'oidc_logout' else extra -> 'oidc_backchannel_logout' end
$function$;
CREATE OR REPLACE FUNCTION public.back_channel_logout_url(extra jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select nullif(back_channel_logout(extra) -> 'backchannel_logout_urls' ->> 0, '')
$function$;
CREATE OR REPLACE FUNCTION public.change_settings_revision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- Once a transaction: a write of many rows calls this for each of them.
  if current_setting('vestibule.settings_changed_by', true) is distinct from pg_current_xact_id()::text then
    update settings_revision set revision = gen_random_uuid() where id = 1;
    perform set_config('vestibule.settings_changed_by', pg_current_xact_id()::text, true);
  end if;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.forget_clients_of_members()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
  delete from session_clients c using deleted d where c.user_id = d.user_id and c.organization_id = d.organization_id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.forget_clients_of_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
  delete from session_clients c using deleted d where c.user_id = d.user_id and c.session_id = d.id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.queue_logout_notices()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
  insert into logout_notices (user_id, session_id, client_id, initiator)
  select d.user_id, d.session_id, d.client_id, w.initiator
  -- without those of an application that is being deleted
  from deleted d join clients k on k.client_id = d.client_id left join users u on u.user_id = d.user_id
  cross join lateral (select case
      when u.user_id is null then 'account-deleted'
      when coalesce(current_setting('vestibule.session_end', true), '') <> '' then current_setting('vestibule.session_end', true)
      when u.blocked then 'account-deactivated'
      else 'session-revoked' end as initiator) w
  cross join lateral (select back_channel_logout(k.extra) -> 'backchannel_logout_initiators' as chosen) s
  where back_channel_logout_url(k.extra) is not null
    and (w.initiator in ('rp-logout', 'idp-logout') or s.chosen ->> 'mode' = 'all' or s.chosen -> 'selected_initiators' ? w.initiator);
  return null;
end $function$;

create sequence logout_notice_ids;

create table action_bindings (
  trigger text not null,
  "position" integer not null,
  id text not null,
  action_id text not null,
  display_name text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint action_bindings_pkey PRIMARY KEY (trigger, "position"),
  constraint action_bindings_id_key UNIQUE (id)
);

create table action_jobs (
  id text not null,
  trigger text not null,
  organization_id text,
  event_sealed bytea not null,
  created_at timestamp with time zone not null,
  next_attempt_at timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  constraint action_jobs_pkey PRIMARY KEY (id)
);

create table action_module_versions (
  module_id text not null,
  id text not null,
  number integer not null,
  code text not null,
  dependencies jsonb default '[]'::jsonb not null,
  secrets_sealed bytea,
  created_at timestamp with time zone not null,
  constraint action_module_versions_pkey PRIMARY KEY (module_id, id),
  constraint action_module_versions_id_key UNIQUE (id),
  constraint action_module_versions_module_id_number_key UNIQUE (module_id, number)
);

create table action_modules (
  id text not null,
  name text not null,
  code text not null,
  dependencies jsonb default '[]'::jsonb not null,
  secrets_sealed bytea,
  has_draft boolean default true not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint action_modules_pkey PRIMARY KEY (id),
  constraint action_modules_name_key UNIQUE (name)
);

create table action_versions (
  action_id text not null,
  id text not null,
  number integer not null,
  trigger text not null,
  trigger_version text not null,
  code text not null,
  dependencies jsonb default '[]'::jsonb not null,
  modules jsonb default '[]'::jsonb not null,
  runtime text not null,
  secrets_sealed bytea,
  created_at timestamp with time zone not null,
  built_at timestamp with time zone not null,
  constraint action_versions_pkey PRIMARY KEY (action_id, id),
  constraint action_versions_action_id_number_key UNIQUE (action_id, number),
  constraint action_versions_id_key UNIQUE (id)
);

create table actions (
  id text not null,
  name text not null,
  trigger text not null,
  trigger_version text not null,
  code text not null,
  dependencies jsonb default '[]'::jsonb not null,
  modules jsonb default '[]'::jsonb not null,
  runtime text not null,
  secrets_sealed bytea,
  deployed_version_id text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  built_at timestamp with time zone,
  constraint actions_pkey PRIMARY KEY (id),
  constraint actions_name_key UNIQUE (name)
);

create table attempt_counters (
  key_hash bytea not null,
  count integer not null,
  expires_at timestamp with time zone not null,
  subject_hash bytea,
  network text,
  most integer,
  constraint attempt_counters_pkey PRIMARY KEY (key_hash)
);

create table authorization_codes (
  user_id text not null,
  code_hash bytea not null,
  client_id text not null,
  organization_id text,
  session_id text,
  redirect_uri text not null,
  redirect_uri_sent boolean default true not null,
  scope text not null,
  audience text,
  nonce text,
  code_challenge text,
  authenticated_at timestamp with time zone not null,
  connection_id text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  family_id text not null,
  actions jsonb,
  factor_passed boolean default false not null,
  constraint authorization_codes_pkey PRIMARY KEY (user_id, code_hash)
);

create table client_assertions (
  client_id text not null,
  jti_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint client_assertions_pkey PRIMARY KEY (client_id, jti_hash)
);

create table client_credentials (
  client_id text not null,
  id text not null,
  name text default ''::text not null,
  kid text not null,
  alg text not null,
  public_key text not null,
  thumbprint_sha256 text,
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint client_credentials_pkey PRIMARY KEY (client_id, id),
  constraint client_credentials_client_id_kid_key UNIQUE (client_id, kid),
  constraint client_credentials_alg_check CHECK ((alg = ANY (ARRAY['RS256'::text, 'RS384'::text, 'PS256'::text])))
);

create table client_grants (
  client_id text not null,
  audience text not null,
  subject_type text default 'client'::text not null,
  id text not null,
  scopes text[] default '{}'::text[] not null,
  allow_all_scopes boolean default false not null,
  organization_usage text,
  allow_any_organization boolean default false not null,
  created_at timestamp with time zone not null,
  constraint client_grants_pkey PRIMARY KEY (client_id, audience, subject_type),
  constraint client_grants_id_key UNIQUE (id),
  constraint client_grants_organization_usage_check CHECK ((organization_usage = ANY (ARRAY['deny'::text, 'allow'::text, 'require'::text]))),
  constraint client_grants_subject_type_check CHECK ((subject_type = ANY (ARRAY['client'::text, 'user'::text])))
);

create table clients (
  client_id text not null,
  name text not null,
  app_type text,
  secret_sealed bytea,
  token_endpoint_auth_method text default 'client_secret_post'::text not null,
  authentication_credentials text[] default '{}'::text[] not null,
  callbacks text[] default '{}'::text[] not null,
  allowed_logout_urls text[] default '{}'::text[] not null,
  web_origins text[] default '{}'::text[] not null,
  grant_types text[] default '{authorization_code,refresh_token}'::text[] not null,
  initiate_login_uri text,
  organization_usage text default 'deny'::text not null,
  organization_require_behavior text default 'no_prompt'::text not null,
  id_token_lifetime_seconds integer default 36000 not null,
  refresh_rotating boolean default true not null,
  refresh_leeway_seconds integer default 0 not null,
  refresh_lifetime_seconds integer default 2592000 not null,
  refresh_idle_lifetime_seconds integer default 1296000 not null,
  is_first_party boolean default true not null,
  sso_disabled boolean default false not null,
  is_global boolean default false not null,
  client_metadata jsonb default '{}'::jsonb not null,
  extra jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint clients_pkey PRIMARY KEY (client_id),
  constraint clients_organization_require_behavior_check CHECK ((organization_require_behavior = ANY (ARRAY['no_prompt'::text, 'pre_login_prompt'::text, 'post_login_prompt'::text]))),
  constraint clients_organization_usage_check CHECK ((organization_usage = ANY (ARRAY['deny'::text, 'allow'::text, 'require'::text]))),
  constraint clients_token_endpoint_auth_method_check CHECK ((token_endpoint_auth_method = ANY (ARRAY['none'::text, 'client_secret_post'::text, 'client_secret_basic'::text, 'private_key_jwt'::text])))
);

create table connection_clients (
  connection_id text not null,
  client_id text not null,
  constraint connection_clients_pkey PRIMARY KEY (connection_id, client_id)
);

create table connection_keys (
  connection_id text not null,
  kid text not null,
  turn text not null,
  algorithm text not null,
  certificate text not null,
  private_key_sealed bytea not null,
  current_since timestamp with time zone,
  current_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint connection_keys_pkey PRIMARY KEY (connection_id, kid),
  constraint connection_keys_turn_check CHECK ((turn = ANY (ARRAY['current'::text, 'next'::text, 'previous'::text])))
);

create table connection_setups (
  organization_id text not null,
  id text not null,
  profile_id text not null,
  ticket_hash bytea not null,
  connection_id text,
  config jsonb not null,
  provider text,
  candidate_sealed bytea,
  passed text,
  passed_at timestamp with time zone,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint connection_setups_pkey PRIMARY KEY (organization_id, id),
  constraint connection_setups_id_key UNIQUE (id)
);

create table connections (
  id text not null,
  name text not null,
  strategy text not null,
  display_name text,
  options jsonb default '{}'::jsonb not null,
  secrets_sealed bytea,
  domain_aliases text[] default '{}'::text[] not null,
  show_as_button boolean default true not null,
  is_domain_connection boolean default false not null,
  needs_organization boolean default false not null,
  metadata jsonb default '{}'::jsonb not null,
  revision text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  managed_by_organization text,
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_name_key UNIQUE (name),
  constraint connections_strategy_check CHECK ((strategy = ANY (ARRAY['auth0'::text, 'oidc'::text, 'okta'::text, 'waad'::text, 'google-apps'::text, 'samlp'::text])))
);

create table cookie_overflow (
  key_hash bytea not null,
  content_sealed bytea not null,
  machine_hash bytea not null,
  site_hash bytea not null,
  block_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint cookie_overflow_pkey PRIMARY KEY (key_hash)
);

create table custom_texts (
  prompt text not null,
  language text not null,
  screens jsonb not null,
  constraint custom_texts_pkey PRIMARY KEY (prompt, language)
);

create table discovery_domains (
  organization_id text not null,
  id text not null,
  domain text not null,
  status text not null,
  use_for_organization_discovery boolean default true not null,
  verification_txt text not null,
  verified_at timestamp with time zone,
  proof text default 'operator'::text not null,
  checked_at timestamp with time zone,
  expires_at timestamp with time zone,
  check_problem text,
  told_at timestamp with time zone,
  next_attempt_at timestamp with time zone default 'infinity'::timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  created_at timestamp with time zone not null,
  constraint discovery_domains_pkey PRIMARY KEY (organization_id, id),
  constraint discovery_domains_id_key UNIQUE (id),
  constraint discovery_domains_organization_id_domain_key UNIQUE (organization_id, domain),
  constraint discovery_domains_check CHECK (((status = 'pending'::text) OR ((proof = 'dns'::text) = (expires_at IS NOT NULL)))),
  constraint discovery_domains_check_problem_check CHECK ((check_problem = ANY (ARRAY['no_such_name'::text, 'no_text'::text, 'other_text'::text, 'too_much'::text, 'timeout'::text, 'server_failure'::text]))),
  constraint discovery_domains_proof_check CHECK ((proof = ANY (ARRAY['dns'::text, 'operator'::text]))),
  constraint discovery_domains_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'verified'::text])))
);

create table email_provider (
  id integer not null,
  enabled boolean not null,
  default_from_address text,
  host text not null,
  port integer not null,
  username text,
  password_sealed bytea,
  headers jsonb default '{}'::jsonb not null,
  revision text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint email_provider_pkey PRIMARY KEY (id),
  constraint email_provider_id_check CHECK ((id = 1)),
  constraint email_provider_port_check CHECK (((port >= 1) AND (port <= 65535)))
);

create table email_templates (
  name text not null,
  body text,
  from_address text,
  subject text,
  result_url text,
  syntax text,
  url_lifetime_seconds double precision,
  include_email_in_redirect boolean,
  enabled boolean,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint email_templates_pkey PRIMARY KEY (name)
);

create table factors (
  user_id text not null,
  id text not null,
  kind text not null,
  name text,
  address text,
  secret_sealed bytea,
  last_step bigint,
  code_hash bytea,
  credential_id text,
  public_key bytea,
  sign_count bigint,
  user_handle text,
  credential jsonb,
  vouched_by text,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint factors_pkey PRIMARY KEY (user_id, id),
  constraint factors_kind_check CHECK ((kind = ANY (ARRAY['otp'::text, 'recovery-code'::text, 'webauthn-roaming'::text, 'webauthn-platform'::text, 'passkey'::text, 'email'::text])))
);

create table identities (
  user_id text not null,
  id text not null,
  connection_id text not null,
  status text not null,
  issuer text default ''::text not null,
  subject text,
  expected_email text,
  is_primary boolean default false not null,
  profile jsonb default '{}'::jsonb not null,
  bound_by text,
  evidence jsonb,
  email_vouched_by text,
  scim jsonb,
  scim_id text,
  scim_inactive boolean default false not null,
  created_at timestamp with time zone not null,
  bound_at timestamp with time zone,
  prove_again boolean default false not null,
  constraint identities_pkey PRIMARY KEY (user_id, id),
  constraint identities_scim_id_key UNIQUE (scim_id),
  constraint identities_check CHECK (((status = 'expected'::text) OR (subject IS NOT NULL))),
  constraint identities_check1 CHECK (((subject IS NOT NULL) OR (expected_email IS NOT NULL))),
  constraint identities_email_vouched_by_check CHECK (((email_vouched_by = ANY (ARRAY['mail'::text, 'operator'::text, 'idp'::text])) OR (email_vouched_by ~~ 'org\_%'::text))),
  constraint identities_status_check CHECK ((status = ANY (ARRAY['bound'::text, 'expected'::text])))
);

create table invitations (
  organization_id text not null,
  id text not null,
  ticket_hash bytea not null,
  ticket_sealed bytea not null,
  client_id text not null,
  connection_id text,
  inviter_name text not null,
  invitee_email text not null,
  roles text[] default '{}'::text[] not null,
  app_metadata jsonb,
  user_metadata jsonb,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  consumed_at timestamp with time zone,
  consumed_by text,
  first_opened_at timestamp with time zone,
  last_opened_at timestamp with time zone,
  times_opened integer default 0 not null,
  last_came_without_at timestamp with time zone,
  times_came_without integer default 0 not null,
  invited_by text,
  constraint invitations_pkey PRIMARY KEY (organization_id, id),
  constraint invitations_ticket_hash_key UNIQUE (ticket_hash)
);

create table log_streams (
  id text not null,
  name text not null,
  status text not null,
  is_priority boolean default false not null,
  filters text[] default '{}'::text[] not null,
  endpoint text not null,
  content_type text not null,
  content_format text not null,
  secrets_sealed bytea not null,
  start_from timestamp with time zone,
  sent_position bigint not null,
  sent_log_id text not null,
  failing_since timestamp with time zone,
  failures integer default 0 not null,
  revision text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  next_attempt_at timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  constraint log_streams_pkey PRIMARY KEY (id),
  constraint log_streams_content_format_check CHECK ((content_format = ANY (ARRAY['JSONLINES'::text, 'JSONARRAY'::text, 'JSONOBJECT'::text]))),
  constraint log_streams_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'suspended'::text])))
);

create table login_receipts (
  organization_id text default ''::text not null,
  transaction_id text not null,
  expires_at timestamp with time zone not null,
  constraint login_receipts_pkey PRIMARY KEY (organization_id, transaction_id)
);

create table logout_notices (
  id text default lpad((nextval('logout_notice_ids'::regclass))::text, 19, '0'::text) not null,
  user_id text not null,
  session_id text not null,
  client_id text not null,
  initiator text not null,
  first_attempt_at timestamp with time zone,
  next_attempt_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  constraint logout_notices_pkey PRIMARY KEY (id)
);

create table logs (
  organization_id text default ''::text not null,
  log_id text not null,
  date timestamp with time zone not null,
  type text not null,
  description text,
  client_id text,
  user_id text,
  connection_id text,
  ip text,
  user_agent text,
  details jsonb default '{}'::jsonb not null,
  "position" bigint default ((pg_current_xact_id())::text)::bigint not null,
  constraint logs_pkey PRIMARY KEY (organization_id, log_id)
);

create table member_roles (
  organization_id text not null,
  user_id text not null,
  role_id text not null,
  constraint member_roles_pkey PRIMARY KEY (organization_id, user_id, role_id)
);

create table members (
  organization_id text not null,
  user_id text not null,
  via text not null,
  break_glass boolean default false not null,
  first_used_at timestamp with time zone,
  first_login_at timestamp with time zone,
  last_login_at timestamp with time zone,
  created_at timestamp with time zone not null,
  vouched_email text,
  constraint members_pkey PRIMARY KEY (organization_id, user_id),
  constraint members_via_check CHECK ((via = ANY (ARRAY['invited'::text, 'auto'::text, 'action'::text, 'management'::text])))
);

create table moved_identities (
  user_id text not null,
  id text not null,
  connection_id text not null,
  issuer text not null,
  subject text not null,
  is_primary boolean not null,
  profile jsonb not null,
  bound_by text,
  evidence jsonb,
  email_vouched_by text,
  created_at timestamp with time zone not null,
  bound_at timestamp with time zone,
  moved_at timestamp with time zone not null,
  moved_by text not null,
  absorbed jsonb,
  constraint moved_identities_pkey PRIMARY KEY (user_id, id),
  constraint moved_identities_email_vouched_by_check CHECK (((email_vouched_by = ANY (ARRAY['mail'::text, 'operator'::text, 'idp'::text])) OR (email_vouched_by ~~ 'org\_%'::text)))
);

create table operators (
  id smallint default 1 not null,
  organization_id text not null,
  connection_id text not null,
  client_id text not null,
  owner_role_id text not null,
  support_role_id text not null,
  viewer_role_id text not null,
  constraint operators_pkey PRIMARY KEY (id),
  constraint operators_id_check CHECK ((id = 1))
);

create table organization_client_grants (
  organization_id text not null,
  grant_id text not null,
  created_at timestamp with time zone not null,
  constraint organization_client_grants_pkey PRIMARY KEY (organization_id, grant_id)
);

create table organization_clients (
  organization_id text not null,
  client_id text not null,
  use_for_member_access boolean not null,
  created_at timestamp with time zone not null,
  constraint organization_clients_pkey PRIMARY KEY (organization_id, client_id)
);

create table organization_connections (
  organization_id text not null,
  connection_id text not null,
  is_enabled boolean default true not null,
  assign_membership_on_login boolean default false not null,
  show_as_button boolean default true not null,
  is_signup_enabled boolean default false not null,
  organization_connection_name text,
  organization_access_level text default 'none'::text not null,
  link_existing_members text default 'verified_email'::text not null,
  sso_rollout text default 'optional'::text not null,
  auto_membership_condition text,
  pilot_emails text[] default '{}'::text[] not null,
  revision text not null,
  created_at timestamp with time zone not null,
  constraint organization_connections_pkey PRIMARY KEY (organization_id, connection_id),
  constraint organization_connections_link_existing_members_check CHECK ((link_existing_members = ANY (ARRAY['verified_email'::text, 'never'::text]))),
  constraint organization_connections_sso_rollout_check CHECK ((sso_rollout = ANY (ARRAY['optional'::text, 'required'::text])))
);

create table organizations (
  id text not null,
  name text not null,
  display_name text,
  branding jsonb,
  metadata jsonb default '{}'::jsonb not null,
  blocked boolean default false not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  token_quota jsonb,
  is_app_entitlement_active boolean default false not null,
  mfa text default 'none'::text not null,
  mfa_factors text[] default '{}'::text[] not null,
  constraint organizations_pkey PRIMARY KEY (id),
  constraint organizations_name_key UNIQUE (name),
  constraint organizations_mfa_check CHECK ((mfa = ANY (ARRAY['none'::text, 'required'::text, 'required_unless_idp'::text])))
);

create table outbox (
  id text not null,
  recipient text not null,
  template text not null,
  body_sealed bytea not null,
  created_at timestamp with time zone not null,
  next_attempt_at timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  sent_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id)
);

create table page_templates (
  name text not null,
  body text not null,
  constraint page_templates_pkey PRIMARY KEY (name)
);

create table password_credentials (
  user_id text not null,
  connection_id text not null,
  email text not null,
  hash text not null,
  changed_at timestamp with time zone not null,
  vouched_by text,
  set_by_link boolean default false not null,
  constraint password_credentials_pkey PRIMARY KEY (user_id, connection_id),
  constraint password_credentials_connection_id_email_key UNIQUE (connection_id, email),
  constraint password_credentials_vouched_by_check CHECK ((vouched_by = ANY (ARRAY['mail'::text, 'operator'::text])))
);

create table profiles (
  id text not null,
  kind text not null,
  name text not null,
  settings json not null,
  created_at timestamp with time zone not null,
  constraint profiles_pkey PRIMARY KEY (id),
  constraint profiles_kind_name_key UNIQUE (kind, name),
  constraint profiles_kind_check CHECK ((kind = ANY (ARRAY['connection'::text, 'user_attribute'::text])))
);

create table refresh_tokens (
  user_id text not null,
  token_hash bytea not null,
  parent_hash bytea,
  family_id text not null,
  client_id text not null,
  organization_id text,
  connection_id text not null,
  session_id text,
  scope text not null,
  audience text,
  authenticated_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  idle_expires_at timestamp with time zone not null,
  rotated_at timestamp with time zone,
  revoked_at timestamp with time zone,
  metadata jsonb default '{}'::jsonb not null,
  constraint refresh_tokens_pkey PRIMARY KEY (user_id, token_hash)
);

create table resource_servers (
  id text not null,
  identifier text not null,
  name text,
  scopes jsonb default '[]'::jsonb not null,
  token_lifetime_seconds integer default 86400 not null,
  allow_offline_access boolean default false not null,
  enforce_policies boolean default false not null,
  token_dialect text default 'access_token'::text not null,
  user_policy text default 'allow_all'::text not null,
  client_policy text default 'require_client_grant'::text not null,
  is_system boolean default false not null,
  extra jsonb default '{}'::jsonb not null,
  created_at timestamp with time zone not null,
  constraint resource_servers_pkey PRIMARY KEY (id),
  constraint resource_servers_identifier_key UNIQUE (identifier),
  constraint resource_servers_client_policy_check CHECK ((client_policy = ANY (ARRAY['deny_all'::text, 'require_client_grant'::text]))),
  constraint resource_servers_token_dialect_check CHECK ((token_dialect = ANY (ARRAY['access_token'::text, 'access_token_authz'::text, 'rfc9068_profile'::text, 'rfc9068_profile_authz'::text]))),
  constraint resource_servers_user_policy_check CHECK ((user_policy = ANY (ARRAY['allow_all'::text, 'deny_all'::text, 'require_client_grant'::text])))
);

create table role_permissions (
  role_id text not null,
  resource_server_id text not null,
  permission text not null,
  constraint role_permissions_pkey PRIMARY KEY (role_id, resource_server_id, permission)
);

create table roles (
  id text not null,
  name text not null,
  description text,
  created_at timestamp with time zone not null,
  assignable_by_organizations boolean default false not null,
  constraint roles_pkey PRIMARY KEY (id),
  constraint roles_name_key UNIQUE (name)
);

create table schema_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone default clock_timestamp() not null,
  is_compatible boolean default false not null,
  constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table scim_configurations (
  connection_id text not null,
  user_id_attribute text not null,
  mapping jsonb,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint scim_configurations_pkey PRIMARY KEY (connection_id)
);

create table scim_group_members (
  user_id text not null,
  identity_id text not null,
  group_id text not null,
  created_at timestamp with time zone not null,
  constraint scim_group_members_pkey PRIMARY KEY (user_id, identity_id, group_id)
);

create table scim_group_roles (
  organization_id text not null,
  connection_id text not null,
  group_by text not null,
  group_name text not null,
  role_id text not null,
  constraint scim_group_roles_pkey PRIMARY KEY (organization_id, connection_id, group_by, group_name, role_id),
  constraint scim_group_roles_group_by_check CHECK ((group_by = ANY (ARRAY['display_name'::text, 'external_id'::text])))
);

create table scim_groups (
  id text not null,
  connection_id text not null,
  display_name text not null,
  external_id text,
  version integer default 1 not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint scim_groups_pkey PRIMARY KEY (id)
);

create table scim_tokens (
  connection_id text not null,
  id text not null,
  token_hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint scim_tokens_pkey PRIMARY KEY (connection_id, id)
);

create table self_service_profiles (
  id text not null,
  name text not null,
  description text,
  user_attributes jsonb default '[]'::jsonb not null,
  branding jsonb,
  allowed_strategies text[] default '{}'::text[] not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint self_service_profiles_pkey PRIMARY KEY (id)
);

create table service_provider_keys (
  id text not null,
  certificate text not null,
  private_key_sealed bytea not null,
  created_at timestamp with time zone not null,
  constraint service_provider_keys_pkey PRIMARY KEY (id),
  constraint service_provider_keys_id_check CHECK ((id = 'saml'::text))
);

create table session_clients (
  user_id text not null,
  session_id text not null,
  client_id text not null,
  organization_id text,
  constraint session_clients_pkey PRIMARY KEY (user_id, session_id, client_id)
);

create table sessions (
  user_id text not null,
  session_hash bytea not null,
  id text not null,
  connection_id text not null,
  authenticated_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  last_used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  idle_expires_at timestamp with time zone,
  metadata jsonb default '{}'::jsonb not null,
  methods jsonb default '[]'::jsonb not null,
  idp_session jsonb,
  repeats jsonb,
  constraint sessions_pkey PRIMARY KEY (user_id, session_hash)
);

create table settings_revision (
  id smallint default 1 not null,
  revision uuid default gen_random_uuid() not null,
  constraint settings_revision_pkey PRIMARY KEY (id),
  constraint settings_revision_id_check CHECK ((id = 1))
);

create table signing_keys (
  kid text not null,
  public_jwk jsonb not null,
  private_key_sealed bytea not null,
  created_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  constraint signing_keys_pkey PRIMARY KEY (kid)
);

create table tenant (
  id smallint default 1 not null,
  friendly_name text default 'Vestibule'::text not null,
  default_redirection_uri text,
  allow_organization_name boolean default false not null,
  enabled_locales text[] default '{en}'::text[] not null,
  texts_revision text default ''::text not null,
  membership_evaluation text default 'after_actions'::text not null,
  session_lifetime_seconds integer default 604800 not null,
  idle_session_lifetime_seconds integer default 259200 not null,
  actions_revision text default ''::text not null,
  actions_bound text[] default '{}'::text[] not null,
  branding jsonb default '{}'::jsonb not null,
  theme jsonb,
  attack_protection jsonb default '{}'::jsonb not null,
  extra jsonb default '{}'::jsonb not null,
  server_kind text,
  own_domain_listed boolean default false not null,
  guardian jsonb default '{}'::jsonb not null,
  constraint tenant_pkey PRIMARY KEY (id),
  constraint tenant_id_check CHECK ((id = 1)),
  constraint tenant_membership_evaluation_check CHECK ((membership_evaluation = ANY (ARRAY['after_actions'::text, 'before_actions'::text]))),
  constraint tenant_server_kind_check CHECK ((server_kind = ANY (ARRAY['vestibule'::text, 'auth0_double'::text])))
);

create table tickets (
  user_id text not null,
  ticket_hash bytea not null,
  purpose text not null,
  connection_id text,
  email text not null,
  client_id text,
  organization_id text,
  result_url text,
  vouches text,
  password_vouched_by text,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  factor text,
  factors_revision bigint,
  constraint tickets_pkey PRIMARY KEY (user_id, ticket_hash),
  constraint tickets_enrollment_check CHECK (((purpose <> 'enrollment'::text) OR (factors_revision IS NOT NULL))),
  constraint tickets_factor_check CHECK ((factor = ANY (ARRAY['otp'::text, 'webauthn-roaming'::text]))),
  constraint tickets_password_vouched_by_check CHECK ((password_vouched_by = ANY (ARRAY['mail'::text, 'operator'::text]))),
  constraint tickets_purpose_check CHECK ((purpose = ANY (ARRAY['password'::text, 'verify_email'::text, 'unblock'::text, 'enrollment'::text, 'stop_factor'::text]))),
  constraint tickets_vouches_check CHECK ((vouches = ANY (ARRAY['mail'::text, 'operator'::text])))
);

create table user_export_jobs (
  id text not null,
  connection_id text,
  format text not null,
  people_limit integer,
  fields jsonb,
  client_id text not null,
  created_at timestamp with time zone not null,
  constraint user_export_jobs_pkey PRIMARY KEY (id),
  constraint user_export_jobs_format_check CHECK ((format = ANY (ARRAY['json'::text, 'csv'::text]))),
  constraint user_export_jobs_people_limit_check CHECK ((people_limit > 0))
);

create table user_id_prefixes (
  connection_id text not null,
  issuer text not null,
  prefix text not null,
  created_at timestamp with time zone not null,
  constraint user_id_prefixes_pkey PRIMARY KEY (connection_id, issuer),
  constraint user_id_prefixes_prefix_key UNIQUE (prefix),
  constraint user_id_prefixes_issuer_check CHECK ((issuer = rtrim(issuer, '/'::text)))
);

create table user_import_errors (
  job_id text not null,
  "position" integer not null,
  entry_sealed bytea not null,
  constraint user_import_errors_pkey PRIMARY KEY (job_id, "position")
);

create table user_import_jobs (
  id text not null,
  connection_id text not null,
  upsert boolean not null,
  external_id text,
  notify text,
  client_id text not null,
  status text not null,
  status_details text,
  file_sealed bytea,
  total integer default 0 not null,
  "position" integer default 0 not null,
  inserted integer default 0 not null,
  updated integer default 0 not null,
  failed integer default 0 not null,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  next_attempt_at timestamp with time zone not null,
  attempts integer default 0 not null,
  last_error text,
  constraint user_import_jobs_pkey PRIMARY KEY (id),
  constraint user_import_jobs_check CHECK (((finished_at IS NULL) = (status = ANY (ARRAY['pending'::text, 'processing'::text])))),
  constraint user_import_jobs_check1 CHECK (((finished_at IS NULL) OR (file_sealed IS NULL))),
  constraint user_import_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
);

create table user_permissions (
  user_id text not null,
  resource_server_id text not null,
  permission text not null,
  constraint user_permissions_pkey PRIMARY KEY (user_id, resource_server_id, permission)
);

create table user_roles (
  user_id text not null,
  role_id text not null,
  created_at timestamp with time zone not null,
  constraint user_roles_pkey PRIMARY KEY (user_id, role_id)
);

create table users (
  user_id text not null,
  email text,
  email_vouched_by text,
  email_verified boolean generated always as ((email_vouched_by IS NOT NULL)) stored not null,
  username text,
  phone_number text,
  name text,
  given_name text,
  family_name text,
  nickname text,
  picture text,
  blocked boolean default false not null,
  blocked_by_scim boolean default false not null,
  user_metadata jsonb default '{}'::jsonb not null,
  app_metadata jsonb default '{}'::jsonb not null,
  logins_count integer default 0 not null,
  last_login_at timestamp with time zone,
  last_ip text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  last_login_day date generated always as (((last_login_at AT TIME ZONE 'UTC'::text))::date) stored,
  updated_day date generated always as (((updated_at AT TIME ZONE 'UTC'::text))::date) stored,
  factors_revision bigint default 0 not null,
  constraint users_pkey PRIMARY KEY (user_id),
  constraint users_check CHECK ((blocked OR (NOT blocked_by_scim))),
  constraint users_email_vouched_by_check CHECK (((email_vouched_by = ANY (ARRAY['mail'::text, 'operator'::text, 'idp'::text])) OR (email_vouched_by ~~ 'org\_%'::text)))
);

alter table action_bindings add constraint action_bindings_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(id);
alter table action_module_versions add constraint action_module_versions_module_id_fkey FOREIGN KEY (module_id) REFERENCES action_modules(id) ON DELETE CASCADE;
alter table action_versions add constraint action_versions_action_id_fkey FOREIGN KEY (action_id) REFERENCES actions(id) ON DELETE CASCADE;
alter table authorization_codes add constraint authorization_codes_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table authorization_codes add constraint authorization_codes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table authorization_codes add constraint authorization_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table client_assertions add constraint client_assertions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table client_credentials add constraint client_credentials_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table client_grants add constraint client_grants_audience_fkey FOREIGN KEY (audience) REFERENCES resource_servers(identifier) ON UPDATE CASCADE ON DELETE CASCADE;
alter table client_grants add constraint client_grants_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table connection_clients add constraint connection_clients_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table connection_clients add constraint connection_clients_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table connection_keys add constraint connection_keys_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table connection_setups add constraint connection_setups_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE SET NULL;
alter table connection_setups add constraint connection_setups_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table connection_setups add constraint connection_setups_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES self_service_profiles(id) ON DELETE CASCADE;
alter table discovery_domains add constraint discovery_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table factors add constraint factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table identities add constraint identities_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table identities add constraint identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table invitations add constraint invitations_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table invitations add constraint invitations_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table invitations add constraint invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table member_roles add constraint member_roles_organization_id_user_id_fkey FOREIGN KEY (organization_id, user_id) REFERENCES members(organization_id, user_id) ON DELETE CASCADE;
alter table member_roles add constraint member_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE;
alter table members add constraint members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table members add constraint members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table moved_identities add constraint moved_identities_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table moved_identities add constraint moved_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table operators add constraint operators_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id);
alter table operators add constraint operators_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id);
alter table operators add constraint operators_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id);
alter table operators add constraint operators_owner_role_id_fkey FOREIGN KEY (owner_role_id) REFERENCES roles(id);
alter table operators add constraint operators_support_role_id_fkey FOREIGN KEY (support_role_id) REFERENCES roles(id);
alter table operators add constraint operators_viewer_role_id_fkey FOREIGN KEY (viewer_role_id) REFERENCES roles(id);
alter table organization_client_grants add constraint organization_client_grants_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES client_grants(id) ON DELETE CASCADE;
alter table organization_client_grants add constraint organization_client_grants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table organization_clients add constraint organization_clients_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table organization_clients add constraint organization_clients_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table organization_connections add constraint organization_connections_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table organization_connections add constraint organization_connections_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table password_credentials add constraint password_credentials_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table password_credentials add constraint password_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table refresh_tokens add constraint refresh_tokens_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table refresh_tokens add constraint refresh_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE;
alter table refresh_tokens add constraint refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table role_permissions add constraint role_permissions_resource_server_id_fkey FOREIGN KEY (resource_server_id) REFERENCES resource_servers(id) ON DELETE CASCADE;
alter table role_permissions add constraint role_permissions_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE;
alter table scim_configurations add constraint scim_configurations_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table scim_group_members add constraint scim_group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES scim_groups(id) ON DELETE CASCADE;
alter table scim_group_members add constraint scim_group_members_user_id_identity_id_fkey FOREIGN KEY (user_id, identity_id) REFERENCES identities(user_id, id) ON UPDATE CASCADE ON DELETE CASCADE;
alter table scim_group_roles add constraint scim_group_roles_organization_id_connection_id_fkey FOREIGN KEY (organization_id, connection_id) REFERENCES organization_connections(organization_id, connection_id) ON DELETE CASCADE;
alter table scim_group_roles add constraint scim_group_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE;
alter table scim_groups add constraint scim_groups_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES scim_configurations(connection_id) ON DELETE CASCADE;
alter table scim_tokens add constraint scim_tokens_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES scim_configurations(connection_id) ON DELETE CASCADE;
alter table session_clients add constraint session_clients_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(client_id) ON DELETE CASCADE;
alter table sessions add constraint sessions_connection_id_fkey FOREIGN KEY (connection_id) REFERENCES connections(id) ON DELETE CASCADE;
alter table sessions add constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table tickets add constraint tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table user_import_errors add constraint user_import_errors_job_id_fkey FOREIGN KEY (job_id) REFERENCES user_import_jobs(id) ON DELETE CASCADE;
alter table user_permissions add constraint user_permissions_resource_server_id_fkey FOREIGN KEY (resource_server_id) REFERENCES resource_servers(id) ON DELETE CASCADE;
alter table user_permissions add constraint user_permissions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table user_roles add constraint user_roles_role_id_fkey FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE;
alter table user_roles add constraint user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;

CREATE INDEX action_bindings_by_action ON public.action_bindings USING btree (action_id);
CREATE INDEX action_jobs_due ON public.action_jobs USING btree (next_attempt_at);
CREATE INDEX attempt_counters_subject_idx ON public.attempt_counters USING btree (subject_hash) WHERE (subject_hash IS NOT NULL);
CREATE INDEX client_grants_by_age ON public.client_grants USING btree (created_at, id);
CREATE INDEX client_grants_by_audience ON public.client_grants USING btree (audience, created_at, id);
CREATE INDEX clients_by_age ON public.clients USING btree (created_at, client_id);
CREATE INDEX clients_by_name ON public.clients USING btree (lower(name) COLLATE "C", client_id);
CREATE INDEX connection_clients_by_client ON public.connection_clients USING btree (client_id);
CREATE UNIQUE INDEX connection_keys_turns ON public.connection_keys USING btree (connection_id, turn);
CREATE INDEX connection_setups_by_connection ON public.connection_setups USING btree (connection_id);
CREATE INDEX connection_setups_by_end ON public.connection_setups USING btree (expires_at);
CREATE INDEX connection_setups_by_profile ON public.connection_setups USING btree (profile_id);
CREATE INDEX connections_by_age ON public.connections USING btree (created_at, id);
CREATE INDEX connections_by_domain_alias ON public.connections USING gin (domain_aliases);
CREATE INDEX connections_by_name_text ON public.connections USING btree (lower(name) COLLATE "C");
CREATE INDEX connections_by_saml_issuer ON public.connections USING btree (((options ->> 'issuer'::text))) WHERE (strategy = 'samlp'::text);
CREATE INDEX connections_by_shown_name ON public.connections USING btree (lower(COALESCE(display_name, name)) COLLATE "C", id);
CREATE INDEX connections_by_strategy ON public.connections USING btree (strategy, created_at, id);
CREATE INDEX cookie_overflow_by_network ON public.cookie_overflow USING btree (block_hash);
CREATE INDEX discovery_domains_due ON public.discovery_domains USING btree (next_attempt_at) WHERE ((status = 'verified'::text) AND (proof = 'dns'::text));
CREATE UNIQUE INDEX discovery_domains_proved_once ON public.discovery_domains USING btree (domain) WHERE (status = 'verified'::text);
CREATE INDEX factors_by_id ON public.factors USING btree (id);
CREATE UNIQUE INDEX factors_one_application ON public.factors USING btree (user_id) WHERE ((kind = 'otp'::text) AND (confirmed_at IS NOT NULL));
CREATE UNIQUE INDEX factors_one_of_credential ON public.factors USING btree (credential_id) WHERE (credential_id IS NOT NULL);
CREATE UNIQUE INDEX factors_one_recovery_code ON public.factors USING btree (user_id) WHERE (kind = 'recovery-code'::text);
CREATE INDEX factors_pending ON public.factors USING btree (created_at) WHERE (confirmed_at IS NULL);
CREATE UNIQUE INDEX identities_bound_once ON public.identities USING btree (connection_id, issuer, subject) WHERE (status = 'bound'::text);
CREATE INDEX identities_by_subject ON public.identities USING btree (connection_id, subject) WHERE (subject IS NOT NULL);
CREATE UNIQUE INDEX identities_expected_email ON public.identities USING btree (connection_id, expected_email) WHERE ((status = 'expected'::text) AND (subject IS NULL));
CREATE UNIQUE INDEX identities_expected_subject ON public.identities USING btree (connection_id, subject) WHERE ((status = 'expected'::text) AND (subject IS NOT NULL));
CREATE UNIQUE INDEX identities_named_once ON public.identities USING btree (connection_id, subject, rtrim(issuer, '/'::text)) WHERE ((subject IS NOT NULL) AND (issuer <> ''::text));
CREATE UNIQUE INDEX identities_one_per_connection ON public.identities USING btree (user_id, connection_id) WHERE (status = 'bound'::text);
CREATE INDEX identities_said_email ON public.identities USING btree (connection_id, lower((profile ->> 'email'::text))) WHERE (scim IS NULL);
CREATE INDEX identities_said_user_name ON public.identities USING btree (connection_id, lower(COALESCE((profile ->> 'preferred_username'::text), (profile ->> 'email'::text), subject))) WHERE (scim IS NULL);
CREATE INDEX identities_scim_by_age ON public.identities USING btree (connection_id, created_at, id, user_id) WHERE ((subject IS NOT NULL) OR (scim_id IS NOT NULL));
CREATE INDEX identities_scim_emails ON public.identities USING gin (((lower((jsonb_path_query_array(scim, 'strict $."emails"[*]."value"'::jsonpath, '{}'::jsonb, true))::text))::jsonb) jsonb_path_ops) WHERE (scim IS NOT NULL);
CREATE INDEX identities_scim_external_id ON public.identities USING btree (connection_id, ((scim ->> 'externalId'::text))) WHERE (scim IS NOT NULL);
CREATE UNIQUE INDEX identities_scim_user_name ON public.identities USING btree (connection_id, lower((scim ->> 'userName'::text))) WHERE (scim IS NOT NULL);
CREATE INDEX invitations_by_address ON public.invitations USING btree (invitee_email COLLATE "C", id) WHERE (consumed_at IS NULL);
CREATE INDEX invitations_by_age ON public.invitations USING btree (created_at, id) WHERE (consumed_at IS NULL);
CREATE INDEX invitations_by_email ON public.invitations USING btree (organization_id, invitee_email);
CREATE INDEX invitations_by_end ON public.invitations USING btree (expires_at, id) WHERE (consumed_at IS NULL);
CREATE INDEX invitations_of_organization_by_address ON public.invitations USING btree (organization_id, invitee_email COLLATE "C", id) WHERE (consumed_at IS NULL);
CREATE INDEX log_streams_due ON public.log_streams USING btree (next_attempt_at) WHERE (status = 'active'::text);
CREATE INDEX logout_notices_by_age ON public.logout_notices USING btree (first_attempt_at);
CREATE INDEX logout_notices_by_due ON public.logout_notices USING btree (next_attempt_at, id);
CREATE INDEX logs_by_code ON public.logs USING btree (COALESCE((details ->> 'code'::text), (details ->> 'check'::text)), log_id) WHERE (COALESCE((details ->> 'code'::text), (details ->> 'check'::text)) IS NOT NULL);
CREATE INDEX logs_by_date ON public.logs USING brin (date);
CREATE UNIQUE INDEX logs_by_id ON public.logs USING btree (log_id);
CREATE UNIQUE INDEX logs_by_position ON public.logs USING btree ("position", log_id);
CREATE INDEX logs_by_reference ON public.logs USING btree (((details ->> 'reference'::text))) WHERE ((details ->> 'reference'::text) IS NOT NULL);
CREATE INDEX logs_by_user ON public.logs USING btree (user_id, log_id) WHERE (user_id IS NOT NULL);
CREATE INDEX members_by_age ON public.members USING btree (organization_id, created_at, user_id);
CREATE UNIQUE INDEX members_by_user ON public.members USING btree (user_id, organization_id);
CREATE INDEX moved_identities_by_subject ON public.moved_identities USING btree (connection_id, issuer, subject);
CREATE INDEX organization_client_grants_by_grant ON public.organization_client_grants USING btree (grant_id, created_at, organization_id);
CREATE INDEX organization_clients_by_client ON public.organization_clients USING btree (client_id);
CREATE INDEX organization_connections_by_connection ON public.organization_connections USING btree (connection_id, created_at, organization_id);
CREATE INDEX organizations_by_age ON public.organizations USING btree (created_at, id);
CREATE INDEX organizations_by_shown_name ON public.organizations USING btree (lower(COALESCE(display_name, name)) COLLATE "C", id);
CREATE INDEX outbox_due ON public.outbox USING btree (next_attempt_at) WHERE (sent_at IS NULL);
CREATE INDEX password_credentials_imported ON public.password_credentials USING btree ("substring"(hash, '^(\$2[aby]\$\d\d\$|\$argon2(?:id|i|d)\$v=\d+\$[^$]+\$|\$wrapped\$[^$]+\$)'::text)) WHERE (hash !~~ '$argon2id$v=19$m=19456,t=2,p=1$%'::text);
CREATE INDEX profiles_by_age ON public.profiles USING btree (kind, created_at, id);
CREATE INDEX refresh_tokens_by_family ON public.refresh_tokens USING btree (family_id, user_id);
CREATE INDEX resource_servers_by_age ON public.resource_servers USING btree (created_at, id);
CREATE INDEX role_permissions_by_api ON public.role_permissions USING btree (resource_server_id, permission);
CREATE INDEX roles_by_age ON public.roles USING btree (created_at, id);
CREATE INDEX scim_configurations_by_age ON public.scim_configurations USING btree (created_at, connection_id);
CREATE INDEX scim_group_members_by_group ON public.scim_group_members USING btree (group_id, created_at);
CREATE INDEX scim_group_roles_by_role ON public.scim_group_roles USING btree (role_id);
CREATE INDEX scim_groups_by_age ON public.scim_groups USING btree (connection_id, created_at, id);
CREATE INDEX scim_groups_by_name ON public.scim_groups USING btree (connection_id, lower(display_name));
CREATE UNIQUE INDEX scim_groups_external_id ON public.scim_groups USING btree (connection_id, external_id) WHERE (external_id IS NOT NULL);
CREATE UNIQUE INDEX scim_groups_named_once ON public.scim_groups USING btree (connection_id, lower(display_name)) WHERE (external_id IS NULL);
CREATE INDEX self_service_profiles_by_age ON public.self_service_profiles USING btree (created_at, id);
CREATE INDEX session_clients_by_client ON public.session_clients USING btree (client_id);
CREATE UNIQUE INDEX sessions_by_id ON public.sessions USING btree (id, user_id);
CREATE INDEX sessions_by_idp_name ON public.sessions USING btree (connection_id, ((idp_session ->> 'name'::text))) WHERE (idp_session IS NOT NULL);
CREATE UNIQUE INDEX tickets_one_unblock ON public.tickets USING btree (user_id) WHERE ((purpose = 'unblock'::text) AND (used_at IS NULL));
CREATE INDEX user_import_jobs_due ON public.user_import_jobs USING btree (next_attempt_at) WHERE (finished_at IS NULL);
CREATE INDEX user_permissions_by_api ON public.user_permissions USING btree (resource_server_id, permission);
CREATE INDEX user_roles_by_role ON public.user_roles USING btree (role_id, created_at, user_id);
CREATE INDEX users_app_metadata ON public.users USING gin (app_metadata jsonb_path_ops) WHERE (app_metadata <> '{}'::jsonb);
CREATE INDEX users_blocked ON public.users USING btree (created_at, user_id) WHERE blocked;
CREATE INDEX users_by_age ON public.users USING btree (created_at, user_id);
CREATE INDEX users_by_change ON public.users USING btree (updated_day);
CREATE INDEX users_by_domain ON public.users USING btree (split_part(email, '@'::text, 2) COLLATE "C", created_at, user_id);
CREATE INDEX users_by_email ON public.users USING btree (email);
CREATE INDEX users_by_email_text ON public.users USING btree (email COLLATE "C", user_id);
CREATE INDEX users_by_id_text ON public.users USING btree (user_id COLLATE "C");
CREATE INDEX users_by_last_login ON public.users USING btree (last_login_day) WHERE (last_login_day IS NOT NULL);
CREATE INDEX users_by_name_text ON public.users USING btree (lower(COALESCE(name, email)) COLLATE "C", user_id);
CREATE INDEX users_by_username ON public.users USING btree (username COLLATE "C") WHERE (username IS NOT NULL);
CREATE INDEX users_by_verified ON public.users USING btree (email_verified, created_at, user_id);
CREATE INDEX users_user_metadata ON public.users USING gin (user_metadata jsonb_path_ops) WHERE (user_metadata <> '{}'::jsonb);

CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.client_grants DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.connection_clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.connections DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.discovery_domains DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.operators DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.organization_clients DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.organization_connections DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.organizations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.resource_servers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE CONSTRAINT TRIGGER settings_changed AFTER INSERT OR DELETE OR UPDATE ON public.tenant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER members_deleted AFTER DELETE ON public.members REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION forget_clients_of_members();
CREATE TRIGGER session_clients_deleted AFTER DELETE ON public.session_clients REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION queue_logout_notices();
CREATE TRIGGER sessions_deleted AFTER DELETE ON public.sessions REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION forget_clients_of_sessions();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.client_grants FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.clients FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.connection_clients FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.connections FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.discovery_domains FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.operators FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.organization_clients FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.organization_connections FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.organizations FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.resource_servers FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
CREATE TRIGGER settings_emptied AFTER TRUNCATE ON public.tenant FOR EACH STATEMENT EXECUTE FUNCTION change_settings_revision();
