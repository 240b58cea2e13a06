/**
 * `vestibule serve --profile auth0` as a process: it says loudly that it is a rehearsal tenant, and uses the file of facts. A database belongs to
 * one kind of server: the double never writes into the one of an ordinary server, nor the other way round.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase, snapshotTables, type TestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';
import { startServerProcess } from '../support/server-process.js';

async function withDatabase(template: 'migrated' | 'empty', work: (database: TestDatabase) => Promise<void>) {
  const database = await createTestDatabase({ template });
  try {
    await work(database);
  } finally {
    await database.drop();
  }
}

const kindOf = async ({ pool }: TestDatabase) =>
  (await pool.query<{ kind: string | null }>('select server_kind as kind from tenant')).rows[0]?.kind;

async function claim(database: TestDatabase, profile: 'auth0' | undefined): Promise<void> {
  await (await startInstance({ database, profile })).stop();
}

test(
  'case=the double says what it is, and has the limits of its facts',
  () =>
    withDatabase('migrated', async (database) => {
      const folder = await mkdtemp(join(tmpdir(), 'vestibule-double-'));
      const facts = join(folder, 'facts.json');
      await writeFile(facts, '{"rate_plan":"free"}');
      const args = ['--profile', 'auth0', '--double-facts', facts];
      const environment = { VESTIBULE_LOG_LEVEL: 'warn' };
      const double = await startServerProcess({ databaseUrl: database.url, environment, args });
      try {
        expect(double.output()).toContain('REHEARSAL TENANT: imitates Auth0');
        const line = double
          .output()
          .split('\n')
          .find((text) => text.startsWith('{') && text.includes('REHEARSAL TENANT'));
        expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 40, profile: 'auth0', facts: { rate_plan: 'free' } });
        const answer = await fetch(`http://localhost:${double.port}/api/v2/organizations`);
        expect(answer.headers.get('x-ratelimit-limit')).toBe('2');
      } finally {
        expect(await double.stop()).toBe(0);
        await rm(folder, { recursive: true });
      }
    }),
  120_000,
);

test(
  'case=an ordinary server has no limits of the double and says nothing of a rehearsal',
  () =>
    withDatabase('migrated', async ({ url: databaseUrl }) => {
      const ordinary = await startServerProcess({ databaseUrl, environment: { VESTIBULE_LOG_LEVEL: 'warn' } });
      try {
        expect(ordinary.output()).not.toContain('REHEARSAL');
        const answer = await fetch(`http://localhost:${ordinary.port}/api/v2/organizations`);
        expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
      } finally {
        await ordinary.stop();
      }
    }),
  120_000,
);

test(
  'case=the double started on the database of an ordinary server: refused in words, and nothing is written',
  () =>
    withDatabase('empty', async (database) => {
      await claim(database, undefined);
      const before = await snapshotTables(database.pool);
      const args = ['--profile', 'auth0'];
      await expect(startServerProcess({ databaseUrl: database.url, args })).rejects.toThrow(
        /This database belongs to an ordinary Vestibule server\. .*Start it without --profile, or point DATABASE_URL .* to an empty database/,
      );
      expect(await snapshotTables(database.pool)).toEqual(before);
      expect(await kindOf(database)).toBe('vestibule');
    }),
  120_000,
);

test(
  'case=an ordinary server started on the database of a double: refused in words; each kind starts again on its own',
  () =>
    withDatabase('empty', async (database) => {
      await claim(database, 'auth0');
      await expect(claim(database, undefined)).rejects.toThrow(
        /belongs to a rehearsal tenant.*Start it with --profile auth0/,
      );
      expect(await kindOf(database)).toBe('auth0_double');
      await claim(database, 'auth0');
    }),
  120_000,
);

test(
  'case=a database of the other kind is not migrated: the program that owns it may be older',
  () =>
    withDatabase('migrated', async (database) => {
      await claim(database, undefined);
      await database.pool.query(`delete from schema_migrations`);
      await expect(claim(database, 'auth0')).rejects.toThrow(/belongs to an ordinary/);
      expect((await database.pool.query('select 1 from schema_migrations')).rowCount).toBe(0);
    }),
  120_000,
);

test(
  'case=both kinds start on one empty database at once: one of them gets it',
  () =>
    withDatabase('empty', async (database) => {
      const ends = await Promise.allSettled([claim(database, 'auth0'), claim(database, undefined)]);
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const [kind] = ends[0]?.status === 'fulfilled' ? ['auth0_double'] : ['vestibule'];
      expect(await kindOf(database)).toBe(kind);
    }),
  120_000,
);
