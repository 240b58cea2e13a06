/** Locks of single rows. Every statement is constant text; the keys are its parameters. */
import { CompiledQuery, type Kysely } from 'kysely';
import type { LockedRow, RowLockDirectory } from '../../ports/directory/row-locks.js';
import type { Database } from '../schema/schema.js';

const ROWS: Readonly<Record<LockedRow, string>> = {
  action: 'actions where id = $1',
  'action module': 'action_modules where id = $1',
  api: 'resource_servers where id = $1 or identifier = $1',
  application: 'clients where client_id = $1',
  'client grant': 'client_grants where id = $1',
  connection: 'connections where id = $1',
  'connection of an organization': 'organization_connections where organization_id = $1 and connection_id = $2',
  'custom texts': 'custom_texts where prompt = $1 and language = $2',
  'domain of an organization': 'discovery_domains where organization_id = $1 and id = $2',
  'log stream': 'log_streams where id = $1',
  'mail server': 'email_provider where id = 1',
  'mail template': 'email_templates where name = $1',
  organization: 'organizations where id = $1',
  'page template': 'page_templates where name = $1',
  profile: 'profiles where id = $1',
  role: 'roles where id = $1',
  'SCIM configuration': 'scim_configurations where connection_id = $1',
  'set-up profile': 'self_service_profiles where id = $1',
  tenant: 'tenant where id = 1',
  user: 'users where user_id = $1',
};

/** Takes an advisory lock in place of a row that does not exist. */
const NAMED = `select pg_advisory_xact_lock(hashtextextended($1, 0))`;

/** Returns locks of rows. A lock lasts until the transaction finishes. */
export function createRowLockDirectory(db: Kysely<Database>): RowLockDirectory {
  return {
    async lock(row, keys) {
      // Locks FOR NO KEY UPDATE instead of FOR UPDATE: an insert that refers to the row need not wait.
      const held = await db.executeQuery(CompiledQuery.raw(`select 1 from ${ROWS[row]} for no key update`, [...keys]));
      if (held.rows.length === 0) await db.executeQuery(CompiledQuery.raw(NAMED, [JSON.stringify([row, ...keys])]));
    },
  };
}
