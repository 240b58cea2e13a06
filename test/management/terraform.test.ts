/**
 * Auth0's provider for Terraform, by its wire: the calls of a whole run (apply, plan, change, plan, destroy) come in the same order and get
 * the answers on which every plan was empty. `npx tsx scripts/judges/terraform.ts FILE` makes the file with the provider itself.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bindings, fillIn, matchWire, readWire } from '../support/wire.js';
import { type Management, ORIGIN, startManagement } from './harness.js';

const calls = readWire(readFileSync(new URL('../corpus/terraform.jsonl', import.meta.url), 'utf8'));
let management: Management;

beforeAll(async () => {
  management = await startManagement();
  // Applications show the certificate of the server's key, which the run had.
  await management.issuer();
});
afterAll(() => management?.close());

test('the run has every verb and most kinds of things', () => {
  expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['DELETE', 'GET', 'PATCH', 'POST', 'PUT']));
  expect(new Set(calls.map(({ path }) => path.split(/[/?]/)[1])).size).toBeGreaterThan(10);
});

test('each call of the run is answered as it was when the plans were empty', async () => {
  const { host, hostname } = new URL(ORIGIN);
  // The provider writes universal_login only where a custom domain is ready, so the run has one.
  await management.post('/custom-domains', { domain: host, type: 'self_managed_certs' });
  let bindings: Bindings = new Map(Object.entries({ '<origin>': ORIGIN, '<host>': host, '<hostname>': hostname }));
  for (const [index, { method, path, sent, status, answered }] of calls.entries()) {
    const asked = fillIn(path, bindings, encodeURIComponent);
    const at = `call ${index + 1}, ${method} ${asked}`;
    const answer = await management.call(method, asked, fillIn(sent, bindings));
    expect(answer.status, `${at}: ${JSON.stringify(answer.body)}`).toBe(status);
    const match = matchWire(answered, answer.body, bindings);
    expect(match.difference, at).toBeUndefined();
    bindings = match.bindings;
  }
}, 180_000);
