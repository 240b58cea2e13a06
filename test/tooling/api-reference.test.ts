/**
 * The API reference in the documentation: every operation of the served document has its entry, with all that the document says of it, and each
 * example is a request that the server takes. Reads declarations and sources; starts nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AREAS, findArea } from '../../scripts/docs/api/areas.js';
import { findAuth0Page, isAuth0Operation, NAMED_OPERATIONS } from '../../scripts/docs/api/auth0-pages.js';
import { ACCEPTED, findEffect, RESOURCES } from '../../scripts/docs/api/effects.js';
import { toBody } from '../../scripts/docs/api/example.js';
import { BODIES } from '../../scripts/docs/api/example-bodies.js';
import { composeApiPages, listOperations, readDocument } from '../../scripts/docs/api/pages.js';
import { toAnchor } from '../../scripts/docs/api/render.js';
import { toRows } from '../../scripts/docs/api/schema.js';
import { ROOT } from '../../scripts/docs/find-documents.js';
import { SETTING_ROWS } from '../../src/facts/without-effect.js';
import { checkAgainstSchema } from '../../src/management/api/validation.js';

const document = readDocument();
const schemas = document.components.schemas;
const operations = listOperations(document);
const present = operations.filter(({ item }) => item['x-absent'] !== true);
const pages = composeApiPages();

/** Text as it is read: entities and tags of the generator taken out. */
const toRead = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))).replaceAll(/<[^>]+>/g, '');

