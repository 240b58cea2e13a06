/**
 * Keys of connections, read by a login and by the public key set. Private keys are sealed with the row's identity as
 * context.
 */
import type pg from 'pg';
import type { ConnectionKeyAlgorithm } from '../../domain/companies/connection-key.js';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ConnectionKeySource, FindPublishedKeys, NewConnectionKey } from '../../ports/connection-keys.js';
import { queryRows } from '../database/pool.js';

const contextOf = (connectionId: string, kid: string) => `connection_keys:${connectionId}:${kid}:private`;

/** Returns the columns of a new key except `turn`. */
export function sealConnectionKey(box: SecretBox, connectionId: string, key: NewConnectionKey) {
  return {
    connection_id: connectionId,
    kid: key.kid,
    algorithm: key.algorithm,
    certificate: key.certificate,
    private_key_sealed: box.seal(key.privatePem, contextOf(connectionId, key.kid)),
  };
}

/** Returns the source of connection keys. `box`: the secret box for rows. */
export function createConnectionKeys(pool: pg.Pool, box: SecretBox): ConnectionKeySource {
  return {
    async findCurrent(connectionId) {
      const [row] = await queryRows<{ kid: string; algorithm: ConnectionKeyAlgorithm; private_key_sealed: Buffer }>(
        pool,
        `select kid, algorithm, private_key_sealed from connection_keys where connection_id = $1 and turn = 'current'`,
        [connectionId],
      );
      if (row === undefined) return undefined;
      const privatePem = box.open(row.private_key_sealed, contextOf(connectionId, row.kid));
      if (privatePem === undefined) throw new Fault('crypto', 'the key of a connection does not open', false);
      return { kid: row.kid, algorithm: row.algorithm, privatePem };
    },
  };
}

/**
 * Returns the keys to publish to a connection's provider. Leaves out previous keys: they may have been rotated because
 * they leaked.
 */
export function createPublishedKeys(pool: pg.Pool): FindPublishedKeys {
  return (name) =>
    queryRows<{ kid: string; algorithm: ConnectionKeyAlgorithm; certificate: string }>(
      pool,
      `select k.kid, k.algorithm, k.certificate from connection_keys k join connections c on c.id = k.connection_id
       where c.name = $1 and k.turn in ('current', 'next') order by k.turn`,
      [name],
    );
}
