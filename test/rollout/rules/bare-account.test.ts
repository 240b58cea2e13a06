/** A rollback deletes an account that an identity became only if nobody gave it anything since. */
import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/tenant-tools/remote/tenant.js';
import { deleteBare } from '../../../src/tenant-tools/rollout/used-identity.js';

type Account = Readonly<Record<string, unknown>>;

/** A tenant with one account, that remembers what it was told to delete. */
function tenantWith(account: Account | undefined, organizations: readonly Account[] = []) {
  let stored = account;
  const deleted: string[] = [];
  const tenant: Pick<Endpoint, 'find' | 'get' | 'send' | 'pause'> = {
    find: async () => stored,
    get: async () => organizations,
    send: async (method, path) => {
      deleted.push(`${method} ${path}`);
      stored = undefined;
    },
    pause: async () => {},
  };
  return { tenant: tenant as Endpoint, deleted };
}

const BARE = { user_id: 'oidc|c|1', identities: [{ provider: 'oidc' }], app_metadata: { external_id: '1' } };

describe('an account that an unlinked identity became', () => {
  test('is deleted when it holds that identity alone', async () => {
    const { tenant, deleted } = tenantWith(BARE);
    expect(await deleteBare(tenant, 'oidc|c|1')).toBe(true);
    expect(deleted).toEqual(['DELETE /users/oidc%7Cc%7C1']);
  });

  test('is gone already: nothing is sent', async () => {
    const { tenant, deleted } = tenantWith(undefined);
    expect(await deleteBare(tenant, 'oidc|c|1')).toBe(true);
    expect(deleted).toEqual([]);
  });

  test.each([
    ['a second identity', { ...BARE, identities: [{}, {}] }, []],
    ['an organization', BARE, [{ id: 'org_1' }]],
    ['metadata of the tenant', { ...BARE, app_metadata: { plan: 'gold' } }, []],
    ['metadata of the person', { ...BARE, user_metadata: { theme: 'dark' } }, []],
  ])('stays with %s', async (_, account, organizations) => {
    const { tenant, deleted } = tenantWith(account, organizations);
    expect(await deleteBare(tenant, 'oidc|c|1')).toBe(false);
    expect(deleted).toEqual([]);
  });
});
