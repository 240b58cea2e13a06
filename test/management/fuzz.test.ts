/**
 * Every endpoint with input that nobody would send on purpose: bodies built from its own schema's names with hostile values,
 * hostile ids, hostile queries, and null wherever the schema allows it. Each time the answer is below 500 and has the
 * shape of the document (the harness looks).
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf, type Operation } from '../../src/management/api/operation.js';
import { DEFINITIONS, getRequestSchemas } from '../../src/management/api/validation.js';
import { createOperations } from '../../src/management/resources.js';
import { diffSnapshots, type Snapshot, snapshotTables } from '../support/database.js';
import fc from '../support/random.js';
import { shareOfCount } from '../support/share.js';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

const RUNS = Number(process.env.FUZZ_RUNS ?? shareOfCount(16));
/** Of each write, with a look at every table after each. */
const LOOKED_RUNS = Number(process.env.FUZZ_RUNS ?? shareOfCount(6));
/** Lines, and guesses that are counted: what a refusal may leave. */
const MAY_GROW = new Set(['logs', 'attempt_counters']);
const TIMEOUT = 300_000 * Math.max(1, RUNS / 16);

let api: Management;
let cast: Cast;
let action: { readonly id: string; readonly version: string };
/** Values of parameters, by the path up to each. */
let existing: Readonly<Record<string, string>>;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
  const triggers = [{ id: 'post-login' }];
  const { body } = await api.post('/actions/actions', { name: 'fuzzed', supported_triggers: triggers, deploy: true });
  action = { id: body.id, version: body.deployed_version.id };
  const identifier = 'https://fuzzed.example';
  const server = await api.post('/resource-servers', { name: 'Fuzzed', identifier, scopes: [{ value: 'read:x' }] });
  const grant = await api.post('/client-grants', { client_id: cast.client, audience: identifier, scope: ['read:x'] });
  const domain = await api.post(`/organizations/${cast.organization}/discovery-domains`, { domain: 'fuzzed.example' });
  existing = {
    '/organizations/': cast.organization,
    '/organizations/{id}/enabled_connections/': cast.oidcConnection,
    '/organizations/{id}/connections/': cast.oidcConnection,
    '/organizations/{id}/members/': cast.dana,
    '/organizations/{id}/discovery-domains/': domain.body.id,
    '/clients/': cast.client,
    '/connections/': cast.oidcConnection,
    '/roles/': cast.role,
    '/users/': cast.dana,
    '/resource-servers/': server.body.id,
    '/client-grants/': grant.body.id,
    '/actions/actions/': action.id,
    '/actions/actions/{actionId}/versions/': action.version,
    '/actions/triggers/': 'post-login',
  };
});
afterAll(() => api.close());

type Schema = Readonly<Record<string, unknown>>;

function resolve(schema: unknown): Schema {
  const found = (schema ?? {}) as Schema;
  const name = typeof found.$ref === 'string' ? found.$ref.split('/').at(-1) : undefined;
  return name === undefined ? found : resolve(DEFINITIONS[name]);
}

/** Ids that exist, texts of every awkward kind. */
function texts(): fc.Arbitrary<string> {
  const known = [
    cast.dana,
    cast.bob,
    cast.organization,
    cast.oidcConnection,
    cast.databaseConnection,
    cast.client,
    cast.role,
    action.id,
    action.version,
  ];
  return fc.oneof(
    fc.constantFrom(
      ...known,
      'acme',
      'acme-oidc',
      'Username-Password',
      'auth0',
      'oidc',
      'fuzzed',
      'post-login',
      'https://x.example/',
      'a@b.example',
    ),
    fc.constantFrom(
      '',
      ' ',
      '\0',
      '\ud800',
      '%',
      "'; drop table users; --",
      '💩',
      '../..',
      '__proto__',
      'constructor',
      'null',
    ),
    fc.constantFrom(
      'x'.repeat(300),
      '\u202e',
      'İ@x.example',
      'a@xn--.example',
      'NaN',
      '9'.repeat(40),
      '-1',
      '2026-01-01',
    ),
    fc.string({ maxLength: 20, unit: 'binary' }),
  );
}

function values(): fc.Arbitrary<unknown> {
  return fc.oneof(
    texts(),
    fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, -0),
    fc.array(texts(), { maxLength: 3 }),
    fc.dictionary(texts(), fc.oneof(texts(), fc.constant(null), fc.integer()), { maxKeys: 3 }),
  );
}

/** Every type that a schema allows; a type, an enumeration and null are alternatives alike. */
function alternatives(found: Schema): readonly unknown[] {
  const nested = [found.anyOf, found.oneOf].find(Array.isArray);
  if (nested !== undefined) return nested.map(resolve).flatMap(alternatives);
  return Array.isArray(found.type) ? found.type : [found.type];
}

/** Values that often fit the schema, so that they get past it, and often do not. */
function fitting(schema: unknown, depth = 0): fc.Arbitrary<unknown> {
  const found = resolve(schema);
  if (Array.isArray(found.enum)) return fc.oneof(fc.constantFrom(...found.enum), values());
  if (depth > 3) return values();
  return fc.oneof(...alternatives(found).map((type) => fittingType(found, type, depth)));
}

