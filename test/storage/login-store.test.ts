/** The login store over PostgreSQL keeps the contract. */
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import { describeLoginStore } from '../conformance/login-store-contract.js';
import { AT } from '../conformance/login-store-world.js';
import { createTestDatabase, snapshotTables } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';
import { createSqlSeed } from '../support/sql-seed.js';

describeLoginStore('PostgreSQL', async () => {
  const { pool, drop } = await createTestDatabase({ maxConnections: 20 });
  const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
  const sealSecrets = (id: string, secrets: object) => box.seal(JSON.stringify(secrets), `connections:${id}:secrets`);
  const openMail = (id: string, sealed: Buffer) => JSON.parse(box.open(sealed, `outbox:${id}`) ?? 'null');
  const clock = createManualClock(AT);
  const { reads, commit } = createLoginStore(pool, box, ['auth0', 'oidc', 'okta'], clock);
  const snapshot = () => snapshotTables(pool);
  return { reads, commit, clock, seed: createSqlSeed(pool), sealSecrets, openMail, snapshot, stop: drop };
});
