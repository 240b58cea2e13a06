/** Keys of connections, read and changed in the transaction of a directory. Never returns a private key. */
import type { Kysely, Selectable } from 'kysely';
import type { ConnectionKeyAlgorithm, ConnectionKeyTurn } from '../../domain/companies/connection-key.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ConnectionKey, ConnectionKeyDirectory } from '../../ports/connection-keys.js';
import type { Database } from '../schema/schema.js';
import type { ConnectionKeysTable } from '../schema/schema-settings.js';
import { sealConnectionKey } from '../secrets/connection-keys.js';
import { orUndefined } from './rows.js';

const TURNS: readonly ConnectionKeyTurn[] = ['next', 'current', 'previous'];

function toKey(row: Selectable<ConnectionKeysTable>): ConnectionKey {
  return {
    kid: row.kid,
    algorithm: row.algorithm as ConnectionKeyAlgorithm,
    certificate: row.certificate,
    turn: row.turn,
    currentSince: orUndefined(row.current_since),
    currentUntil: orUndefined(row.current_until),
  };
}

/** Returns the directory of connection keys. `box`: the secret box for rows. */
export function createConnectionKeyDirectory(db: Kysely<Database>, box: SecretBox): ConnectionKeyDirectory {
  const keysOf = (connectionId: string) =>
    db.selectFrom('connection_keys').selectAll().where('connection_id', '=', connectionId);
  const move = (connectionId: string, from: ConnectionKeyTurn) =>
    db.updateTable('connection_keys').where('connection_id', '=', connectionId).where('turn', '=', from);
  return {
    async list(connectionId) {
      const keys = (await keysOf(connectionId).execute()).map(toKey);
      return TURNS.flatMap((turn) => keys.filter((key) => key.turn === turn));
    },
    async begin(connectionId, { current, next }, at) {
      if ((await keysOf(connectionId).executeTakeFirst()) !== undefined) return false;
      await db
        .insertInto('connection_keys')
        .values([
          { ...sealConnectionKey(box, connectionId, current), turn: 'current', current_since: at, created_at: at },
          { ...sealConnectionKey(box, connectionId, next), turn: 'next', created_at: at },
        ])
        .execute();
      return true;
    },
    async end(connectionId) {
      const ended = await db.deleteFrom('connection_keys').where('connection_id', '=', connectionId).executeTakeFirst();
      return ended.numDeletedRows > 0n;
    },
    async rotate(connectionId, next, at) {
      if ((await keysOf(connectionId).where('turn', '=', 'next').executeTakeFirst()) === undefined) return false;
      const previous = db.deleteFrom('connection_keys').where('connection_id', '=', connectionId);
      await previous.where('turn', '=', 'previous').execute();
      await move(connectionId, 'current').set({ turn: 'previous', current_until: at }).execute();
      await move(connectionId, 'next').set({ turn: 'current', current_since: at }).execute();
      const sealed = sealConnectionKey(box, connectionId, next);
      await db
        .insertInto('connection_keys')
        .values({ ...sealed, turn: 'next', created_at: at })
        .execute();
      return true;
    },
  };
}
