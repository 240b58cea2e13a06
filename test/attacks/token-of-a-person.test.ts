/**
 * Attack: a person's token of the Management API that opens more than the person may do now: issued to another application, asked for with
 * fewer or more scopes, kept after the role, the membership, the account or the application's grant is gone.
 */
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK } from '../support/cast.js';
import { countBlocked, holdWrite } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { createOperatorRig, type OperatorRig, type SignedIn } from '../support/operators.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);
const status = async ({ call }: SignedIn, path = '/clients') => (await call('GET', path)).status;

let rig: OperatorRig;
let organization: string;
let owner: SignedIn;
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  organization = `/organizations/${rig.rows.organizationId}`;
  owner = await rig.join('olga@vestibule.example');
});

test('an operator is let in, for ten minutes, and by a refresh again', async () => {
  expect(await status(owner)).toBe(200);
  expect(owner.expiresIn).toBe(600);
  const { token } = await rig.refresh(owner);
  expect(decodeJwt(token)).toMatchObject({ sub: owner.userId, org_id: rig.rows.organizationId });
});

test('an application that the tenant did not allow gets no token of an operator; allowed, its token opens what was granted', async () => {
  const { databaseId } = stage.cast;
  const fields = {
    callbacks: [CALLBACK],
    organization_usage: 'require',
    initiate_login_uri: 'https://x.example/login',
  };
  const client = await api('POST', '/clients', { name: 'Elsewhere', app_type: 'spa', ...fields });
  const clientId = String(client.client_id);
  for (const id of [databaseId, rig.rows.connectionId])
    await api('PATCH', `/connections/${id}/clients`, [{ client_id: clientId, status: true }]);
  const signIn = () => rig.signIn('olga@vestibule.example', { clientId, redirectUri: CALLBACK });
  await expect(signIn()).rejects.toThrow('error=invalid_request');
  const audience = `${stage.instance.origin}/api/v2/`;
  const scope = ['read:clients', 'use:roles'];
  const grant = await api('POST', '/client-grants', { client_id: clientId, audience, scope, subject_type: 'user' });
  const allowed = await signIn();
  expect([await status(allowed), await status(allowed, '/users')]).toEqual([200, 403]);
  await api('DELETE', `/client-grants/${grant.id}`);
  expect(await status(allowed)).toBe(403);
});

test('a token that names scopes has no others, whatever the roles permit', async () => {
  const narrow = await rig.signIn('olga@vestibule.example', { scope: 'openid read:clients' });
  expect([await status(narrow), await status(narrow, '/users')]).toEqual([200, 403]);
  const none = await rig.signIn('olga@vestibule.example', { scope: 'openid' });
  expect(await status(none)).toBe(403);
});

test('a token without an organization opens nothing, and one for scopes that the role lacks has none of them', async () => {
  const viewer = await rig.join('vera@vestibule.example', 'viewer');
  const greedy = await rig.signIn('vera@vestibule.example', { scope: 'openid read:clients delete:clients' });
  expect(decodeJwt(greedy.token).scope).toBe('openid read:clients');
  expect((await greedy.call('DELETE', '/clients/none')).status).toBe(403);
  expect((await viewer.call('DELETE', '/clients/none')).status).toBe(403);
});

test('a role that is taken, or given in its place, counts at the next call', async () => {
  const person = await rig.join('sue@vestibule.example', 'support');
  const roles = `${organization}/members/${person.userId}/roles`;
  const invitations = `/organizations/${stage.cast.acme.id}/invitations`;
  expect(await status(person, invitations)).toBe(200);
  await api('POST', roles, { roles: [rig.rows.roleIds.viewer] });
  await api('DELETE', roles, { roles: [rig.rows.roleIds.support] });
  expect([await status(person, invitations), await status(person)]).toEqual([403, 200]);
  await api('DELETE', roles, { roles: [rig.rows.roleIds.viewer] });
  expect(await status(person)).toBe(403);
});

test('a member who is removed is out at once, with every token', async () => {
  const person = await rig.join('rick@vestibule.example');
  expect(await status(person)).toBe(200);
  await api('DELETE', `${organization}/members`, { members: [person.userId] });
  expect(await status(person)).toBe(403);
  expect((await rig.refresh(person)).status).toBe(403);
});

