/**
 * Kysely types for the tables that administrators fill: tenant, applications, connections, organizations, roles. Part
 * of schema.ts; holds no logic.
 */
import type { ColumnType, Generated } from 'kysely';
import type { ClientKeyAlgorithm } from '../../domain/client-key.js';
import type { CheckProblem, ProofKind } from '../../domain/companies/domain-proof.js';
import type { StoredGuardian } from '../../domain/factors/factor.js';
import type { Strategy } from '../../domain/tenant.js';
import type { ColumnsOf } from '../../management/api/fields.js';
import type { StoredProtection } from '../../management/attack-protection/fields.js';
import type { StoredBranding, StoredTheme } from '../../management/branding/fields.js';
import type { GRANT_FIELDS } from '../../management/client-grants/fields.js';
import type { CLIENT_COLUMNS } from '../../management/clients/fields.js';
import type { DOMAIN_FIELDS } from '../../management/discovery-domains/fields.js';
import type { TWIN_FIELDS } from '../../management/enabled-connections/fields.js';
import type { ORGANIZATION_FIELDS } from '../../management/organizations/fields.js';
import type { RESOURCE_SERVER_COLUMNS } from '../../management/resource-servers/fields.js';
import type { ROLE_FIELDS } from '../../management/roles/fields.js';
import type { TENANT_COLUMNS } from '../../management/tenant/fields.js';
import type { Json, JsonArray, JsonWithDefault, NullableJson } from './schema-columns.js';

export interface TenantTable extends ColumnsOf<typeof TENANT_COLUMNS> {
  id: Generated<number>;
  branding: ColumnType<StoredBranding, string | undefined, string>;
  theme: ColumnType<StoredTheme | null, string | null | undefined, string | null>;
  attack_protection: ColumnType<StoredProtection, string | undefined, string>;
  guardian: ColumnType<StoredGuardian, string | undefined, string>;
  extra: JsonWithDefault;
  texts_revision: Generated<string>;
  actions_revision: Generated<string>;
  actions_bound: Generated<string[]>;
  server_kind: string | null;
  own_domain_listed: Generated<boolean>;
}

export interface PageTemplatesTable {
  name: string;
  body: string;
}

export interface CustomTextsTable {
  prompt: string;
  language: string;
  screens: Json;
}

export interface SigningKeysTable {
  kid: string;
  public_jwk: Json;
  private_key_sealed: Buffer;
  created_at: Date;
  retired_at: Date | null;
}

export interface ClientsTable extends ColumnsOf<typeof CLIENT_COLUMNS> {
  client_id: string;
  secret_sealed: Buffer | null;
  client_metadata: JsonWithDefault;
  extra: JsonWithDefault;
  created_at: Date;
  updated_at: Date;
}

export interface ClientCredentialsTable {
  client_id: string;
  id: string;
  name: Generated<string>;
  kid: string;
  alg: ClientKeyAlgorithm;
  public_key: string;
  thumbprint_sha256: string | null;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface ClientAssertionsTable {
  client_id: string;
  jti_hash: Buffer;
  expires_at: Date;
}

export interface ResourceServersTable extends ColumnsOf<typeof RESOURCE_SERVER_COLUMNS> {
  id: string;
  identifier: string;
  scopes: JsonArray;
  is_system: boolean;
  extra: JsonWithDefault;
  created_at: Date;
}

export interface OperatorsTable {
  id: Generated<number>;
  organization_id: string;
  connection_id: string;
  client_id: string;
  owner_role_id: string;
  support_role_id: string;
  viewer_role_id: string;
}

export interface ClientGrantsTable extends ColumnsOf<typeof GRANT_FIELDS> {
  client_id: string;
  audience: string;
  id: string;
  created_at: Date;
}

export interface OrganizationClientGrantsTable {
  organization_id: string;
  grant_id: string;
  created_at: Date;
}

export interface OrganizationClientsTable {
  organization_id: string;
  client_id: string;
  use_for_member_access: boolean;
  created_at: Date;
}

export interface ConnectionsTable {
  id: string;
  name: string;
  strategy: Strategy;
  display_name: string | null;
  options: JsonWithDefault;
  secrets_sealed: Buffer | null;
  domain_aliases: string[];
  show_as_button: boolean;
  is_domain_connection: boolean;
  needs_organization: boolean;
  managed_by_organization: string | null;
  metadata: JsonWithDefault;
  revision: string;
  created_at: Date;
  updated_at: Date;
}

export interface ConnectionClientsTable {
  connection_id: string;
  client_id: string;
}

export interface OrganizationsTable extends ColumnsOf<typeof ORGANIZATION_FIELDS> {
  id: string;
  branding: NullableJson;
  metadata: JsonWithDefault;
  token_quota: NullableJson;
  created_at: Date;
  updated_at: Date;
}

export interface OrganizationConnectionsTable extends ColumnsOf<typeof TWIN_FIELDS> {
  organization_id: string;
  connection_id: string;
  revision: string;
  created_at: Date;
}

export interface DiscoveryDomainsTable extends ColumnsOf<typeof DOMAIN_FIELDS> {
  organization_id: string;
  id: string;
  domain: string;
  verification_txt: string;
  verified_at: Date | null;
  /** How the domain was proved; has a meaning only for a verified domain. */
  proof: Generated<ProofKind>;
  checked_at: Date | null;
  /** When the proof expires; null for a domain that an operator vouched for, and for a pending one. */
  expires_at: Date | null;
  check_problem: CheckProblem | null;
  told_at: Date | null;
  next_attempt_at: Generated<Date | 'infinity'>;
  attempts: Generated<number>;
  last_error: string | null;
  created_at: Date;
}

export interface RolesTable extends ColumnsOf<typeof ROLE_FIELDS> {
  id: string;
  created_at: Date;
}

export interface ConnectionKeysTable {
  connection_id: string;
  kid: string;
  turn: 'current' | 'next' | 'previous';
  algorithm: string;
  certificate: string;
  private_key_sealed: Buffer;
  current_since: ColumnType<Date | null, Date | undefined, Date>;
  current_until: ColumnType<Date | null, Date | undefined, Date>;
  created_at: Date;
}

/** The tables by their names. */
export interface SettingsTables {
  tenant: TenantTable;
  custom_texts: CustomTextsTable;
  page_templates: PageTemplatesTable;
  signing_keys: SigningKeysTable;
  clients: ClientsTable;
  client_credentials: ClientCredentialsTable;
  client_assertions: ClientAssertionsTable;
  resource_servers: ResourceServersTable;
  client_grants: ClientGrantsTable;
  organization_client_grants: OrganizationClientGrantsTable;
  organization_clients: OrganizationClientsTable;
  connections: ConnectionsTable;
  connection_keys: ConnectionKeysTable;
  connection_clients: ConnectionClientsTable;
  organizations: OrganizationsTable;
  organization_connections: OrganizationConnectionsTable;
  discovery_domains: DiscoveryDomainsTable;
  roles: RolesTable;
  operators: OperatorsTable;
}
