/** The tools for a tenant of Auth0 and their linter start without the server: no module of it is loaded, nor what it stands on. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runVestibule } from './run-vestibule.js';

/** Every file that a run of the command loads, as Node's own coverage lists them. */
async function listLoaded(args: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-loaded-'));
  try {
    await runVestibule(args, { NODE_V8_COVERAGE: folder });
    const files = await readdir(folder);
    const reports = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    return reports.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const TENANT = ['--domain', 'localhost:9', '--client-id', 'cli', '--client-secret', 'hush-hush'];
const SERVER =
  /\/\.compiled\/(http|storage|connectors|management|tokens|mail|compose)\/|\/node_modules\/(fastify|pg|kysely|preact)\//;

test.each([
  ['rollout', 'plan', '--organization', 'acme', '--connection', 'acme-oidc', '--directory', 'none.csv', ...TENANT],
  ['guard', 'sweep', 'plan', '--organization', 'acme', ...TENANT],
  ['guard', 'check', 'none.js'],
])('%s %s', async (...args) => {
  const loaded = await listLoaded(args);
  expect(loaded.filter((url) => url.includes('/.compiled/tenant-tools/')).length, 'the command is run').toBeGreaterThan(
    3,
  );
  expect(loaded.filter((url) => SERVER.test(url))).toEqual([]);
});
