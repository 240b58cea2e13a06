/** The tools for a tenant of Auth0 and their linter start without the server: no module of it is loaded, nor what it depends on. */
import { expect, test } from 'vitest';
import { listLoaded } from '../support/loaded-modules.js';
import { runVestibule } from './run-vestibule.js';

const TENANT = ['--domain', 'localhost:9', '--client-id', 'cli', '--client-secret', 'hush-hush'];
const SERVER =
  /\/\.compiled\/(http|storage|connectors|management|tokens|mail|compose)\/|\/node_modules\/(fastify|pg|kysely|preact)\//;

test.each([
  ['rollout', 'plan', '--organization', 'acme', '--connection', 'acme-oidc', '--directory', 'none.csv', ...TENANT],
  ['guard', 'sweep', 'plan', '--organization', 'acme', ...TENANT],
  ['guard', 'check', 'none.js'],
])('%s %s', async (...args) => {
  const loaded = await listLoaded((environment) => runVestibule(args, environment));
  expect(loaded.filter((url) => url.includes('/.compiled/tenant-tools/')).length, 'the command is run').toBeGreaterThan(
    3,
  );
  expect(loaded.filter((url) => SERVER.test(url))).toEqual([]);
});
