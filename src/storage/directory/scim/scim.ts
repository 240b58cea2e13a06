/**
 * Inbound SCIM of connections: configurations and tokens. Sees only hashes of tokens. People are in scim-people.ts,
 * groups in scim-groups.ts.
 */
import { type Kysely, sql } from 'kysely';
import type { ScimConfiguration, ScimDirectory } from '../../../ports/directory/scim.js';
import type { Database } from '../../schema/schema.js';
import { cutPage, orNull, toPage } from '../rows.js';
import { findCaller } from './scim-caller.js';
import { createScimGroups } from './scim-groups.js';
import { createScimPeople } from './scim-people.js';
import { toConfiguration, toToken } from './scim-rows.js';

const toMapping = (mapping: ScimConfiguration['mapping']) => (mapping === undefined ? null : JSON.stringify(mapping));

type Configurations = Pick<
  ScimDirectory,
  | 'findConfiguration'
  | 'findConfigurationForUpdate'
  | 'listConfigurations'
  | 'createConfiguration'
  | 'updateConfiguration'
  | 'deleteConfiguration'
>;

function createConfigurations(db: Kysely<Database>): Configurations {
  const select = (connectionId: string) =>
    db.selectFrom('scim_configurations').selectAll().where('connection_id', '=', connectionId);
  const find = async (connectionId: string) => {
    const row = await select(connectionId).executeTakeFirst();
    return row && toConfiguration(row);
  };
  return {
    findConfiguration: find,
    async findConfigurationForUpdate(connectionId) {
      const row = await select(connectionId).forUpdate().executeTakeFirst();
      return row && toConfiguration(row);
    },
    async listConfigurations(page) {
      const base = db.selectFrom('scim_configurations').selectAll();
      const rows = await cutPage(base, page, sql.ref('created_at'), sql.ref('connection_id')).execute();
      return toPage(rows, page, undefined, toConfiguration, (row) => ({
        createdAt: row.page_time,
        id: row.connection_id,
      }));
    },
    async createConfiguration(configuration) {
      await db
        .insertInto('scim_configurations')
        .values({
          connection_id: configuration.connectionId,
          user_id_attribute: configuration.userIdAttribute,
          mapping: toMapping(configuration.mapping),
          created_at: configuration.createdAt,
          updated_at: configuration.updatedAt,
        })
        .execute();
    },
    async updateConfiguration(connectionId, { userIdAttribute, mapping, updatedAt }) {
      await db
        .updateTable('scim_configurations')
        .set({ user_id_attribute: userIdAttribute, mapping: toMapping(mapping), updated_at: updatedAt })
        .where('connection_id', '=', connectionId)
        .execute();
      return find(connectionId);
    },
    async deleteConfiguration(connectionId) {
      const result = await db
        .deleteFrom('scim_configurations')
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

type Tokens = Pick<
  ScimDirectory,
  'listTokens' | 'createToken' | 'deleteToken' | 'deleteExpiredTokens' | 'findCaller' | 'noteUse'
>;

function createTokens(db: Kysely<Database>): Tokens {
  return {
    async listTokens(connectionId) {
      const rows = await db
        .selectFrom('scim_tokens')
        .select(['connection_id', 'id', 'scopes', 'created_at', 'expires_at', 'last_used_at'])
        .where('connection_id', '=', connectionId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toToken);
    },
    async createToken(token, hash) {
      await db
        .insertInto('scim_tokens')
        .values({
          connection_id: token.connectionId,
          id: token.id,
          token_hash: hash,
          scopes: [...token.scopes],
          created_at: token.createdAt,
          expires_at: orNull(token.expiresAt),
          last_used_at: null,
        })
        .execute();
    },
    async deleteToken(connectionId, tokenId) {
      const result = await db
        .deleteFrom('scim_tokens')
        .where('connection_id', '=', connectionId)
        .where('id', '=', tokenId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async deleteExpiredTokens(connectionId, at) {
      await db
        .deleteFrom('scim_tokens')
        .where('connection_id', '=', connectionId)
        .where('expires_at', '<=', at)
        .execute();
    },
    findCaller: (connectionId, tokenId) => findCaller(db, connectionId, tokenId),
    async noteUse(connectionId, tokenId, at) {
      await db
        .updateTable('scim_tokens')
        .set({ last_used_at: at })
        .where('connection_id', '=', connectionId)
        .where('id', '=', tokenId)
        .execute();
    },
  };
}

/** Returns the directory of inbound SCIM: configurations, tokens, people and groups. */
export function createScimDirectory(db: Kysely<Database>): ScimDirectory {
  return { ...createConfigurations(db), ...createTokens(db), ...createScimPeople(db), ...createScimGroups(db) };
}
