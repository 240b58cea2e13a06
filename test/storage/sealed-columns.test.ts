/** Sealing with a new key, with more rows than one batch and a writer in between. The whole of it, with servers: test/faults/key-rotation.test.ts. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { openMail, sealModel } from '../../src/storage/jobs/outbox.js';
import { countSealed, resealAll } from '../../src/storage/secrets/sealed-columns.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const OLD = Buffer.alloc(32, 1);
const NEW = Buffer.alloc(32, 2);
const old = createSecretBox(OLD, 'rows', systemEntropy);
const both = createSecretBox(NEW, 'rows', systemEntropy, [OLD]);
const fresh = createSecretBox(NEW, 'rows', systemEntropy);
const MAILS = 45;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const idOf = (index: number) => `mail_${String(index).padStart(3, '0')}`;
const sealedMail = (id: string, box = old) =>
  sealModel(box, { id, to: 'dana@acme.example', template: 'invitation', model: { id } } as never);
async function fill(): Promise<void> {
  await database.pool.query('delete from outbox');
  for (let index = 0; index < MAILS; index++)
    await database.pool.query(
      `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at) values ($1, 'dana@acme.example', 'invitation', $2, now(), now())`,
      [idOf(index), sealedMail(idOf(index))],
    );
  // A mail that was sent needs no key.
  await database.pool.query(
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at) values ('sent', 'x', 'invitation', '', now(), now())`,
  );
}
const outboxOf = (tallies: Awaited<ReturnType<typeof countSealed>>) => tallies.find(({ table }) => table === 'outbox');

test('case=every row of several batches, and afterwards the former key is needed no more', async () => {
  await fill();
  expect(outboxOf(await countSealed(database.pool, both))).toMatchObject({ current: 0, former: MAILS, lost: 0 });
  expect(outboxOf(await countSealed(database.pool, fresh))).toMatchObject({ current: 0, former: 0, lost: MAILS });
  expect(outboxOf(await resealAll(database.pool, both))).toMatchObject({ current: MAILS, former: 0, lost: 0 });
  expect(outboxOf(await countSealed(database.pool, fresh))).toMatchObject({ current: MAILS, former: 0, lost: 0 });
});

test('case=what a server wrote since the row was read stays', async () => {
  await fill();
  // One connection: the write that is sent first is done first.
  const one = new pg.Pool({ connectionString: database.url, max: 1 });
  let written: Promise<unknown> | undefined;
  const box = {
    ...both,
    seal(plain: string | Uint8Array, context: string) {
      if (context === `outbox:${idOf(3)}`)
        written ??= one.query(`update outbox set body_sealed = '' where id = $1`, [idOf(3)]);
      return both.seal(plain, context);
    },
  };
  try {
    expect(outboxOf(await resealAll(one, box))).toMatchObject({ current: MAILS - 1, former: 1, lost: 0 });
    await written;
  } finally {
    await one.end();
  }
  const { rows } = await database.pool.query('select body_sealed from outbox where id = $1', [idOf(3)]);
  expect(rows[0]?.body_sealed).toHaveLength(0);
  const [other] = (await database.pool.query('select * from outbox where id = $1', [idOf(4)])).rows;
  expect(openMail(fresh, other)?.model).toEqual({ id: idOf(4) });
});
