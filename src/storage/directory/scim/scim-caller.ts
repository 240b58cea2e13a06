/**
 * The caller of a SCIM request: token, configuration and connection in one statement, since each request needs them.
 * Sees only hashes of tokens.
 */
import type { Kysely, Selectable } from 'kysely';
import type { ScimTokenHolder } from '../../../ports/directory/scim.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { ConnectionsTable, Database } from '../../schema/schema.js';
import type { ScimConfigurationsTable, ScimTokensTable } from '../../schema/schema-scim.js';
import { toConnection } from '../connections.js';
import { toConfiguration, toToken } from './scim-rows.js';

type Row = Omit<Selectable<ConnectionsTable>, 'secrets_sealed'> &
  Pick<Selectable<ScimTokensTable>, 'token_hash' | 'scopes' | 'expires_at' | 'last_used_at'> &
  Pick<Selectable<ScimConfigurationsTable>, 'user_id_attribute' | 'mapping'> & {
    readonly token_created_at: Date;
    readonly configured_at: Date;
    readonly reconfigured_at: Date;
  };

/**
 * The organization that made the connection `c` has it, and no other one. Attack: a customer detaches the connection, or an
 * operator gives it to others too, and the customer's directory still writes its people.
 */
const ALONE = `array(select o.organization_id from organization_connections o where o.connection_id = c.id limit 2)
      = array[c.managed_by_organization]`;

const CALLER = prepare(
  'scim-caller',
  `select t.token_hash, t.scopes, t.created_at as token_created_at, t.expires_at, t.last_used_at,
    s.user_id_attribute, s.mapping, s.created_at as configured_at, s.updated_at as reconfigured_at,
    c.id, c.name, c.strategy, c.display_name, c.options, c.domain_aliases, c.show_as_button, c.is_domain_connection,
    c.needs_organization, c.managed_by_organization, c.metadata, c.revision, c.created_at, c.updated_at
  from scim_tokens t join scim_configurations s on s.connection_id = t.connection_id join connections c on c.id = t.connection_id
  where t.connection_id = $1::text and t.id = $2::text
    and (c.managed_by_organization is null or ${ALONE})`,
);

/** Finds the holder of a SCIM token, as the port describes. */
export async function findCaller(
  db: Kysely<Database>,
  connectionId: string,
  tokenId: string,
): Promise<ScimTokenHolder | undefined> {
  const [row] = await runPrepared<Row>(db, CALLER, [connectionId, tokenId]);
  if (row === undefined) return undefined;
  const of = { connection_id: connectionId };
  return {
    connection: toConnection(row),
    configuration: toConfiguration({ ...row, ...of, created_at: row.configured_at, updated_at: row.reconfigured_at }),
    token: toToken({ ...row, ...of, id: tokenId, created_at: row.token_created_at }),
    hash: row.token_hash,
  };
}