function fittingType(found: Schema, type: unknown, depth: number): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null);
  if (type === 'object') {
    const properties = Object.entries((found.properties ?? {}) as Schema);
    const record = Object.fromEntries(properties.map(([name, item]) => [name, fitting(item, depth + 1)]));
    return fc.oneof(
      { weight: 6, arbitrary: fc.record(record, { requiredKeys: (found.required ?? []) as never[] }) },
      { weight: 1, arbitrary: values() },
    );
  }
  if (type === 'array') return fc.array(fitting(found.items, depth + 1), { minLength: 1, maxLength: 3 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom(2 ** 31, 2 ** 53, -1, 0));
  if (type === 'string') return texts();
  return values();
}

const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));

function requests(operation: Operation): fc.Arbitrary<{ path: string; body: unknown }> {
  const schemas = getRequestSchemas(keyOf(operation));
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const queryNames = Object.keys((schemas.query?.properties ?? {}) as Schema);
  const nonEmpty = texts().map((text) => text || 'x');
  return fc
    .record({
      params: fc.array(nonEmpty, { minLength: names.length, maxLength: names.length }),
      // Where nothing is deleted, half of the time what exists: beyond the 404 there is more to break.
      hits: operation.method === 'delete' ? fc.constant(false) : fc.boolean(),
      query:
        queryNames.length === 0
          ? fc.constant<Record<string, string>>({})
          : fc.dictionary(fc.constantFrom(...queryNames), texts(), { maxKeys: 3 }),
      body: schemas.body === undefined ? fc.constant(undefined) : fitting(schemas.body),
    })
    .map(({ params, hits, query, body }) => {
      const hostile = names.reduce(
        (path, name, index) => path.replace(`{${name}}`, encoded(params[index] ?? 'x')),
        operation.path,
      );
      const filled = hits ? toExistingPath(operation) : hostile;
      const search = Object.entries(query)
        .map(([name, value]) => `${name}=${encoded(value)}`)
        .join('&');
      return { path: search === '' ? filled : `${filled}?${search}`, body };
    });
}

/** The path with things that exist, as far as there are any. */
function toExistingPath(operation: Operation): string {
  return operation.path.replace(/\{\w+\}/g, (parameter, at: number) =>
    encoded(existing[operation.path.slice(0, at)] ?? parameter.slice(1, -1)),
  );
}

/** A value that `schema` takes, with what it requires and nothing else. */
function smallest(schema: unknown): unknown {
  const found = resolve(schema);
  if (Array.isArray(found.enum)) return found.enum[0];
  const [type] = alternatives(found);
  if (type === 'object') {
    const properties = (found.properties ?? {}) as Schema;
    return Object.fromEntries(((found.required ?? []) as string[]).map((name) => [name, smallest(properties[name])]));
  }
  if (type === 'array') return [smallest(found.items)];
  return { boolean: true, integer: 1, string: 'https://x.example/' }[String(type)] ?? null;
}

/** Bodies of `schema` with null in one of the places that allow it, each place once. */
function nulls(schema: unknown, depth = 0): readonly unknown[] {
  const found = resolve(schema);
  const here = alternatives(found).includes('null') ? [null] : [];
  if (depth > 2) return here;
  const base = smallest(found) as Record<string, unknown>;
  const inside = Object.entries((found.properties ?? {}) as Schema).flatMap(([name, item]) =>
    nulls(item, depth + 1).map((value) => ({ ...base, [name]: value })),
  );
  return [...here, ...inside];
}

describe('case=never-a-500', () => {
  test('null wherever the schema allows it, on what exists', { timeout: 120_000 }, async () => {
    const statuses: number[] = [];
    for (const operation of createOperations(api.deps)) {
      const path = toExistingPath(operation);
      for (const body of nulls(getRequestSchemas(keyOf(operation)).body)) {
        statuses.push((await api.call(operation.method.toUpperCase(), path, body)).status);
      }
    }
    // Not all of it is refused at once.
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(40);
  });

  test('every endpoint', { timeout: TIMEOUT }, async () => {
    const seen = new Map<number, number>();
    for (const operation of createOperations(api.deps)) {
      await fc.assert(
        fc.asyncProperty(requests(operation), async ({ path, body }: { path: string; body: unknown }) => {
          const answer = await api.call(operation.method.toUpperCase(), path, body);
          seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          if (answer.status >= 400)
            expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(['statusCode', 'error', 'message']));
        }),
        { numRuns: RUNS },
      );
    }
    // The input is not all refused at once.
    expect((seen.get(200) ?? 0) + (seen.get(201) ?? 0) + (seen.get(204) ?? 0)).toBeGreaterThan(20);
  });
});

/** The tables that differ, by name. */
async function changedSince(before: Snapshot): Promise<{ readonly now: Snapshot; readonly changed: object }> {
  const now = await snapshotTables(api.database.pool);
  const changed = Object.entries(diffSnapshots(before, now)).filter(([table]) => !MAY_GROW.has(table));
  return { now, changed: Object.fromEntries(changed) };
}

test('case=never-half-a-change: what is refused has changed no row', { timeout: TIMEOUT * 2 }, async () => {
  let known = await snapshotTables(api.database.pool);
  let refused = 0;
  for (const operation of createOperations(api.deps)) {
    if (operation.method === 'get') continue;
    await fc.assert(
      fc.asyncProperty(requests(operation), async ({ path, body }: { path: string; body: unknown }) => {
        const method = operation.method.toUpperCase();
        const { status } = await api.call(method, path, body);
        const { now, changed } = await changedSince(known);
        known = now;
        if (status < 400) return;
        refused += 1;
        expect({ method, path, body, status, changed }).toEqual({ method, path, body, status, changed: {} });
      }),
      { numRuns: LOOKED_RUNS, endOnFailure: true },
    );
  }
  expect(refused).toBeGreaterThan(50);
});
