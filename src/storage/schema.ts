/**
 * Kysely's picture of the tables in sql/. Hand-written, column by column; `generated` marks what the database fills in.
 * Holds no logic.
 */
import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<Record<string, unknown>, string, string>;
type JsonWithDefault = ColumnType<Record<string, unknown>, string | undefined, string>;
type NullableJson = ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
type JsonArray = ColumnType<readonly unknown[], string | undefined, string>;
type StrategyName = 'auth0' | 'oidc' | 'okta' | 'samlp';
type OrganizationUse = 'deny' | 'allow' | 'require';

export interface TenantTable {
  id: Generated<number>;
  friendly_name: Generated<string>;
  default_redirection_uri: string | null;
  allow_organization_name: Generated<boolean>;
  membership_evaluation: Generated<'after_actions' | 'before_actions'>;
  session_lifetime_seconds: Generated<number>;
  idle_session_lifetime_seconds: Generated<number>;
  extra: JsonWithDefault;
}

export interface SigningKeysTable {
  kid: string;
  public_jwk: Json;
  private_key_sealed: Buffer;
  created_at: Date;
  retired_at: Date | null;
}

export interface ClientsTable {
  client_id: string;
  name: string;
  app_type: string | null;
  secret_sealed: Buffer | null;
  token_endpoint_auth_method: 'none' | 'client_secret_post' | 'client_secret_basic';
  callbacks: string[];
  allowed_logout_urls: string[];
  web_origins: string[];
  grant_types: string[];
  initiate_login_uri: string | null;
  organization_usage: OrganizationUse;
  organization_require_behavior: 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';
  id_token_lifetime_seconds: number;
  refresh_rotating: boolean;
  refresh_leeway_seconds: number;
  refresh_lifetime_seconds: number;
  refresh_idle_lifetime_seconds: number;
  is_first_party: boolean;
  is_global: Generated<boolean>;
  client_metadata: JsonWithDefault;
  extra: JsonWithDefault;
  created_at: Date;
  updated_at: Date;
}

export interface ResourceServersTable {
  id: string;
  identifier: string;
  name: string | null;
  scopes: JsonArray;
  token_lifetime_seconds: Generated<number>;
  allow_offline_access: Generated<boolean>;
  is_system: Generated<boolean>;
  extra: JsonWithDefault;
  created_at: Date;
}

export interface ClientGrantsTable {
  client_id: string;
  audience: string;
  id: string;
  scopes: string[];
  organization_usage: OrganizationUse | null;
  allow_any_organization: Generated<boolean>;
  created_at: Date;
}

export interface ConnectionsTable {
  id: string;
  name: string;
  strategy: StrategyName;
  display_name: string | null;
  options: JsonWithDefault;
  secrets_sealed: Buffer | null;
  domain_aliases: string[];
  show_as_button: boolean;
  is_domain_connection: boolean;
  metadata: JsonWithDefault;
  revision: string;
  created_at: Date;
  updated_at: Date;
}