/** The entries of all pages by their id: from a heading to the next one. */
const entries = new Map(
  pages.flatMap(({ text }) =>
    text
      .split(/^(?=## )/m)
      .slice(1)
      .map((entry) => [/\{#(.+)\}$/m.exec(entry)?.[1] ?? '', toRead(entry)] as const),
  ),
);

const bodyOf = ({ item }: (typeof operations)[number]) => Object.values(item.requestBody?.content ?? {})[0]?.schema;

describe('entries', () => {
  test('every operation of the served document that does something has one, with what the document says of it', () => {
    expect(present.length).toBeGreaterThan(200);
    const wrong = present.flatMap((operation) => {
      const { key, path, item } = operation;
      const entry = entries.get(toAnchor(key)) ?? '';
      const properties = Object.keys(toRowsByName(operation));
      const said = [
        `${key.split(' ')[0]?.toUpperCase()} ${path}`,
        item.summary,
        ...item.security.flatMap(({ management }) => management),
        ...item.parameters.map(({ name }) => `| ${name}`),
        ...properties.map((name) => `| ${name} |`),
        ...Object.keys(item.responses),
        'curl ',
        isAuth0Operation(key) ? 'https://auth0.com/docs/api/management/v2/' : 'Auth0 does not have this operation',
      ];
      return said.filter((text) => !entry.includes(text)).map((text) => `${key}: ${text}`);
    });
    expect(wrong).toEqual([]);
  });

  test('every operation that answers for an absent feature stands on the page of these, once', () => {
    const absent = operations.filter(({ item }) => item['x-absent'] === true);
    const text = pages.at(-1)?.text ?? '';
    expect(absent.length).toBeGreaterThan(200);
    expect(absent.filter(({ key }) => text.split(`id="${toAnchor(key)}"`).length !== 2).map(({ key }) => key)).toEqual(
      [],
    );
  });

  test('every operation has a page and an id of its own', () => {
    expect(new Set(operations.map(({ key }) => toAnchor(key))).size).toBe(operations.length);
    expect(present.filter(({ path }) => findArea(path) === undefined).map(({ key }) => key)).toEqual([]);
    expect(AREAS.filter(({ slug }) => present.every(({ path }) => findArea(path) !== slug))).toEqual([]);
  });

  test('no text is run by the generator', () => {
    const found = pages.flatMap(({ path, text }) =>
      [
        ...text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').matchAll(/\{\{|<(?!\/?(?:span|code|wbr|br)\b)[a-z][^>]*>/g),
      ].map(([what]) => `${path} ${what}`),
    );
    expect(found).toEqual([]);
  });
});

/** The properties at the top of a body, by name. */
function toRowsByName(operation: (typeof operations)[number]): Readonly<Record<string, unknown>> {
  const rows = toRows(bodyOf(operation) ?? {}, schemas, () => false);
  return Object.fromEntries(rows.map((row) => [row.path, row]));
}

describe('examples', () => {
  const withBody = present.filter((operation) => toBody(operation.key, bodyOf(operation), schemas) !== undefined);

  test.each(withBody.map((operation) => [operation.key, operation] as const))('%s is valid', (key, operation) => {
    const body = structuredClone(toBody(key, bodyOf(operation), schemas));
    expect(() => checkAgainstSchema(key, 'body', body)).not.toThrow();
  });

  test('no row is of an operation that is not there', () => {
    const keys = present.map(({ key }) => key);
    expect([...Object.keys(BODIES), ...NAMED_OPERATIONS].filter((key) => !keys.includes(key))).toEqual([]);
  });
});

test('no two operations lead to the same page of Auth0', () => {
  const found = present.flatMap(({ key }) => findAuth0Page(key) ?? []);
  expect(found.filter((address, index) => found.indexOf(address) !== index)).toEqual([]);
});

describe('what a setting does', () => {
  const effectOf = (path: string, property: string) => findEffect(path, property);

  test('case=additions, defaults and settings without effect', () => {
    expect(effectOf('/clients', 'logo_uri')).toEqual({ hasNoEffect: true, isRefused: false });
    expect(effectOf('/clients', 'callbacks')).toEqual({ default: '[]', hasNoEffect: false, isRefused: false });
    expect(effectOf('/clients', 'compliance_level').isRefused).toBe(true);
    expect(effectOf('/organizations', 'enabled_connections[].sso_rollout').default).toBe('"optional"');
    expect(effectOf('/tenants/settings', 'flags.enable_sso')).toEqual({
      default: 'true',
      hasNoEffect: true,
      isRefused: false,
    });
    const rows = toRows(schemas.UpdateOrganizationRequestContent ?? {}, schemas);
    expect(rows.filter(({ isAddition }) => isAddition)).toEqual([]);
    const named = toRows({ $ref: '#/components/schemas/UpdateOrganizationRequestContent' }, schemas);
    expect(named.filter(({ isAddition }) => isAddition).map(({ path }) => path)).toEqual([
      'blocked',
      'mfa',
      'mfa_factors',
    ]);
  });

  test('what the code reads of the settings that a resource keeps is not told to be without effect', () => {
    const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(storage|login|http|mail|domain|management\/users)\/.*\.ts$/.test(path))
      .map((path) => readFileSync(`${ROOT}src/${path}`, 'utf8'))
      .join('\n');
    const read = [
      ...sources.matchAll(/\bextra -> '(\w+)'|\bextra #>>? '\{(\w+)|getSettings\(\)\)\.extra\.(\w+)/g),
      ...sources.matchAll(/\{ (support_email): email, support_url: url \} = row\?\.extra/g),
    ].map((match) => match.slice(1).find((name) => name !== undefined) ?? '');
    expect(new Set(read)).toEqual(
      new Set([
        'organization_discovery_methods',
        'authorization_response_iss',
        'refusals',
        'default_organization',
        'allowed_logout_urls',
        'support_email',
        'token_quota',
        'default_token_quota',
        'my_organization_configuration',
        'refresh_token',
      ]),
    );
    expect(read.filter((name) => SETTING_ROWS.some(({ property }) => property === name))).toEqual([]);
  });

  test('values that are accepted are shown in place of all of Auth0’s, and are among those of the document', () => {
    expect(entries.get('post-log-streams')).toContain('`http`; Auth0’s others are refused');
    expect(entries.get('post-log-streams')).not.toContain('eventbridge');
    const places = present
      .filter(({ key }) => key.startsWith('post'))
      .flatMap((operation) => Object.keys(toRowsByName(operation)).map((name) => `${operation.path} ${name}`));
    const forms = ['/log-streams type'];
    expect(Object.keys(ACCEPTED).filter((place) => ![...places, ...forms].includes(place))).toEqual([]);
  });

  test('every name is one of the bodies that it is about', () => {
    const wrong = RESOURCES.flatMap(({ paths, refused = [] }) => {
      const names = new Set(
        present
          .filter(({ path, key }) => paths.test(path) && !key.startsWith('get'))
          .flatMap((operation) => Object.keys(toRowsByName(operation))),
      );
      return refused.filter((name) => !names.has(name));
    });
    expect(wrong).toEqual([]);
  });
});
