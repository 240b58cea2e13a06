/**
 * Kysely types for the tables in sql/. Hand-written, column by column; `Generated` marks columns that the database
 * fills. The tables that administrators fill are in schema-settings.ts. Holds no logic.
 */
import type { ColumnType, Generated } from 'kysely';
import type { PasswordVoucher, Voucher } from '../../domain/people/account.js';
import type { ColumnsOf } from '../../management/api/fields.js';
import type { PROFILE_FIELDS, USER_FIELDS } from '../../management/users/fields.js';
import type {
  ActionBindingsTable,
  ActionJobsTable,
  ActionModulesTable,
  ActionModuleVersionsTable,
  ActionsTable,
  ActionVersionsTable,
} from './schema-actions.js';
import type { JsonWithDefault, NullableJson } from './schema-columns.js';
import type { EmailProviderTable, EmailTemplatesTable } from './schema-emails.js';
import type { FactorsTable, TicketsTable } from './schema-factors.js';
import type { UserExportJobsTable, UserImportErrorsTable, UserImportJobsTable } from './schema-imports.js';
import type { LogStreamsTable } from './schema-log-streams.js';
import type {
  ScimConfigurationsTable,
  ScimGroupMembersTable,
  ScimGroupRolesTable,
  ScimGroupsTable,
  ScimTokensTable,
} from './schema-scim.js';
import type { ConnectionSetupsTable, SelfServiceProfilesTable } from './schema-self-service.js';
import type { SettingsTables } from './schema-settings.js';

export type { FactorsTable } from './schema-factors.js';
export type * from './schema-settings.js';

export interface UsersTable extends ColumnsOf<typeof USER_FIELDS>, ColumnsOf<typeof PROFILE_FIELDS> {
  user_id: string;
  email: string | null;
  /** The database computes it from `email_vouched_by`. */
  email_verified: ColumnType<boolean, never, never>;
  email_vouched_by: Voucher | null;
  blocked_by_scim: Generated<boolean>;
  user_metadata: JsonWithDefault;
  app_metadata: JsonWithDefault;
  logins_count: Generated<number>;
  last_login_at: Date | null;
  last_ip: string | null;
  factors_revision: Generated<number | string>;
  created_at: Date;
  updated_at: Date;
  /** The database computes the days (UTC) from `last_login_at` and `updated_at`. */
  last_login_day: ColumnType<Date | null, never, never>;
  updated_day: ColumnType<Date, never, never>;
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
  email_vouched_by: Voucher | null;
  bound_by: string | null;
  evidence: NullableJson;
  scim: NullableJson;
  scim_id: string | null;
  scim_inactive: Generated<boolean>;
  prove_again: Generated<boolean>;
  created_at: Date;
  bound_at: Date | null;
}

export interface MovedIdentitiesTable {
  user_id: string;
  id: string;
  connection_id: string;
  issuer: string;
  subject: string;
  is_primary: boolean;
  profile: JsonWithDefault;
  bound_by: string | null;
  evidence: NullableJson;
  email_vouched_by: Voucher | null;
  created_at: Date;
  bound_at: Date | null;
  moved_at: Date;
  moved_by: string;
  absorbed: NullableJson;
}

export interface PasswordCredentialsTable {
  user_id: string;
  connection_id: string;
  email: string;
  hash: string;
  changed_at: Date;
  vouched_by: PasswordVoucher | null;
  set_by_link: Generated<boolean>;
}

export interface MembersTable {
  organization_id: string;
  user_id: string;
  via: 'invited' | 'auto' | 'action' | 'management';
  break_glass: Generated<boolean>;
  first_used_at: Date | null;
  first_login_at: Date | null;
  last_login_at: Date | null;
  created_at: Date;
  vouched_email: string | null;
}

export interface MemberRolesTable {
  organization_id: string;
  user_id: string;
  role_id: string;
}

