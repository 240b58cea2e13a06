/** The options of a connection are replaced as a whole: a write that was made without seeing them would take issuer, client and secret away. */
import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/remote/tenant.js';
import { checkScopes, scopesFor } from '../../../src/rollout/connect.js';
import { readSetting, writeSettings } from '../../../src/rollout/settings.js';

const PLACE = { organizationId: 'org_1', connectionId: 'con_1' };
const ALIAS = 'alias:acme.example';

/** A tenant with one connection, that remembers what it was told to write. */
function tenantWith(connection: Readonly<Record<string, unknown>>) {
  const sent: unknown[] = [];
  const tenant: Pick<Endpoint, 'find' | 'send' | 'pause'> = {
    find: async () => connection,
    send: async (_method, _path, body) => void sent.push(body),
    pause: async () => {},
  };
  return { tenant: tenant as Endpoint, sent };
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
