/** Contract of the login store, behaviour: what its reads find, and what they must not find. */
import { describe, expect, test } from 'vitest';
import type { Email } from '../../src/domain/people/email.js';
import { hashSecret } from '../../src/kernel/ids.js';
import type { CandidateQuery, LoginReads } from '../../src/ports/login-store.js';
import { describeActionGround } from './login-store-ground.js';
import {
  AT,
  addConnection,
  addDomain,
  addIdentity,
  addInvitation,
  addMember,
  addOrganization,
  addSession,
  addUser,
  dnsProof,
  EARLIER,
  enable,
  LATER,
  type LoginStoreRig,
  makeWorld,
  type World,
} from './login-store-world.js';

/** Registers the tests of the reads. */
export function describeReads(rig: () => LoginStoreRig): void {
  describe('findTarget', () => describeTarget(rig));
  describe('findCandidates', () => describeCandidates(rig));
  describe('accounts', () => describeAccounts(rig));
  describe('sessions and organizations', () => describeSessions(rig));
  describe('findActionGround', () => describeActionGround(rig));
  test('case=reading changes nothing', async () => {
    const { reads, snapshot } = rig();
    const world = await makeWorld(rig());
    const before = await snapshot();
    const { userId, email } = world.dana;
    const at = { organizationId: world.organization, connectionId: world.sso };
    // By name, so that the compiler asks for a read that is added.
    const all: Readonly<Record<keyof LoginReads, () => Promise<unknown>>> = {
      findTenant: () => reads.findTenant(),
      findTarget: () => reads.findTarget({ clientId: world.client, organization: world.organization }),
      findEnablements: () => reads.findEnablements(world.organization),
      findCandidates: () => reads.findCandidates(queryOf(world)),
      findAccount: () => reads.findAccount({ userId, ...at }),
      findPasswordAccount: () => reads.findPasswordAccount({ connectionIds: [world.database], email }),
      findCredential: () => reads.findCredential({ userId }),
      findActionGround: () =>
        reads.findActionGround({ userId, clientId: world.client, grantedRoles: [world.role], sessionId: 'ses', ...at }),
      findFactors: () => reads.findFactors({ userId: 'auth0|nobody', connectionId: 'con_none' }),
      findPasskey: () => reads.findPasskey({ credentialId: 'nobody', connectionIds: [world.database] }),
      findSession: () => reads.findSession({ userId, sessionHash: hashSecret('x'), now: AT }),
      listEnterableOrganizations: () => reads.listEnterableOrganizations({ userId, connectionId: world.sso }),
      listLikelyOrganizations: () =>
        reads.listLikelyOrganizations({ connectionId: world.sso, subject: 'nobody-yet', email }),
      findOrganizationsByDomain: () => reads.findOrganizationsByDomain(world.domain),
      findHomeRealms: () => reads.findHomeRealms(world.domain),
      findOrganization: () => reads.findOrganization(world.organization),
    };
    for (const read of Object.values(all)) await read();
    expect(await snapshot()).toEqual(before);
  });
}

function queryOf(world: World, changes: Partial<CandidateQuery> = {}): CandidateQuery {
  return {
    connectionId: world.sso,
    issuer: 'https://idp',
    idPrefix: `oidc|name-of-${world.sso}`,
    subject: 'nobody-yet',
    email: world.dana.email,
    organizationId: world.organization,
    ...changes,
  };
}

