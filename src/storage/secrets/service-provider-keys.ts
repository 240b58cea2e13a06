/**
 * The key pair of this server as a SAML service provider, in PostgreSQL: one row, the private key sealed with the row's
 * identity as context. Never replaces a pair: administrators have registered its certificate at all identity providers.
 */
import type pg from 'pg';
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ServiceProviderKeyStore } from '../../ports/service-provider.js';
import { type Queryable, queryRows } from '../database/pool.js';

const ID = 'saml';
const CONTEXT = `service_provider_keys:${ID}:private`;

async function readKey(db: Queryable, box: SecretBox) {
  const [row] = await queryRows<{ certificate: string; private_key_sealed: Buffer }>(
    db,
    'select certificate, private_key_sealed from service_provider_keys where id = $1',
    [ID],
  );
  if (row === undefined) return undefined;
  const privatePem = box.open(row.private_key_sealed, CONTEXT);
  if (privatePem === undefined)
    throw new Fault(
      'crypto',
      "The service provider's key does not open: the database was written with another VESTIBULE_SECRET_KEY. Start with that one.",
      false,
    );
  return { privatePem, certificate: row.certificate };
}

/** Returns the store of the key pair. `box`: the secret box for rows. */
export function createServiceProviderKeys(pool: pg.Pool, box: SecretBox): ServiceProviderKeyStore {
  return {
    findKey: () => readKey(pool, box),
    async ensureKey(make) {
      const found = await readKey(pool, box);
      if (found !== undefined) return found;
      const made = await make();
      // When two nodes create a pair at once, the second one reads the pair of the first.
      await queryRows(
        pool,
        `insert into service_provider_keys (id, certificate, private_key_sealed, created_at) values ($1, $2, $3, $4)
         on conflict (id) do nothing`,
        [ID, made.certificate, box.seal(made.privatePem, CONTEXT), made.createdAt],
      );
      return (await readKey(pool, box)) ?? made;
    },
  };
}
