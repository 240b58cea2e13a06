/** The options of a connection are replaced as a whole: a write that was made without seeing them would take issuer, client and secret away. */
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/tenant-tools/remote/tenant.js';
import { checkScopes, scopesFor } from '../../../src/tenant-tools/rollout/connect.js';
import { readSetting, writeSettings } from '../../../src/tenant-tools/rollout/settings.js';

const PLACE = { organizationId: 'org_1', connectionId: 'con_1' };
const ALIAS = 'alias:acme.example';

type Fields = Readonly<Record<string, unknown>>;

/** A tenant with one connection, that remembers what it was told to write. `meanwhile`: somebody else, between its look and its write. */
function tenantWith(connection: Fields, meanwhile: (now: Fields, write: number) => Fields = (now) => now) {
  const sent: unknown[] = [];
  const paths: string[] = [];
  let now = connection;
  const tenant: Pick<Endpoint, 'find' | 'send' | 'pause'> = {
    find: async () => now,
    async send(_method, path, body) {
      sent.push(body);
      paths.push(path);
      now = meanwhile({ ...now, ...(body as Fields) }, sent.length);
    },
    pause: async () => {},
  };
  return { tenant: tenant as Endpoint, sent, paths };
}

test('all options are sent back with the domains', async () => {
  const { tenant, sent } = tenantWith({ id: 'con_1', options: { issuer: 'https://idp.example' } });
  await writeSettings(tenant, PLACE, [{ id: ALIAS, value: true }]);
  expect(sent).toEqual([{ options: { issuer: 'https://idp.example', domain_aliases: ['acme.example'] } }]);
});

test('a tenant that does not show them is neither believed nor written to', async () => {
  const { tenant, sent } = tenantWith({ id: 'con_1', name: 'acme-oidc' });
  await expect(readSetting(tenant, PLACE, ALIAS)).rejects.toThrow('without its options');
  await expect(writeSettings(tenant, PLACE, [{ id: ALIAS, value: true }])).rejects.toThrow('without its options');
  expect(sent).toEqual([]);
});

test.each([
  { purpose: 'read' as const, scope: 'read:connections_options' },
  { purpose: 'write' as const, scope: 'update:connections_options' },
])('$scope is asked for before anything is done', ({ purpose, scope }) => {
  const scopes = new Set(scopesFor('auth0', purpose).filter((one) => one !== scope));
  expect(() => checkScopes({ scopes }, 'auth0', purpose)).toThrow(scope);
});

describe('somebody else writes the options at the same time', () => {
  const options = { issuer: 'https://idp.example' };

  test('attack=lost-update: a Vestibule is told which options were read', async () => {
    const { tenant, paths } = tenantWith({ id: 'con_1', options, options_revision: 'r/1' });
    await writeSettings(tenant, PLACE, [{ id: ALIAS, value: true }]);
    expect(paths).toEqual(['/connections/con_1?options_revision=r%2F1']);
  });

  test('on Auth0 the domains are read back, and written again where somebody took them back', async () => {
    const theirs = { ...options, scope: 'openid' };
    const { tenant, sent } = tenantWith({ options }, (now, write) => (write === 1 ? { options: theirs } : now));
    await writeSettings(tenant, PLACE, [{ id: ALIAS, value: true }]);
    // Their change is in the second write.
    expect(sent.at(-1)).toEqual({ options: { ...theirs, domain_aliases: ['acme.example'] } });
    expect(sent).toHaveLength(2);
  });

  test('one who goes on and on is told of, after some tries', async () => {
    const { tenant, sent } = tenantWith({ options }, () => ({ options }));
    await expect(writeSettings(tenant, PLACE, [{ id: ALIAS, value: true }])).rejects.toThrow('somebody else');
    expect(sent.length).toBeLessThan(10);
  });
});
