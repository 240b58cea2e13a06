/**
 * Lists of what is missing beside Auth0 (docs/auth0-compatibility.md, docs/compatibility/missing.md): made from the operations that are served,
 * so that they neither call missing what is there nor hide what is not; and each row that is written by hand, held against the metadata or the sources.
 */
import { readdirSync, readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import {
  LIST,
  listAbsent,
  NOWHERE,
  PAGE,
  PROTOCOLS,
  REFUSED,
  toList,
  toSection,
  withSection,
} from '../../scripts/missing-list.js';
import { findAbsentAddress } from '../../src/facts/absent-addresses.js';
import { discoveryRoutes } from '../../src/http/oauth/discovery.js';
import { ABSENT_FEATURES } from '../../src/management/absent/features.js';
import type { ManagementDeps } from '../../src/management/api/deps.js';
import { keyOf } from '../../src/management/api/operation.js';
import { MY_ORGANIZATION_OPERATIONS } from '../../src/management/my-organization/operations.js';
import { createOperations } from '../../src/management/resources.js';

test('the section of the page, and the page of features and operations, are up to date', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page, 'run npx tsx scripts/missing-list.ts').toBe(withSection(page));
  expect(readFileSync(LIST, 'utf8'), 'run npx tsx scripts/missing-list.ts').toBe(toList());
});

test('the section names every row, and leads to the page of features and operations', () => {
  const section = toSection().replaceAll('\n', ' ');
  for (const [name] of [...PROTOCOLS, ...NOWHERE, ...REFUSED]) expect(section).toContain(name);
  expect(section).toContain('(compatibility/missing.md)');
});

test('an operation is either served or named as absent', () => {
  const absent = listAbsent();
  const served = new Set(createOperations({} as ManagementDeps).map(keyOf));
  expect(absent.filter((key) => served.has(key))).toEqual([]);
  expect(absent).toEqual(['post /device-credentials']);
  for (const key of absent) expect(toList()).toContain(`\`${key.replace(/^\w+/, (method) => method.toUpperCase())}\``);
});

test('nothing that the My Organization API serves is named as absent', () => {
  const served = Object.keys(MY_ORGANIZATION_OPERATIONS).map((key) => key.split(' '));
  const named = served.filter(([method = '', path = '']) =>
    ['/my-org', '/my-org/v1'].some((base) => findAbsentAddress(method.toUpperCase(), `${base}${path}`) !== undefined),
  );
  expect(named).toEqual([]);
  expect(findAbsentAddress('DELETE', '/my-org/')?.name).toBe('Deletion of an organization by its members');
});

test('every feature that is not there is in the table', () => {
  for (const { name, instead } of ABSENT_FEATURES) expect(toList()).toContain(`| ${name} | ${instead} |`);
});

test('the metadata of the server says that these protocols are not there', async () => {
  const app = Fastify();
  const deps = { origin: 'https://vestibule.example', issuer: { publicKeys: async () => ({ keys: [] }) } };
  await app.register(async (routes) =>
    discoveryRoutes(routes, deps as unknown as Parameters<typeof discoveryRoutes>[1]),
  );
  const metadata = (await app.inject('/.well-known/openid-configuration')).json<Record<string, unknown>>();
  expect(PROTOCOLS.filter(([, isAbsent]) => !isAbsent(metadata)).map(([name]) => name)).toEqual([]);
  await app.close();
});

test.each(REFUSED)('%s: refused by %s', (_name, file, words) => {
  expect(readFileSync(`src/management/${file}`, 'utf8')).toContain(words);
});

test.each(NOWHERE)('%s: nowhere in the sources', (_name, words) => {
  const found = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .filter((name) => words.test(readFileSync(`src/${name}`, 'utf8')));
  expect(found).toEqual([]);
});

test('the README names what is missing in five lines, and the page that has all of it', () => {
  const [, section = ''] = readFileSync('README.md', 'utf8').split('**Missing beside Auth0:**');
  const lines = section.split('\n\n')[0]?.split('\n') ?? [];
  expect(lines.length).toBeLessThanOrEqual(5);
  expect(section).toContain('docs/auth0-compatibility.md#what-is-missing');
});