function describeTarget(rig: () => LoginStoreRig): void {
  test('case=an unknown client is none', async () => {
    const world = await makeWorld(rig());
    expect(await rig().reads.findTarget({ clientId: 'nobody', organization: world.organization })).toBeUndefined();
  });

  test('case=client, organization and its enabled connections, with opened secrets and proved domains', async () => {
    const world = await makeWorld(rig());
    await addDomain(rig().seed, world.organization, `other.${world.domain}`);
    const target = await rig().reads.findTarget({ clientId: world.client, organization: world.organization });
    expect(target).toMatchObject({
      client: { clientId: world.client, name: 'Notebook', organizationUsage: 'deny', isFirstParty: true },
      organization: { id: world.organization, displayName: `Acme ${world.key}`, blocked: false },
      invitation: undefined,
      audienceKnown: true,
      tenant: { friendlyName: 'Vestibule', membershipEvaluation: 'after_actions', sessionLifetimeSeconds: 604_800 },
    });
    expect(target?.connections).toMatchObject([
      { connection: { id: world.database, strategy: 'auth0', revision: 'c1' }, revision: 'e1', provedDomains: [] },
      {
        connection: {
          id: world.sso,
          options: { issuer: 'https://idp', client_secret: 'hush' },
          domainAliases: [world.domain],
        },
        revision: 'e1',
        provedDomains: [world.domain],
        linkExistingMembers: 'verified_email',
        ssoRollout: 'optional',
        assignMembershipOnLogin: false,
        autoMembershipCondition: undefined,
      },
    ]);
  });

  test('case=what the organization set for the connection', async () => {
    const world = await makeWorld(rig());
    const key = { organization_id: world.organization, connection_id: world.sso };
    await rig().seed.update('organization_connections', key, {
      assign_membership_on_login: true,
      show_as_button: false,
      is_signup_enabled: true,
      link_existing_members: 'never',
      sso_rollout: 'required',
      auto_membership_condition: 'true',
      revision: 'e2',
    });
    const target = await rig().reads.findTarget({ clientId: world.client, organization: world.organization });
    expect(target?.connections[1]).toMatchObject({
      assignMembershipOnLogin: true,
      showAsButton: false,
      isSignupEnabled: true,
      linkExistingMembers: 'never',
      ssoRollout: 'required',
      autoMembershipCondition: 'true',
      revision: 'e2',
    });
  });

  test('case=a connection that is switched off is not there', async () => {
    const world = await makeWorld(rig());
    const key = { organization_id: world.organization, connection_id: world.sso };
    await rig().seed.update('organization_connections', key, { is_enabled: false });
    const target = await rig().reads.findTarget({ clientId: world.client, organization: world.organization });
    expect(target?.connections.map((item) => item.connection.id)).toEqual([world.database]);
  });

  test.each(['pending', 'alias', 'fresh'] as const)(
    'case=a domain is proved only if verified, listed and not at its end: %s',
    async (lacking) => {
      const world = await makeWorld(rig());
      const { seed } = rig();
      if (lacking === 'alias') await seed.update('connections', { id: world.sso }, { domain_aliases: ['x.example'] });
      else {
        const change = lacking === 'pending' ? { status: 'pending' } : dnsProof(rig().clock.now());
        await seed.update('discovery_domains', { domain: world.domain }, change);
      }
      const target = await rig().reads.findTarget({ clientId: world.client, organization: world.organization });
      expect(target?.connections[1]?.provedDomains).toEqual([]);
    },
  );

  test('case=how a domain was proved is told with it', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const proofs = async () =>
      (await reads.findTarget({ clientId: world.client, organization: world.organization }))?.connections[1]?.proofs;
    expect(await proofs()).toEqual({
      [world.domain]: { kind: 'operator', verifiedAt: undefined, checkedAt: undefined, expiresAt: undefined },
    });
    const expiresAt = new Date('2999-01-01');
    await seed.update('discovery_domains', { domain: world.domain }, dnsProof(expiresAt));
    expect(await proofs()).toEqual({
      [world.domain]: { kind: 'dns', verifiedAt: EARLIER, checkedAt: EARLIER, expiresAt },
    });
  });

  test('case=a proof of another organization that has ended speaks for nobody', async () => {
    const world = await makeWorld(rig());
    const { seed, reads, clock } = rig();
    const other = `org_former_${world.key}`;
    const domain = `former.${world.domain}`;
    const email = `eve@${domain}` as Email;
    const userId = `auth0|former-${world.key}`;
    await addOrganization(seed, other);
    await addUser(seed, world, userId, { email, fields: { email_vouched_by: other } });
    const ask = async () => {
      const query = { connectionId: world.sso, idPrefix: 'oidc|x', issuer: 'https://idp', subject: 'new', email };
      const found = await reads.findCandidates({ ...query, organizationId: world.organization });
      const there = await reads.findCandidates({ ...query, organizationId: other });
      const account = await reads.findAccount({ userId, organizationId: world.organization, connectionId: world.sso });
      return [found.domainProvedElsewhere, account?.domainProvedElsewhere, there.byEmail[0]?.addressProved];
    };
    const end = new Date(clock.now().getTime() + 1_000);
    await addDomain(seed, other, domain, dnsProof(end));
    expect(await ask()).toEqual([true, true, true]);
    clock.advanceMs(1_000);
    expect(await ask()).toEqual([false, false, false]);
  });

  test('case=by name, never by the name of an id', async () => {
    const world = await makeWorld(rig());
    const find = (organization: string) => rig().reads.findTarget({ clientId: world.client, organization });
    expect((await find(world.key))?.organization?.id).toBe(world.organization);
    expect((await find(`org_${world.key}x`))?.organization).toBeUndefined();
    expect((await find('no-such-name'))?.organization).toBeUndefined();
  });

  test('case=without organization the connections of the client, with no right to link or add anybody', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    expect((await reads.findTarget({ clientId: world.client }))?.connections).toEqual([]);
    await seed.insert('connection_clients', { connection_id: world.sso, client_id: world.client });
    expect((await reads.findTarget({ clientId: world.client }))?.connections).toMatchObject([
      {
        connection: { id: world.sso },
        assignMembershipOnLogin: false,
        linkExistingMembers: 'never',
        provedDomains: [],
        revision: '-',
        servesOrganizations: true,
      },
    ]);
    await seed.remove('organization_connections', { organization_id: world.organization, connection_id: world.sso });
    const alone = await reads.findTarget({ clientId: world.client });
    expect(alone?.connections).toMatchObject([{ connection: { id: world.sso }, servesOrganizations: false }]);
    await seed.update('connections', { id: world.sso }, { needs_organization: true });
    const closed = await reads.findTarget({ clientId: world.client });
    expect(closed?.connections).toMatchObject([{ connection: { id: world.sso }, servesOrganizations: true }]);
  });

  test('case=the invitation of a ticket, also used and expired, but only of this organization', async () => {
    const world = await makeWorld(rig());
    const other = await makeWorld(rig());
    const find = async (invitationTicket: string, organization = world.organization) =>
      (await rig().reads.findTarget({ clientId: world.client, organization, invitationTicket }))?.invitation;
    expect(await find(world.invitation.ticket)).toEqual({
      id: world.invitation.id,
      organizationId: world.organization,
      clientId: world.client,
      connectionId: world.sso,
      inviterName: 'Olga',
      inviteeEmail: world.invitation.email,
      roles: [world.role],
      expiresAt: LATER,
      consumedAt: undefined,
      appMetadata: undefined,
      userMetadata: undefined,
    });
    expect(await find(other.invitation.ticket)).toBeUndefined();
    expect(await find('no-such-ticket')).toBeUndefined();
    await rig().seed.update('invitations', { id: world.invitation.id }, { consumed_at: AT, expires_at: EARLIER });
    expect(await find(world.invitation.ticket)).toMatchObject({ consumedAt: AT, expiresAt: EARLIER });
  });

  test('case=an audience is known or not', async () => {
    const world = await makeWorld(rig());
    const identifier = `https://${world.domain}/api`;
    const known = async () =>
      (await rig().reads.findTarget({ clientId: world.client, audience: identifier }))?.audienceKnown;
    expect(await known()).toBe(false);
    await rig().seed.insert('resource_servers', { id: `rs_${world.key}`, identifier, created_at: AT });
    expect(await known()).toBe(true);
  });

  test('case=an audience that the application may not use for people: by policy, or for want of a grant of people', async () => {
    const world = await makeWorld(rig());
    const identifier = `https://${world.domain}/barred`;
    const barred = async () =>
      (await rig().reads.findTarget({ clientId: world.client, audience: identifier }))?.audienceBarredBy;
    const api = { id: `rs_b_${world.key}`, identifier, created_at: AT };
    await rig().seed.insert('resource_servers', { ...api, user_policy: 'require_client_grant' });
    expect(await barred()).toBe('missing_grant');
    const grant = { client_id: world.client, audience: identifier, created_at: AT };
    await rig().seed.insert('client_grants', { ...grant, id: `cgr_m_${world.key}`, subject_type: 'client' });
    expect(await barred()).toBe('missing_grant');
    await rig().seed.insert('client_grants', { ...grant, id: `cgr_p_${world.key}`, subject_type: 'user' });
    expect(await barred()).toBeUndefined();
    const closed = `https://${world.domain}/closed`;
    await rig().seed.insert('resource_servers', {
      ...api,
      id: `rs_c_${world.key}`,
      identifier: closed,
      user_policy: 'deny_all',
    });
    const target = await rig().reads.findTarget({ clientId: world.client, audience: closed });
    expect([target?.audienceKnown, target?.audienceBarredBy]).toEqual([true, 'policy']);
  });

  test('case=findEnablements: the same without client; an unknown organization is none', async () => {
    const world = await makeWorld(rig());
    const target = await rig().reads.findTarget({ clientId: world.client, organization: world.organization });
    const { tenant, organization, connections } = target ?? {};
    expect(await rig().reads.findEnablements(world.organization)).toEqual({ tenant, organization, connections });
    expect(await rig().reads.findEnablements('org_nobody')).toBeUndefined();
  });
}

