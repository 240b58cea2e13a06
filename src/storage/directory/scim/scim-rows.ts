/** Converts rows of SCIM configurations and tokens into the port's records. */
import type { Selectable } from 'kysely';
import type { ScimConfiguration, ScimToken } from '../../../ports/directory/scim.js';
import type { ScimConfigurationsTable, ScimTokensTable } from '../../schema/schema-scim.js';
import { orUndefined } from '../rows.js';

/** Converts the row of a SCIM configuration. */
export function toConfiguration(row: Selectable<ScimConfigurationsTable>): ScimConfiguration {
  return {
    connectionId: row.connection_id,
    userIdAttribute: row.user_id_attribute,
    mapping: orUndefined(row.mapping),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Converts the row of a SCIM token, without its hash. */
export function toToken(row: Omit<Selectable<ScimTokensTable>, 'token_hash'>): ScimToken {
  return {
    connectionId: row.connection_id,
    id: row.id,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: orUndefined(row.expires_at),
    lastUsedAt: orUndefined(row.last_used_at),
  };
}