export interface ConnectionClientsTable {
  connection_id: string;
  client_id: string;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  display_name: string | null;
  branding: NullableJson;
  metadata: JsonWithDefault;
  blocked: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface OrganizationConnectionsTable {
  organization_id: string;
  connection_id: string;
  is_enabled: boolean;
  assign_membership_on_login: boolean;
  show_as_button: boolean;
  is_signup_enabled: boolean;
  organization_connection_name: string | null;
  organization_access_level: string;
  link_existing_members: 'verified_email' | 'never';
  sso_rollout: 'optional' | 'required';
  auto_membership_condition: string | null;
  revision: string;
  created_at: Date;
}

export interface DiscoveryDomainsTable {
  organization_id: string;
  id: string;
  domain: string;
  status: 'pending' | 'verified';
  use_for_organization_discovery: boolean;
  verification_txt: string;
  verified_at: Date | null;
  created_at: Date;
}

export interface RolesTable {
  id: string;
  name: string;
  description: string | null;
  created_at: Date;
}

export interface UsersTable {
  user_id: string;
  email: string | null;
  email_verified: boolean;
  username: string | null;
  phone_number: string | null;
  name: string | null;
  given_name: string | null;
  family_name: string | null;
  nickname: string | null;
  picture: string | null;
  blocked: Generated<boolean>;
  user_metadata: JsonWithDefault;
  app_metadata: JsonWithDefault;
  logins_count: Generated<number>;
  last_login_at: Date | null;
  last_ip: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface IdentitiesTable {
  user_id: string;
  id: string;
  connection_id: string;
  status: 'bound' | 'expected';
  issuer: Generated<string>;
  subject: string | null;
  expected_email: string | null;
  is_primary: Generated<boolean>;
  profile: JsonWithDefault;
  bound_by: string | null;
  evidence: NullableJson;
  created_at: Date;
  bound_at: Date | null;
}

export interface PasswordCredentialsTable {
  user_id: string;
  connection_id: string;
  email: string;
  hash: string;
  changed_at: Date;
}

export interface MembersTable {
  organization_id: string;
  user_id: string;
  via: 'invited' | 'auto' | 'action' | 'management';
  break_glass: Generated<boolean>;
  first_used_at: Date | null;
  created_at: Date;
}

export interface MemberRolesTable {
  organization_id: string;
  user_id: string;
  role_id: string;
}

export interface InvitationsTable {
  organization_id: string;
  id: string;
  ticket_hash: Buffer;
  ticket_sealed: Buffer;
  client_id: string;
  connection_id: string | null;
  inviter_name: string;
  invitee_email: string;
  roles: string[];
  app_metadata: NullableJson;
  user_metadata: NullableJson;
  created_at: Date;
  expires_at: Date;
  consumed_at: Date | null;
  consumed_by: string | null;
}

export interface SessionsTable {
  user_id: string;
  session_hash: Buffer;
  id: string;
  connection_id: string;
  authenticated_at: Date;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

export interface AuthorizationCodesTable {
  user_id: string;
  code_hash: Buffer;
  client_id: string;
  organization_id: string | null;
  session_id: string | null;
  redirect_uri: string;
  scope: string;
  audience: string | null;
  nonce: string | null;
  code_challenge: string | null;
  authenticated_at: Date;
  connection_id: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
  family_id: string;
}

export interface RefreshTokensTable {
  user_id: string;
  token_hash: Buffer;
  family_id: string;
  client_id: string;
  organization_id: string | null;
  connection_id: string;
  session_id: string | null;
  scope: string;
  audience: string | null;
  authenticated_at: Date;
  created_at: Date;
  expires_at: Date;
  idle_expires_at: Date;
  rotated_at: Date | null;
  revoked_at: Date | null;
}

export interface LoginReceiptsTable {
  organization_id: Generated<string>;
  transaction_id: string;
  expires_at: Date;
}

export interface TicketsTable {
  user_id: string;
  ticket_hash: Buffer;
  purpose: 'password' | 'verify_email';
  connection_id: string | null;
  email: string;
  client_id: string | null;
  organization_id: string | null;
  result_url: string | null;
  mark_email_verified: Generated<boolean>;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

export interface AttemptCountersTable {
  key_hash: Buffer;
  count: number;
  expires_at: Date;
}

export interface OutboxTable {
  id: string;
  recipient: string;
  template: string;
  body_sealed: Buffer;
  created_at: Date;
  next_attempt_at: Date;
  attempts: Generated<number>;
  last_error: string | null;
  sent_at: Date | null;
}

export interface LogsTable {
  organization_id: Generated<string>;
  log_id: string;
  date: Date;
  type: string;
  description: string | null;
  client_id: string | null;
  user_id: string | null;
  connection_id: string | null;
  ip: string | null;
  user_agent: string | null;
  details: JsonWithDefault;
}

export interface Database {
  tenant: TenantTable;
  signing_keys: SigningKeysTable;
  clients: ClientsTable;
  resource_servers: ResourceServersTable;
  client_grants: ClientGrantsTable;
  connections: ConnectionsTable;
  connection_clients: ConnectionClientsTable;
  organizations: OrganizationsTable;
  organization_connections: OrganizationConnectionsTable;
  discovery_domains: DiscoveryDomainsTable;
  roles: RolesTable;
  users: UsersTable;
  identities: IdentitiesTable;
  password_credentials: PasswordCredentialsTable;
  members: MembersTable;
  member_roles: MemberRolesTable;
  invitations: InvitationsTable;
  sessions: SessionsTable;
  authorization_codes: AuthorizationCodesTable;
  refresh_tokens: RefreshTokensTable;
  login_receipts: LoginReceiptsTable;
  tickets: TicketsTable;
  attempt_counters: AttemptCountersTable;
  outbox: OutboxTable;
  logs: LogsTable;
}