function describeCandidates(rig: () => LoginStoreRig): void {
  const subject = 'idp-1';
  test('case=bound: connection, issuer and subject, all three', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const elsewhere = `con_else_${world.key}`;
    await addConnection(seed, elsewhere);
    await addIdentity(seed, world.dana.userId, world.sso, { subject });
    const find = async (changes: Partial<CandidateQuery>) =>
      (await reads.findCandidates(queryOf(world, { subject, ...changes }))).bound?.account.userId;
    expect(await find({})).toBe(world.dana.userId);
    expect(await find({ email: undefined })).toBe(world.dana.userId);
    expect(await find({ subject: 'idp-2' })).toBeUndefined();
    expect(await find({ issuer: 'https://other' })).toBeUndefined();
    expect(await find({ connectionId: elsewhere })).toBeUndefined();
  });

  test('case=expected: by subject or by address, the subject first; never by the address of an expected subject', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { email } = world.dana;
    const find = async (changes: Partial<CandidateQuery> = {}) => {
      const { expected, bound } = await reads.findCandidates(queryOf(world, { subject, ...changes }));
      expect(bound).toBeUndefined();
      return expected && `${expected.candidate.account.userId} ${expected.identityId} by ${expected.by}`;
    };
    expect(await find()).toBeUndefined();
    const waiting = { status: 'expected', issuer: '' };
    await addIdentity(seed, world.dana.userId, world.sso, { ...waiting, id: 'by-address', expected_email: email });
    expect(await find()).toBe(`${world.dana.userId} by-address by email`);
    expect(await find({ email: `x${email}` as Email })).toBeUndefined();
    expect(await find({ connectionId: world.database })).toBeUndefined();
    const uma = `auth0|uma${world.key}`;
    await addUser(seed, world, uma);
    await addIdentity(seed, uma, world.sso, {
      ...waiting,
      id: 'by-subject',
      subject,
      expected_email: `u@${world.domain}`,
    });
    expect(await find()).toBe(`${uma} by-subject by subject`);
    expect(await find({ subject: 'idp-2', email: `u@${world.domain}` as Email })).toBeUndefined();
  });

  test('case=by address: everybody who has it, with his standing here', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { email, userId } = world.dana;
    const other = `org_other_${world.key}`;
    await addOrganization(seed, other);
    await addIdentity(seed, userId, world.sso, { subject });
    await addMember(seed, other, userId);
    const twin = `oidc|twin${world.key}`;
    await addUser(seed, world, twin, {
      email,
      verified: false,
      memberOf: [other],
      fields: { blocked: true, name: 'Twin' },
    });
    const { byEmail } = await reads.findCandidates(queryOf(world));
    expect(byEmail).toEqual([
      {
        account: { userId, email, emailVerified: true, blocked: false, profile: {} },
        membership: { organizationId: world.organization, userId, breakGlass: false, usedBefore: true },
        otherOrganizations: 1,
        hasPassword: true,
        addressProved: true,
        factorsRevision: 0,
        mainConnectionId: undefined,
        boundSubject: subject,
        boundIssuer: 'https://idp',
      },
      {
        account: { userId: twin, email, emailVerified: false, blocked: true, profile: { name: 'Twin' } },
        membership: undefined,
        otherOrganizations: 1,
        hasPassword: false,
        addressProved: false,
        factorsRevision: 0,
        mainConnectionId: undefined,
        boundSubject: undefined,
        boundIssuer: undefined,
      },
    ]);
    const without = await reads.findCandidates(queryOf(world, { organizationId: undefined }));
    expect(without.byEmail.map((item) => [item.membership, item.otherOrganizations])).toEqual([
      [undefined, 2],
      [undefined, 1],
    ]);
    expect((await reads.findCandidates(queryOf(world, { email: undefined }))).byEmail).toEqual([]);
    const recognised = await reads.findCandidates(queryOf(world, { subject }));
    expect(recognised.bound?.account.userId).toBe(userId);
    expect(recognised, 'who is recognised is not looked for').toMatchObject({ byEmail: [], userIdPrefix: undefined });
  });

  test('case=a flood of twins elsewhere cannot push the member out of the first twenty', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    for (let index = 0; index < 25; index++) {
      // Before Dana, if ids alone decided.
      await addUser(seed, world, `a|${String(index).padStart(2, '0')}${world.key}`, { email: world.dana.email });
    }
    const { byEmail } = await reads.findCandidates(queryOf(world));
    expect(byEmail).toHaveLength(20);
    expect(byEmail[0]?.account.userId).toBe(world.dana.userId);
  });

  test('case=invitations: of this organization, for this address, unused, the newest first', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { email } = world.dana;
    const other = await makeWorld(rig());
    await addInvitation(seed, world, `uinv_old_${world.key}`, email, { expires_at: EARLIER });
    await addInvitation(seed, world, `uinv_new_${world.key}`, email, { created_at: AT });
    await addInvitation(seed, world, `uinv_used_${world.key}`, email, { consumed_at: AT });
    await addInvitation(seed, other, `uinv_else_${world.key}`, email);
    const { invitations } = await reads.findCandidates(queryOf(world));
    expect(invitations.map((item) => item.id)).toEqual([`uinv_new_${world.key}`, `uinv_old_${world.key}`]);
    const account = await reads.findAccount({
      userId: world.dana.userId,
      organizationId: world.organization,
      connectionId: world.sso,
    });
    expect(account?.invitations).toEqual(invitations);
  });

  test('case=a domain is proved elsewhere: by another organization, verified, exactly this one', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const other = `org_other_${world.key}`;
    const domain = `second.${world.domain}`;
    const email = `dana@${domain}` as Email;
    await addOrganization(seed, other);
    const proved = async (changes: Partial<CandidateQuery> = {}) =>
      (await reads.findCandidates(queryOf(world, { email, ...changes }))).domainProvedElsewhere;
    expect(await proved()).toBe(false);
    await addDomain(seed, other, domain, { status: 'pending' });
    expect(await proved()).toBe(false);
    await seed.update('discovery_domains', { organization_id: other }, { status: 'verified' });
    expect(await proved()).toBe(true);
    expect(await proved({ organizationId: undefined })).toBe(true);
    expect(await proved({ organizationId: other })).toBe(false);
    expect(await proved({ email: `dana@${world.domain}` as Email })).toBe(false);
    expect(await proved({ email: `dana@deep.${domain}` as Email })).toBe(false);
  });
}

