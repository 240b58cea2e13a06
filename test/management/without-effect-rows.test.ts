/**
 * The table of settings that do nothing here (src/facts/without-effect.ts) against the served document: each property that a write may send is read
 * by the code, or has a row; and no row is of a property that nobody can send. Reads declarations and sources; starts nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTING_ROWS } from '../../src/facts/without-effect.js';
import type { FieldTable } from '../../src/management/api/fields.js';
import { GRANT_FIELDS } from '../../src/management/client-grants/fields.js';
import { CLIENT_FIELDS } from '../../src/management/clients/fields.js';
import { DOMAIN_FIELDS } from '../../src/management/discovery-domains/fields.js';
import { TWIN_FIELDS } from '../../src/management/enabled-connections/fields.js';
import { ORGANIZATION_FIELDS } from '../../src/management/organizations/fields.js';
import { RESOURCE_SERVER_FIELDS } from '../../src/management/resource-servers/fields.js';
import { TENANT_FIELDS } from '../../src/management/tenant/fields.js';
import { listServedProperties } from '../support/served-properties.js';

/** Tables of settings by the resource whose bodies have them: nothing else in these files reads a setting. */
const TABLES: Readonly<Record<string, FieldTable>> = {
  '/organizations': ORGANIZATION_FIELDS,
  '/organizations/{id}/enabled_connections': TWIN_FIELDS,
  '/organizations/{id}/connections': TWIN_FIELDS,
  '/organizations/{id}/discovery-domains': DOMAIN_FIELDS,
  '/clients': CLIENT_FIELDS,
  '/client-grants': GRANT_FIELDS,
  '/resource-servers': RESOURCE_SERVER_FIELDS,
  '/tenants/settings': TENANT_FIELDS,
};

/** Files that name properties without reading them: declarations, lists of what may be shown, and absent features. */
const DECLARES =
  /^(facts|console|double|cli|lint|tenant-tools|management\/absent)\/|^management\/(clients|client-grants|organizations|enabled-connections|discovery-domains|resource-servers|tenant|users|connections)\/fields\.ts$|^management\/(additions|api\/(wider-than-document|property-scopes|shown-values|shown-answers))\.ts$/;

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !DECLARES.test(path))
  .map((path) => {
    const text = readFileSync(`src/${path}`, 'utf8');
    return { path, text: text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '') };
  });

/** Read by other means than their name: the place, and the words there. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, words: string]>> = {
  '/clients oidc_logout.backchannel_logout_initiators': [
    'sql/0002_logout_notices.sql',
    "'backchannel_logout_initiators'",
  ],
  '/clients oidc_backchannel_logout.backchannel_logout_initiators': [
    'sql/0002_logout_notices.sql',
    "'backchannel_logout_initiators'",
  ],
  '/clients client_authentication_methods.tls_client_auth': [
    'src/management/clients/authentication.ts',
    'does not authenticate applications by TLS certificates',
  ],
  '/clients client_authentication_methods.self_signed_tls_client_auth': [
    'src/management/clients/authentication.ts',
    'does not authenticate applications by TLS certificates',
  ],
  '/organizations/{id}/connections organization_access_level': [
    'src/management/my-organization/own-connection.ts',
    'organizationAccessLevel',
  ],
  '/organizations/{id}/connections organization_connection_name': [
    'src/management/my-organization/idp-shape.ts',
    'organizationConnectionName',
  ],
  '/connections options.gateway_authentication': [
    'src/management/connections/connection-options.ts',
    "'gateway_authentication'",
  ],
  '/self-service-profiles/{id}/sso-ticket provisioning_config.google_workspace': [
    'src/management/self-service/provisioning.ts',
    'google_workspace',
  ],
  '/emails/provider credentials': ['src/management/emails/provider.ts', 'is not one of smtp'],
  '/log-streams sink': ['src/management/log-streams/log-streams.ts', 'over HTTP alone'],
  '/log-streams pii_config': ['src/management/log-streams/log-streams.ts', 'pii_config'],
  '/actions/modules api_version': ['src/management/actions/modules.ts', 'code'],
};

const lastOf = (path: string): string => path.replaceAll('[]', '').split('.').at(-1) ?? path;
const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}.`);

function isRead(at: string, path: string): boolean {
  const field = Object.entries(TABLES[at] ?? {}).find(([, { name }]) => name === path);
  // A setting of a table is stored and shown by the table itself: only somebody else gives it an effect.
  const names = field === undefined ? [lastOf(path)] : [field[0], field[1].column];
  const places = field === undefined ? sources : sources.filter((one) => !/^(management|ports)\//.test(one.path));
  const word = new RegExp(`\\b(${names.join('|')})\\b`);
  return places.some(({ text }) => word.test(text));
}

const served = listServedProperties();

test('every property of a write is read by the code, or in the table', () => {
  expect(served.length).toBeGreaterThan(900);
  const without = served.filter(
    ({ at, path }) =>
      // An object is read where the properties in it are.
      !SETTING_ROWS.some((row) => row.at === at && (isBelow(path, row.property) || isBelow(row.property, path))) &&
      !Object.keys(ELSEWHERE).some((key) => isBelow(`${at} ${path}`, key)) &&
      !isRead(at, path),
  );
  expect(without.map(({ at, path }) => `${at} ${path}`)).toEqual([]);
});

test('no row is of a property that a write may not have', () => {
  const wrong = SETTING_ROWS.filter(
    ({ at, property }) =>
      !served.some((one) => one.at === at && one.path === property) &&
      // The options of a connection are open: each strategy has names of its own.
      !(at === '/connections' && property.startsWith('options.')),
  );
  expect(wrong.map(({ at, property }) => `${at} ${property}`)).toEqual([]);
});

test('every other place is there, and says so', () => {
  for (const [key, [file, words]] of Object.entries(ELSEWHERE)) {
    expect(readFileSync(file, 'utf8'), key).toContain(words);
    expect(served.map(({ at, path }) => `${at} ${path}`)).toContain(key);
  }
});

test('a property has one row, and the row one sentence', () => {
  const keys = SETTING_ROWS.flatMap(({ at, property, strategies = ['all'] }) =>
    strategies.map((strategy) => `${at} ${property} ${strategy}`),
  );
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  for (const { because, is } of SETTING_ROWS) expect(because, is).toMatch(/^\S.{5,150}\.$/);
});