export interface RolePermissionsTable {
  role_id: string;
  resource_server_id: string;
  permission: string;
}

export interface UserPermissionsTable {
  user_id: string;
  resource_server_id: string;
  permission: string;
}

export interface UserRolesTable {
  user_id: string;
  role_id: string;
  created_at: Date;
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
  first_opened_at: Date | null;
  last_opened_at: Date | null;
  times_opened: Generated<number>;
  last_came_without_at: Date | null;
  times_came_without: Generated<number>;
  invited_by: string | null;
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
  metadata: JsonWithDefault;
  idle_expires_at: Date | null;
  methods: JsonWithDefault;
}

export interface SessionClientsTable {
  user_id: string;
  session_id: string;
  client_id: string;
  organization_id: string | null;
}

/** Filled by triggers alone. */
export interface LogoutNoticesTable {
  id: Generated<string>;
  user_id: string;
  session_id: string;
  client_id: string;
  initiator: string;
  first_attempt_at: Date | null;
  next_attempt_at: Generated<Date>;
  attempts: Generated<number>;
  last_error: string | null;
}

export interface AuthorizationCodesTable {
  user_id: string;
  code_hash: Buffer;
  client_id: string;
  organization_id: string | null;
  session_id: string | null;
  redirect_uri: string;
  redirect_uri_sent: Generated<boolean>;
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
  actions: NullableJson;
  factor_passed: Generated<boolean>;
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
  parent_hash: Buffer | null;
  metadata: JsonWithDefault;
}

export interface LoginReceiptsTable {
  organization_id: Generated<string>;
  transaction_id: string;
  expires_at: Date;
}

export interface AttemptCountersTable {
  key_hash: Buffer;
  count: number;
  expires_at: Date;
  subject_hash: Buffer | null;
  network: string | null;
  most: number | null;
}

export interface CookieOverflowTable {
  key_hash: Buffer;
  content_sealed: Buffer;
  machine_hash: Buffer;
  site_hash: Buffer;
  block_hash: Buffer;
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
  /** Set by the database, never by an insert. */
  position: ColumnType<number, never, never>;
}

export interface Database extends SettingsTables {
  role_permissions: RolePermissionsTable;
  user_permissions: UserPermissionsTable;
  user_roles: UserRolesTable;
  users: UsersTable;
  identities: IdentitiesTable;
  moved_identities: MovedIdentitiesTable;
  password_credentials: PasswordCredentialsTable;
  members: MembersTable;
  member_roles: MemberRolesTable;
  invitations: InvitationsTable;
  sessions: SessionsTable;
  session_clients: SessionClientsTable;
  logout_notices: LogoutNoticesTable;
  factors: FactorsTable;
  authorization_codes: AuthorizationCodesTable;
  refresh_tokens: RefreshTokensTable;
  login_receipts: LoginReceiptsTable;
  tickets: TicketsTable;
  attempt_counters: AttemptCountersTable;
  cookie_overflow: CookieOverflowTable;
  outbox: OutboxTable;
  email_provider: EmailProviderTable;
  email_templates: EmailTemplatesTable;
  logs: LogsTable;
  log_streams: LogStreamsTable;
  actions: ActionsTable;
  action_versions: ActionVersionsTable;
  action_bindings: ActionBindingsTable;
  action_modules: ActionModulesTable;
  action_module_versions: ActionModuleVersionsTable;
  action_jobs: ActionJobsTable;
  user_import_jobs: UserImportJobsTable;
  user_import_errors: UserImportErrorsTable;
  user_export_jobs: UserExportJobsTable;
  scim_configurations: ScimConfigurationsTable;
  scim_tokens: ScimTokensTable;
  self_service_profiles: SelfServiceProfilesTable;
  connection_setups: ConnectionSetupsTable;
  scim_groups: ScimGroupsTable;
  scim_group_members: ScimGroupMembersTable;
  scim_group_roles: ScimGroupRolesTable;
}