function describeAccounts(rig: () => LoginStoreRig): void {
  test('case=findAccount: the same candidate; nobody for an unknown id', async () => {
    const world = await makeWorld(rig());
    const { reads } = rig();
    const where = { organizationId: world.organization, connectionId: world.sso };
    const found = await reads.findAccount({ userId: world.dana.userId, ...where });
    expect(found?.candidate).toEqual((await reads.findCandidates(queryOf(world))).byEmail[0]);
    expect(await reads.findAccount({ userId: 'auth0|nobody', ...where })).toBeUndefined();
    const without = await reads.findAccount({ ...where, userId: world.dana.userId, organizationId: undefined });
    expect(without).toMatchObject({ candidate: { membership: undefined, otherOrganizations: 1 }, invitations: [] });
  });

  test('case=findAccount: break glass, and a membership that was never used', async () => {
    const world = await makeWorld(rig());
    const key = { organization_id: world.organization, user_id: world.dana.userId };
    await rig().seed.update('members', key, { break_glass: true, first_used_at: null });
    const where = { organizationId: world.organization, connectionId: world.sso };
    expect(await rig().reads.findAccount({ userId: world.dana.userId, ...where })).toMatchObject({
      candidate: { membership: { breakGlass: true, usedBefore: false } },
    });
  });

  test('case=a password: at one of these connections, under exactly this address', async () => {
    const world = await makeWorld(rig());
    const find = (connectionIds: string[], email: string = world.dana.email) =>
      rig().reads.findPasswordAccount({ connectionIds, email: email as Email });
    const credential = { connectionId: world.database, hash: world.dana.hash };
    expect(await find([world.sso, world.database])).toMatchObject({
      account: { userId: world.dana.userId },
      credential,
    });
    expect(await find([world.sso])).toBeUndefined();
    expect(await find([])).toBeUndefined();
    expect(await find([world.database], `x${world.dana.email}`)).toBeUndefined();
    expect(await rig().reads.findCredential({ userId: world.dana.userId })).toEqual(credential);
    expect(await rig().reads.findCredential({ userId: 'auth0|nobody' })).toBeUndefined();
    const { userId } = world.dana;
    expect(await rig().reads.findCredential({ userId, connectionId: credential.connectionId })).toEqual(credential);
    expect(await rig().reads.findCredential({ userId, connectionId: 'con_elsewhere' })).toBeUndefined();
  });
}

