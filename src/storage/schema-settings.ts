/** Kysely's picture of the tables that an administrator fills: tenant, applications, connections, organizations, roles. Part of schema.ts. */
import type { Generated } from 'kysely';
import type { Strategy } from '../domain/tenant.js';
import type { ColumnsOf } from '../management/api/fields.js';
import type { CLIENT_COLUMNS } from '../management/clients/fields.js';
import type { TWIN_FIELDS } from '../management/enabled-connections/fields.js';
import type { Json, JsonArray, JsonWithDefault, NullableJson, OrganizationUse } from './schema-columns.js';

export interface TenantTable {
  id: Generated<number>;
  friendly_name: Generated<string>;
  default_redirection_uri: string | null;
  allow_organization_name: Generated<boolean>;
  membership_evaluation: Generated<'after_actions' | 'before_actions'>;
  session_lifetime_seconds: Generated<number>;
  idle_session_lifetime_seconds: Generated<number>;
  extra: JsonWithDefault;
  actions_revision: Generated<string>;
  actions_bound: Generated<string[]>;
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
  strategy: Strategy;
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

export interface OrganizationConnectionsTable extends ColumnsOf<typeof TWIN_FIELDS> {
  organization_id: string;
  connection_id: string;
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