test('a person who is blocked, deleted, or whose organization is blocked is out at once', async () => {
  const blocked = await rig.join('bill@vestibule.example');
  await api('PATCH', `/users/${blocked.userId}`, { blocked: true });
  expect(await status(blocked)).toBe(403);
  const deleted = await rig.join('dora@vestibule.example');
  await api('DELETE', `/users/${deleted.userId}`);
  expect(await status(deleted)).toBe(403);
});

/** Runs `act` when the call has been let in by what the operator was then, and before it goes on. */
async function callDuring(call: () => ReturnType<SignedIn['call']>, act: () => Promise<unknown>) {
  const held = holdWrite(stage.instance.server.pool, /^select u\.email, u\.name, array/);
  try {
    const answer = call();
    await held.reached;
    await act();
    held.release();
    return await answer;
  } finally {
    held.restore();
  }
}

const invitationOf = (email: string) => ({
  inviter: { name: 'Rita' },
  invitee: { email },
  client_id: rig.rows.clientId,
  roles: [rig.rows.roleIds.owner],
  send_invitation_email: false,
});

describe('an operator who is removed while their request is on its way', () => {
  const requests: Readonly<Record<string, () => readonly [path: string, body: unknown]>> = {
    'an invitation for themselves': () => [`${organization}/invitations`, invitationOf('rita@elsewhere.example')],
    'a question': () => [`/organizations/${stage.cast.acme.id}/explain`, { email: 'dana@acme.example' }],
  };
  test.each(Object.entries(requests))('gets 403 for %s', async (name, request) => {
    const person = await rig.join(`rita-${name.length}@vestibule.example`);
    const [path, body] = request();
    const remove = () => api('DELETE', `${organization}/members`, { members: [person.userId] });
    const { status, body: said } = await callDuring(() => person.call('POST', path, body), remove);
    expect([status, said.message]).toEqual([403, expect.stringContaining('on its way')]);
    expect((await api<Json[]>('GET', `${organization}/invitations`)).map(({ invitee }) => invitee)).not.toContainEqual({
      email: 'rita@elsewhere.example',
    });
  });

  const takings = {
    membership: (id: string) => api('DELETE', `${organization}/members`, { members: [id] }),
    role: (id: string) => api('DELETE', `${organization}/members/${id}/roles`, { roles: [rig.rows.roleIds.owner] }),
    account: (id: string) => api('PATCH', `/users/${id}`, { blocked: true }),
  };
  test.each(Object.entries(takings))(
    'has their write done before the %s is gone, or not at all',
    async (name, take) => {
      const person = await rig.join(`walter-${name}@vestibule.example`);
      const write = () => person.call('PATCH', `/organizations/${stage.cast.acme.id}`, { display_name: `By ${name}` });
      const { pool } = stage.instance.database;
      // Somebody else has the row that they write: the write has begun, and waits.
      const holder = await pool.connect();
      await holder.query('begin');
      await holder.query('select 1 from organizations where id = $1 for update', [stage.cast.acme.id]);
      const written = write();
      let taken: Promise<unknown> = Promise.resolve();
      try {
        await expect.poll(() => countBlocked(pool), { timeout: 10_000 }).toBe(1);
        taken = take(person.userId);
        await expect.poll(() => countBlocked(pool), { timeout: 5_000 }).toBe(2);
      } finally {
        await holder.query('rollback');
        holder.release();
        await Promise.allSettled([written, taken]);
      }
      expect((await written).status).toBe(200);
      expect((await write()).status).toBe(403);
    },
  );
});

test('a write says in the log who did it', async () => {
  const path = `/organizations/${stage.cast.acme.id}`;
  expect((await owner.call('PATCH', path, { display_name: 'Acme Ltd' })).status).toBe(200);
  const [line] = await stage.logs();
  expect(line?.details).toMatchObject({
    request: {
      auth: {
        subject: owner.userId,
        client_id: rig.rows.clientId,
        user: { user_id: owner.userId, email: 'olga@vestibule.example' },
      },
    },
  });
});
