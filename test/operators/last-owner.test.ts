/**
 * The last owner who can sign in stays, whatever is tried: nobody else could make the next one. Every way that takes a membership, a role, an
 * account, or the right to sign in; and two owners who remove each other at once.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Company, personOf, startCompany } from '../scim/support.js';
import type { Json } from '../support/instance.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: OperatorRig;
let olga: SignedIn;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  olga = await rig.join('olga@vestibule.example');
  await rig.join('sue@vestibule.example', 'support');
});

const organization = () => `/organizations/${rig.rows.organizationId}`;
const rolesOf = (userId: string) => `${organization()}/members/${encodeURIComponent(userId)}/roles`;
const LAST = { status: 409, body: { errorCode: 'last_owner' } };

type Way = (userId: string) => readonly [method: string, path: string, body?: unknown];

const WAYS: Readonly<Record<string, Way>> = {
  'the membership': (userId) => ['DELETE', `${organization()}/members`, { members: [userId] }],
  'the role': (userId) => ['DELETE', rolesOf(userId), { roles: [rig.rows.roleIds.owner] }],
  'the account': (userId) => ['DELETE', `/users/${encodeURIComponent(userId)}`],
  'a block': (userId) => ['PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true }],
};

describe.each(Object.entries(WAYS))('%s', (_name, way) => {
  test('of the last owner is refused, to the owner and to the machine of the environment', async () => {
    const before = await stage.instance.snapshot();
    expect(await olga.call(...way(olga.userId))).toMatchObject(LAST);
    await expect(stage.instance.api(...(way(olga.userId) as [string, string, unknown?]))).rejects.toThrow('last_owner');
    expect(await stage.instance.snapshot()).toEqual(before);
  });

  test('of one of two owners goes', async () => {
    const second = await rig.join(`second-${Object.values(WAYS).indexOf(way)}@vestibule.example`);
    expect((await olga.call(...way(second.userId))).status).toBeLessThan(300);
    expect((await second.call('GET', '/clients')).status).toBe(403);
  });

  test('of each other, by two owners at once, leaves one of them', async () => {
    for (const round of [1, 2, 3, 4, 5]) {
      const email = `pair-${round}-${Object.values(WAYS).indexOf(way)}@vestibule.example`;
      const other = await rig.join(email);
      const answers = await Promise.all([olga.call(...way(other.userId)), other.call(...way(olga.userId))]);
      const { rows } = await stage.instance.database.pool.query(
        `select m.user_id from members m join users u on u.user_id = m.user_id and not u.blocked
         join member_roles r on r.organization_id = m.organization_id and r.user_id = m.user_id
         where m.organization_id = $1 and r.role_id = $2`,
        [rig.rows.organizationId, rig.rows.roleIds.owner],
      );
      expect(rows.length, JSON.stringify(answers)).toBe(1);
      const [left] = rows as { user_id: string }[];
      olga = left?.user_id === olga.userId ? olga : other;
    }
  });
});

test('the organization of operators is not blocked, and keeps the connection of its last owner', async () => {
  const { connectionId } = rig.rows;
  expect(await olga.call('PATCH', organization(), { blocked: true })).toMatchObject(LAST);
  expect(await olga.call('DELETE', `${organization()}/enabled_connections/${connectionId}`)).toMatchObject(LAST);
  expect(
    await olga.call('PATCH', `${organization()}/connections/${connectionId}`, { is_enabled: false }),
  ).toMatchObject(LAST);
});

test('the account of the last owner is not taken into another one', async () => {
  const other = await stage.cast.createUser('other@acme.example');
  const body = { provider: 'auth0', user_id: olga.userId };
  expect(await olga.call('POST', `/users/${encodeURIComponent(other)}/identities`, body)).toMatchObject(LAST);
});

describe('the directory of a company that signs the last owner in', () => {
  let company: Company;
  let scimId: string;
  beforeAll(async () => {
    const { acme } = stage.cast;
    company = await startCompany(stage.instance, acme.connectionId);
    scimId = (await company.create(personOf('owen'))).body.id;
    stage.cast.people.owen = { sub: 'idp-owen', email: 'owen@acme.example', email_verified: true, name: 'Owen' };
    const userId = acme.userIdOf('idp-owen');
    await stage.instance.api('POST', `/organizations/${acme.id}/members`, { members: [userId] });
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('owen', 'owen@acme.example'));
    const enabled = { connection_id: acme.connectionId, assign_membership_on_login: false };
    await stage.instance.api('POST', `${organization()}/enabled_connections`, enabled);
    await stage.instance.api('POST', `${organization()}/members`, { members: [userId] });
    await stage.instance.api('POST', rolesOf(userId), { roles: [rig.rows.roleIds.owner] });
    await stage.instance.api('DELETE', `${organization()}/members`, { members: [olga.userId] });
  });

  test('neither deletes nor deactivates them', async () => {
    const before = await stage.instance.snapshot();
    const off = { op: 'replace', path: 'active', value: false };
    for (const answer of [
      await company.call('DELETE', `/Users/${encodeURIComponent(scimId)}`),
      await company.patch(scimId, off),
    ]) {
      expect(answer.status).toBe(409);
      expect((answer.body as Json).detail).toContain('last owner');
    }
    expect((await stage.instance.snapshot()).users).toEqual(before.users);
  });

  test('is not deleted with its connection', async () => {
    await expect(stage.instance.api('DELETE', `/connections/${stage.cast.acme.connectionId}`)).rejects.toThrow(
      'last_owner',
    );
  });
});
