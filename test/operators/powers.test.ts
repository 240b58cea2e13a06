/**
 * Each operation of the Management API, for each role, with a token of the operators' organization and of another. The table below is written
 * by hand: a new operation that only reads is open to all three roles, every other one to owners, unless the table has it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { OperatorRole } from '../../src/domain/operator-role.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

/** GET that shows a secret, or a link that is as good as one. */
const SECRET_READS: Readonly<Record<string, readonly OperatorRole[]>> = {
  'get /invitations': ['owner', 'support'],
  'get /organizations/{id}/invitations': ['owner', 'support'],
  'get /organizations/{id}/invitations/{invitation_id}': ['owner', 'support'],
  'get /connections/{id}/scim-configuration/tokens': ['owner'],
  'get /users/{id}/federated-connections-tokensets': ['owner'],
  'get /clients/{client_id}/credentials': ['owner'],
  'get /clients/{client_id}/credentials/{credential_id}': ['owner'],
  'get /flows/vault/connections': ['owner'],
  'get /flows/vault/connections/{id}': ['owner'],
  // Its scope shows the secrets of the connection, too.
  'get /connections/{id}/keys': ['owner'],
  'get /keys/custom-signing': ['owner'],
  'get /keys/encryption': ['owner'],
  'get /keys/encryption/{kid}': ['owner'],
};

/** Writes that others than owners may do, and questions that are asked with POST. */
const OPEN_WRITES: Readonly<Record<string, readonly OperatorRole[]>> = {
  'post /organizations/{id}/explain': ['owner', 'support', 'viewer'],
  'post /organizations/{id}/explain/people': ['owner', 'support', 'viewer'],
  'post /organizations/{id}/explain/condition': ['owner', 'support', 'viewer'],
  'post /organizations/{id}/people/find': ['owner', 'support', 'viewer'],
  'post /organizations/{id}/enabled_connections/{connectionId}/explain/condition': ['owner', 'support', 'viewer'],
  'post /experimentation/experiments/{id}/validate': ['owner', 'support', 'viewer'],
  'post /connections/{id}/examine': ['owner', 'support', 'viewer'],
  // A feature that is not here: the answer says so.
  'post /clients/cimd/preview': ['owner', 'support', 'viewer'],
  'post /connections/organizations/find': ['owner', 'support', 'viewer'],
  // Of people whom they may list one page after another.
  'post /jobs/users-exports': ['owner', 'support', 'viewer'],
  'post /custom-domains/{id}/test': ['owner', 'support', 'viewer'],
  'post /organizations/{id}/invitations': ['owner', 'support'],
  'delete /organizations/{id}/invitations/{invitation_id}': ['owner', 'support'],
  'patch /users/{id}': ['owner', 'support'],
  'delete /user-blocks': ['owner', 'support'],
  'delete /user-blocks/{id}': ['owner', 'support'],
  'delete /anomaly/blocks/ips/{id}': ['owner', 'support'],
  // A person who has lost them. Those of operators are kept for owners: test/management/authentication-methods.test.ts.
  'delete /users/{id}/authentication-methods': ['owner', 'support'],
  'delete /users/{id}/authentication-methods/{authentication_method_id}': ['owner', 'support'],
};

const ROLES = ['owner', 'support', 'viewer'] as const;

const expected = (key: string): readonly OperatorRole[] =>
  SECRET_READS[key] ?? OPEN_WRITES[key] ?? (key.startsWith('get ') ? ROLES : ['owner']);

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
let rig: OperatorRig;
let keys: readonly string[];
const here: Partial<Record<OperatorRole, SignedIn>> = {};

beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  for (const role of ROLES) here[role] = await rig.join(`${role}@vestibule.example`, role);
  const document = (await (await fetch(`${stage.instance.origin}/api/v2/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  keys = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
});

/** Questions about the operators' organization that reach nobody but owners: an invitation's link is as good as the roles in it. */
const OWNERS_ALONE: readonly string[] = [
  'get /organizations/{id}/invitations',
  'get /organizations/{id}/invitations/{invitation_id}',
];

const invitation = () => ({
  inviter: { name: 'Sue' },
  invitee: { email: 'new@vestibule.example' },
  client_id: rig.rows.clientId,
  roles: [rig.rows.roleIds.viewer],
});

/** True where the token does not open the operation at all, whatever the request says. */
async function isClosed({ call }: SignedIn, key: string): Promise<boolean> {
  const [method = '', path = ''] = key.split(' ');
  const { status, body } = await call(method.toUpperCase(), path.replace(/\{\w+\}/g, 'none'));
  return status === 403 && String(body?.message).startsWith('Insufficient scope, expected any of');
}

describe.each(ROLES)('%s', (role) => {
  test('opens exactly its operations', async () => {
    expect(keys.length).toBeGreaterThan(150);
    const wrong: string[] = [];
    for (const key of keys) {
      const isOpen = !(await isClosed(here[role] as SignedIn, key));
      if (isOpen !== expected(key).includes(role)) wrong.push(`${key} is ${isOpen ? 'open' : 'closed'}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test("opens of the operators' own organization what it reads; everything that writes to it takes an owner", async () => {
    const { call } = here[role] as SignedIn;
    const { organizationId } = rig.rows;
    const wrong: string[] = [];
    const about = keys.filter((one) => one.includes(' /organizations/{id}') && one !== 'delete /organizations/{id}');
    expect(about.length).toBeGreaterThan(30);
    for (const key of about) {
      const [method = '', path = ''] = key.split(' ');
      const asks = method === 'get' || /explain|people\/find/.test(path);
      const mayRead = asks && !OWNERS_ALONE.includes(key) && expected(key).includes(role);
      const url = path.replace('{id}', organizationId).replace(/\{\w+\}/g, 'none');
      // The one write that others than owners have somewhere: asked with a body that is right.
      const body = key === 'post /organizations/{id}/invitations' ? invitation() : undefined;
      const { status } = await call(method.toUpperCase(), url, body);
      if ((status !== 403) !== (role === 'owner' || mayRead)) wrong.push(`${key} ${status}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('opens nothing with the same role in another organization, at the same client', async () => {
    const email = `${role}@vestibule.example`;
    const { userId } = here[role] as SignedIn;
    const { acme } = stage.cast;
    const { rows } = rig;
    const enabled = { connection_id: rows.connectionId, assign_membership_on_login: false };
    if (role === 'owner') await stage.instance.api('POST', `/organizations/${acme.id}/enabled_connections`, enabled);
    await stage.instance.api('POST', `/organizations/${acme.id}/members`, { members: [userId] });
    const roles = { roles: [rows.roleIds[role]] };
    await stage.instance.api('POST', `/organizations/${acme.id}/members/${userId}/roles`, roles);
    const elsewhere = await rig.signIn(email, { organization: acme.id });
    for (const key of keys) expect(await isClosed(elsewhere, key), key).toBe(true);
  }, 60_000);
});
