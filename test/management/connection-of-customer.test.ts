/** Whose a connection is after a write: members mark it, and only operators take the mark off (ADR 0102). */
import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/management/api/operation.js';
import { endTrust, toMaker, toNextMaker } from '../../src/management/connections/connection-of-customer.js';
import type { ConnectionRecord } from '../../src/ports/directory/connections.js';

interface World {
  readonly memberOf?: string;
  /** Organizations that use the connection. */
  readonly users?: readonly string[];
  readonly clients?: readonly string[];
}

function callOf({ memberOf, users = [], clients = [] }: World, distrusted: string[] = []): Call {
  const directory = {
    organizations: {
      find: (id: string) => Promise.resolve(id === 'org_none' ? undefined : { id }),
      listOrganizationsOf: () => Promise.resolve(users),
    },
    connections: { listClients: () => Promise.resolve(clients) },
    // test/my-organization/provisioning.test.ts has the end of the directory's tokens.
    scim: { listTokens: () => Promise.resolve([]) },
    users: { distrust: (id: string) => Promise.resolve(distrusted.push(id)) },
  };
  return { directory, caller: { memberOf } } as unknown as Call;
}

const record = (managedByOrganization?: string): ConnectionRecord =>
  ({
    id: 'con_1',
    strategy: 'oidc',
    options: { issuer: 'https://a' },
    managedByOrganization,
  }) as unknown as ConnectionRecord;

const by = (world: World, before?: string, body: { managed_by_organization?: string | null } = {}) =>
  toNextMaker(callOf(world), body, record(before)).then(
    ({ managedByOrganization }) => managedByOrganization ?? 'operators',
    (error: { statusCode: number }) => error.statusCode,
  );

describe('a member', () => {
  const evil = { memberOf: 'org_evil', users: ['org_evil'] };
  test('marks the connection that they create or change', async () => {
    expect(await toMaker(callOf(evil), {}, 'oidc')).toBe('org_evil');
    expect(await by(evil)).toBe('org_evil');
    expect(await by(evil, 'org_evil')).toBe('org_evil');
  });

  test('neither takes the mark off nor names another organization', async () => {
    expect(await by(evil, 'org_evil', { managed_by_organization: null })).toBe('org_evil');
    expect(await by(evil, 'org_evil', { managed_by_organization: 'org_acme' })).toBe('org_evil');
    expect(await toMaker(callOf(evil), { managed_by_organization: 'org_acme' }, 'oidc')).toBe('org_evil');
  });

  test('reaches no connection of another organization, nor one that others use', async () => {
    expect(await by(evil, 'org_acme')).toBe(404);
    expect(await by({ ...evil, users: ['org_evil', 'org_acme'] })).toBe(409);
    expect(await by({ ...evil, clients: ['app'] })).toBe(409);
  });
});

describe('an operator', () => {
  test('gives it to the only organization that uses it, and takes it over', async () => {
    expect(await by({}, 'org_evil')).toBe('org_evil');
    expect(await by({}, 'org_evil', { managed_by_organization: null })).toBe('operators');
    expect(await by({ users: ['org_evil'] }, undefined, { managed_by_organization: 'org_evil' })).toBe('org_evil');
    expect(await by({ users: ['org_acme'] }, undefined, { managed_by_organization: 'org_evil' })).toBe(409);
    expect(await by({}, undefined, { managed_by_organization: 'org_none' })).toBe(400);
  });
});

test('the trust ends with another provider, before the mark and after it', async () => {
  const options = { issuer: 'https://b' };
  const ended = async (before: string | undefined, after: string | undefined, next = options) => {
    const distrusted: string[] = [];
    await endTrust(callOf({}, distrusted), record(before), { managedByOrganization: after, options: next });
    return distrusted.length;
  };
  expect(await ended('org_evil', 'org_evil')).toBe(1);
  expect(await ended(undefined, 'org_evil'), 'the first change by a member').toBe(1);
  expect(await ended('org_evil', undefined), 'taken over by the same write').toBe(1);
  expect(await ended(undefined, undefined), 'a connection of the operators').toBe(0);
  expect(await ended('org_evil', 'org_evil', { issuer: 'https://a' }), 'nothing changed').toBe(0);
});
