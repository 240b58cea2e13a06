/** Contract of the login store, behaviour: what an Action's event is told of a login, and of nobody else's. */
import { expect, test } from 'vitest';
import type { ActionGroundQuery } from '../../src/ports/action-ground.js';
import {
  AT,
  addIdentity,
  addMember,
  addOrganization,
  addSession,
  addUser,
  bindDana,
  EARLIER,
  LATER,
  type LoginStoreRig,
  makeWorld,
  type World,
} from './login-store-world.js';

const NOBODY: ActionGroundQuery = {
  userId: undefined,
  organizationId: undefined,
  clientId: undefined,
  connectionId: undefined,
  grantedRoles: [],
};

function queryOf(world: World, changes: Partial<ActionGroundQuery> = {}): ActionGroundQuery {
  return {
    userId: world.dana.userId,
    organizationId: world.organization,
    clientId: world.client,
    connectionId: world.sso,
    grantedRoles: [],
    ...changes,
  };
}

/** Registers the tests of the ground of Actions. */
export function describeActionGround(rig: () => LoginStoreRig): void {
  test('case=nobody, nowhere: nothing is told, and nothing is an error', async () => {
    const { reads } = rig();
    const nothing = {
      user: undefined,
      membership: undefined,
      roles: [],
      organization: undefined,
      clientMetadata: {},
      connection: undefined,
      session: undefined,
    };
    expect(await reads.findActionGround(NOBODY)).toEqual(nothing);
    const unknown = { userId: 'auth0|x', organizationId: 'org_x', clientId: 'x', connectionId: 'con_x' };
    const asked = { ...unknown, grantedRoles: ['rol_x'], sessionId: 'ses_x' };
    expect(await reads.findActionGround(asked)).toEqual(nothing);
  });

  test('case=the user as stored, with the bound identities, the primary one first', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { userId, email } = world.dana;
    const fields = { phone_number: '+1', user_metadata: { a: [1] }, app_metadata: { b: null }, logins_count: 3 };
    await seed.update('users', { user_id: userId }, { ...fields, username: `dana-${world.key}` });
    await bindDana(seed, world, { profile: { title: 'Editor' } });
    const main = { connection_id: world.database, subject: 'own', is_primary: true, created_at: AT };
    await addIdentity(seed, userId, world.database, main);
    await addIdentity(seed, userId, world.sso, { status: 'expected', subject: 'not-yet' });
    const { user } = await reads.findActionGround(queryOf(world));
    expect(user).toEqual({
      email,
      emailVerified: true,
      createdAt: EARLIER,
      updatedAt: EARLIER,
      username: `dana-${world.key}`,
      phoneNumber: '+1',
      userMetadata: { a: [1] },
      appMetadata: { b: null },
      loginsCount: 3,
      lastPasswordReset: undefined,
      factors: [],
      identities: [
        { connection: `name-of-${world.database}`, strategy: 'auth0', subject: 'own', profile: {}, isPrimary: true },
        {
          connection: `name-of-${world.sso}`,
          strategy: 'oidc',
          subject: `idp-dana-${world.key}`,
          profile: { title: 'Editor' },
          isPrimary: false,
        },
      ],
    });
  });

  test('case=a user without an address', async () => {
    const world = await makeWorld(rig());
    const userId = `auth0|none${world.key}`;
    await addUser(rig().seed, world, userId, { verified: false });
    const { user, membership } = await rig().reads.findActionGround(queryOf(world, { userId }));
    expect(user).toMatchObject({ email: undefined, emailVerified: false, identities: [], username: undefined });
    expect(membership).toBeUndefined();
  });

  test('case=when the password was replaced: not the first one, and none that is not usable', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const key = { user_id: world.dana.userId };
    const reset = async () => (await reads.findActionGround(queryOf(world))).user?.lastPasswordReset;
    expect(await reset()).toBeUndefined();
    await seed.update('password_credentials', key, { changed_at: AT });
    expect(await reset()).toEqual(AT);
    await seed.update('password_credentials', key, { hash: '!' });
    expect(await reset()).toBeUndefined();
  });

  test('case=the confirmed factors of this user alone, with their vouchers and without what verifies them', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { userId } = world.dana;
    const uma = `auth0|uma${world.key}`;
    await addUser(seed, world, uma);
    const add = (user: string, kind: string, changes: Record<string, unknown> = {}) =>
      seed.insert('factors', {
        user_id: user,
        id: `${kind}|${world.key}`,
        kind,
        created_at: AT,
        confirmed_at: AT,
        ...changes,
      });
    await add(userId, 'recovery-code', { created_at: EARLIER, code_hash: Buffer.from('hush'), vouched_by: 'mail' });
    await add(userId, 'otp', { secret_sealed: Buffer.from('hush') });
    await add(userId, 'passkey', { confirmed_at: null });
    await add(uma, 'webauthn-roaming');
    const factors = async (changes: Partial<ActionGroundQuery> = {}) =>
      (await reads.findActionGround(queryOf(world, changes))).user?.factors;
    expect(await factors()).toEqual([{ kind: 'otp' }, { kind: 'recovery-code', vouchedBy: 'mail' }]);
    expect(await factors({ userId: uma })).toEqual([{ kind: 'webauthn-roaming' }]);
  });

  test('case=membership and roles: of this organization only, with those about to be granted by id or by name', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { userId } = world.dana;
    const other = `org_other_${world.key}`;
    await addOrganization(seed, other);
    await addMember(seed, other, userId, { via: 'invited' });
    const names = ['held', 'elsewhere', 'by id', 'by name', 'nobodys'].map((name) => `${name} ${world.key}`);
    const ids = names.map((_name, index) => `rol_${index}_${world.key}`);
    for (const [index, id] of ids.entries())
      await seed.insert('roles', { id, name: names[index], created_at: EARLIER });
    const [held, elsewhere, byId = ''] = ids;
    const grant = (organization: string, role: string | undefined) =>
      seed.insert('member_roles', { organization_id: organization, user_id: userId, role_id: role });
    await grant(world.organization, held);
    await grant(other, elsewhere);
    const ask = (changes: Partial<ActionGroundQuery> = {}) => reads.findActionGround(queryOf(world, changes));
    expect(await ask()).toMatchObject({ membership: { via: 'management' }, roles: [names[0]] });
    expect(await ask({ organizationId: other })).toMatchObject({ membership: { via: 'invited' }, roles: [names[1]] });
    const grantedRoles = [byId, names[3] ?? ''];
    expect((await ask({ grantedRoles })).roles).toEqual([names[0], names[2], names[3]].sort());
    // A newcomer holds none yet, and is told of those that come.
    expect(await ask({ userId: undefined, grantedRoles: [byId] })).toMatchObject({
      user: undefined,
      membership: undefined,
      roles: [names[2]],
    });
    expect(await ask({ organizationId: undefined })).toMatchObject({ membership: undefined, roles: [] });
  });

  test('case=organization, client and connection with their metadata', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    await seed.update('organizations', { id: world.organization }, { metadata: { tier: 'gold' } });
    await seed.update('clients', { client_id: world.client }, { client_metadata: { app: 'notebook' } });
    await seed.update('connections', { id: world.sso }, { metadata: { region: 'eu' } });
    expect(await reads.findActionGround(queryOf(world))).toMatchObject({
      organization: { displayName: `Acme ${world.key}`, metadata: { tier: 'gold' } },
      clientMetadata: { app: 'notebook' },
      connection: { name: `name-of-${world.sso}`, strategy: 'oidc', metadata: { region: 'eu' } },
    });
    // Never what opens the way in.
    expect(JSON.stringify(await reads.findActionGround(queryOf(world)))).not.toContain('hush');
  });

  test("case=the session that is named, of its user alone; it ends when the tenant's limit for idle ones says so", async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { userId } = world.dana;
    const secret = `ground-${world.key}`;
    const sessionId = `ses_${secret}`;
    const methods = [{ name: 'mfa', timestamp: AT.toISOString() }];
    const fields = { metadata: { step: 2 }, methods: JSON.stringify(methods) };
    await addSession(seed, userId, world.sso, secret, fields);
    const ask = async (changes: Partial<ActionGroundQuery>) =>
      (await reads.findActionGround(queryOf(world, changes))).session;
    const session = {
      createdAt: EARLIER,
      authenticatedAt: EARLIER,
      lastUsedAt: AT,
      expiresAt: LATER,
      // Three days after the last use would be later than its end.
      idleExpiresAt: LATER,
      metadata: { step: 2 },
      methods,
    };
    expect(await ask({ sessionId })).toEqual(session);
    expect(await ask({})).toBeUndefined();
    expect(await ask({ sessionId, userId: undefined })).toBeUndefined();
    const uma = `auth0|uma${world.key}`;
    await addUser(seed, world, uma);
    expect(await ask({ sessionId, userId: uma })).toBeUndefined();
    const far = new Date(AT.getTime() + 30 * 86_400_000);
    await seed.update('sessions', { id: sessionId }, { expires_at: far });
    expect(await ask({ sessionId })).toMatchObject({ idleExpiresAt: new Date(AT.getTime() + 259_200_000) });
    await seed.update('sessions', { id: sessionId }, { idle_expires_at: LATER });
    expect(await ask({ sessionId })).toMatchObject({ idleExpiresAt: LATER });
  });
}