function describeSessions(rig: () => LoginStoreRig): void {
  test.each<readonly [string, (world: World) => Promise<void>, boolean]>([
    ['live', async () => {}, true],
    ['over', (world) => rig().seed.update('sessions', { user_id: world.dana.userId }, { expires_at: AT }), false],
    [
      'not used for longer than the tenant allows',
      (world) => {
        const idle = new Date(AT.getTime() - 259_200_000);
        return rig().seed.update('sessions', { user_id: world.dana.userId }, { last_used_at: idle });
      },
      false,
    ],
    [
      'of a blocked user',
      (world) => rig().seed.update('users', { user_id: world.dana.userId }, { blocked: true }),
      false,
    ],
    ['ended', (world) => rig().seed.remove('sessions', { user_id: world.dana.userId }), false],
  ])('case=a session that is %s', async (_name, change, lives) => {
    const world = await makeWorld(rig());
    const { userId } = world.dana;
    await addSession(rig().seed, userId, world.sso, 'secret');
    await change(world);
    const found = await rig().reads.findSession({ userId, sessionHash: hashSecret('secret'), now: AT });
    const expected = { userId, sessionId: 'ses_secret', connectionId: world.sso, authenticatedAt: EARLIER };
    expect(found).toEqual(lives ? expected : undefined);
  });

  test('case=a session belongs to its user and its secret', async () => {
    const world = await makeWorld(rig());
    const uma = `auth0|uma${world.key}`;
    await addUser(rig().seed, world, uma);
    await addSession(rig().seed, world.dana.userId, world.sso, 'secret');
    const find = (userId: string, secret: string) =>
      rig().reads.findSession({ userId, sessionHash: hashSecret(secret), now: AT });
    expect(await find(uma, 'secret')).toBeUndefined();
    expect(await find(world.dana.userId, 'other')).toBeUndefined();
  });

  test('case=where a session may go: membership, and the connection enabled there (rule 8)', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const { userId } = world.dana;
    const ids = ['a', 'off', 'without', 'blocked', 'stranger'].map((name) => `org_${name}_${world.key}`);
    const [a = '', off = '', without = '', blocked = '', stranger = ''] = ids;
    for (const id of ids) await addOrganization(seed, id, { display_name: `AAA ${id}`, blocked: id === blocked });
    for (const id of [a, off, blocked, stranger]) await enable(seed, id, world.sso, { is_enabled: id !== off });
    for (const id of [a, off, without, blocked]) await addMember(seed, id, userId);
    const list = async (connectionId: string) =>
      (await reads.listEnterableOrganizations({ userId, connectionId })).map((item) => item.id);
    expect(await list(world.sso)).toEqual([a, world.organization]);
    expect(await list(world.database)).toEqual([world.organization]);
  });

  test('case=organizations that may know somebody: enabled, by member, invitation, expectation or auto-membership', async () => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    const connection = `con_likely_${world.key}`;
    await addConnection(seed, connection);
    const names = ['member', 'invited', 'auto', 'expected', 'off', 'blocked', 'nothing'];
    const [member = '', invited = '', auto = '', expected = '', off = '', blocked = '', nothing = ''] = names.map(
      (name) => `org_${name}_${world.key}`,
    );
    const email = `likely-${world.key}@plain.example` as Email;
    const list = (changes: { subject?: string; email?: Email } = {}) =>
      reads.listLikelyOrganizations({ connectionId: connection, subject: 'unknown', email, ...changes });
    await addOrganization(seed, nothing, {});
    await enable(seed, nothing, connection, {});
    expect(await list()).toEqual({ candidates: [], autoMemberships: 0, onlyOne: nothing });
    for (const id of [member, invited, auto, expected, off, blocked]) {
      await addOrganization(seed, id, { blocked: id === blocked });
      await enable(seed, id, connection, { is_enabled: id !== off, assign_membership_on_login: id === auto });
    }
    const userId = `auth0|likely-${world.key}`;
    await addUser(seed, world, userId, { email });
    for (const id of [member, off, blocked]) await addMember(seed, id, userId);
    await addInvitation(seed, world, `uinv_likely_${world.key}`, email, { organization_id: invited });
    const other = `auth0|expected-${world.key}`;
    await addUser(seed, world, other, { email: `other-${email}` });
    await addMember(seed, expected, other);
    await addIdentity(seed, other, connection, { status: 'expected', subject: 'sub-expected' });
    const first = await list();
    expect(first).toEqual({ candidates: [...[member, invited].sort(), auto], autoMemberships: 1, onlyOne: undefined });
    expect((await list({ subject: 'sub-expected' })).candidates).toContain(expected);
    expect((await list({ email: `nobody-${email}` as Email })).candidates).toEqual([auto]);
  });

  test.each([
    ['verified', {}, {}, true],
    ['pending', { status: 'pending' }, {}, false],
    ['proved until now', dnsProof(AT), {}, false],
    ['proved until later', dnsProof(new Date('2999-01-01')), {}, true],
    ['not for discovery', { use_for_organization_discovery: false }, {}, false],
    ['of a blocked organization', {}, { blocked: true }, false],
  ])('case=organizations by domain: %s', async (_name, domain, organization, found) => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    if (Object.keys(domain).length > 0) await seed.update('discovery_domains', { domain: world.domain }, domain);
    if (Object.keys(organization).length > 0)
      await seed.update('organizations', { id: world.organization }, organization);
    const ids = (await reads.findOrganizationsByDomain(world.domain)).map((item) => item.id);
    expect(ids).toEqual(found ? [world.organization] : []);
    expect(await reads.findOrganizationsByDomain(`deep.${world.domain}`)).toEqual([]);
  });

  test.each([
    ['disable_signup is false', { disable_signup: false }, true],
    ['disable_signup is true', { disable_signup: true }, false],
    ['disable_signup is no boolean', { disable_signup: 'false' }, false],
    ['nothing is said', {}, false],
  ])('case=sign-up without an organization is what the connection says: %s', async (_name, options, open) => {
    const world = await makeWorld(rig());
    const { seed, reads } = rig();
    await seed.insert('connection_clients', { connection_id: world.database, client_id: world.client });
    await seed.update('connections', { id: world.database }, { options });
    const [database] = (await reads.findTarget({ clientId: world.client }))?.connections ?? [];
    expect(database).toMatchObject({ connection: { id: world.database }, isSignupEnabled: open });
  });

  test('case=home realms: the connection of a domain, as an enablement without organization, while an organization enables it', async () => {
    const world = await makeWorld(rig());
    const { reads, seed } = rig();
    expect(await reads.findHomeRealms(`deep.${world.domain}`)).toEqual([]);
    const [home, ...others] = await reads.findHomeRealms(world.domain);
    expect(others).toEqual([]);
    expect(home).toMatchObject({
      connection: { id: world.sso },
      revision: '-',
      servesOrganizations: true,
      assignMembershipOnLogin: false,
      provedDomains: [],
    });
    const ids = async (query: { homeRealm?: string }) =>
      (await reads.findTarget({ clientId: world.client, ...query }))?.connections.map((item) => item.connection.id);
    expect(await ids({})).not.toContain(world.sso);
    expect(await ids({ homeRealm: world.sso })).toContain(world.sso);
    // Where another organization has proved the domain, its own connection alone counts; not when that proof has ended.
    const other = `org_home_${world.key}`;
    await addOrganization(seed, other);
    await seed.update('discovery_domains', { domain: world.domain }, { organization_id: other });
    expect(await reads.findHomeRealms(world.domain)).toEqual([]);
    await seed.update('discovery_domains', { domain: world.domain }, dnsProof(rig().clock.now()));
    expect(await reads.findHomeRealms(world.domain)).toHaveLength(1);
    const key = { organization_id: world.organization, connection_id: world.sso };
    await seed.update('organization_connections', key, { is_enabled: false });
    expect(await reads.findHomeRealms(world.domain)).toEqual([]);
    expect(await ids({ homeRealm: world.sso })).not.toContain(world.sso);
  });

  test('case=an organization by id or name', async () => {
    const world = await makeWorld(rig());
    const { reads } = rig();
    expect((await reads.findOrganization(world.organization))?.name).toBe(world.key);
    expect((await reads.findOrganization(world.key))?.id).toBe(world.organization);
    expect(await reads.findOrganization('nobody')).toBeUndefined();
  });
}
