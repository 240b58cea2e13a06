/** Kysely types for the tables of inbound SCIM. Part of schema.ts; holds no logic. */
import type { ColumnType, Generated } from 'kysely';

interface MappingItem {
  readonly scim?: string;
  readonly auth0?: string;
}

export interface ScimConfigurationsTable {
  connection_id: string;
  user_id_attribute: string;
  mapping: ColumnType<readonly MappingItem[] | null, string | null, string | null>;
  created_at: Date;
  updated_at: Date;
}

export interface ScimTokensTable {
  connection_id: string;
  id: string;
  token_hash: Buffer;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

export interface ScimGroupsTable {
  id: string;
  connection_id: string;
  display_name: string;
  external_id: string | null;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface ScimGroupMembersTable {
  user_id: string;
  identity_id: string;
  group_id: string;
  created_at: Date;
}

export interface ScimGroupRolesTable {
  organization_id: string;
  connection_id: string;
  group_by: 'display_name' | 'external_id';
  group_name: string;
  role_id: string;
}
