/** `vestibule serve --profile auth0` as a process: it says loudly that it is a rehearsal tenant, and uses the file of facts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { startServerProcess } from '../support/server-process.js';

test('case=the double says what it is, and has the limits of its facts; an ordinary server on the same database has none', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-double-'));
  const facts = join(folder, 'facts.json');
  await writeFile(facts, '{"rate_plan":"free"}');
  const limitOf = async (port: number) =>
    (await fetch(`http://localhost:${port}/api/v2/organizations`)).headers.get('x-ratelimit-limit');
  const environment = { VESTIBULE_LOG_LEVEL: 'warn' };
  try {
    const args = ['--profile', 'auth0', '--double-facts', facts];
    const double = await startServerProcess({ databaseUrl: database.url, environment, args });
    try {
      expect(double.output()).toContain('REHEARSAL TENANT: imitates Auth0');
      const line = double
        .output()
        .split('\n')
        .find((text) => text.startsWith('{') && text.includes('REHEARSAL TENANT'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 40, profile: 'auth0', facts: { rate_plan: 'free' } });
      expect(await limitOf(double.port)).toBe('2');
    } finally {
      expect(await double.stop()).toBe(0);
    }
    const ordinary = await startServerProcess({ databaseUrl: database.url, environment });
    try {
      expect(ordinary.output()).not.toContain('REHEARSAL');
      expect(await limitOf(ordinary.port)).toBeNull();
    } finally {
      await ordinary.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
    await database.drop();
  }
}, 120_000);
