/**
 * Story 10: the tenant is set to Auth0's own order. The stranger is refused by the Action and stays a member: the defect, reproduced.
 * Story 11: the clean-up Action takes the membership away again, in either order, and never that of somebody who had it before.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exampleAction, managementSecrets, setOrder, useActions } from '../support/actions.js';
import { hasOpenssl } from '../support/certificate.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/scenarios/10 is skipped: the openssl command is not installed\n');

/** The seed's situation without its clean-up: a person who is not on the tenant's list is denied. */
const DENY = `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.approved !== true) return api.access.deny('You are not authorized for this application.');
};`;

describe.skipIf(!available)('stories 10 and 11', () => {
  const stage = useStage({ https: true });
  let remove: (() => Promise<void>) | undefined;

  beforeAll(() => stage.enablement({ assign_membership_on_login: true }));
  afterEach(async () => {
    await remove?.();
    remove = undefined;
    await setOrder(stage.instance, 'after_actions');
  });

  const memberIds = async () => {
    const { api } = stage.instance;
    const members = await api<{ user_id: string }[]>('GET', `/organizations/${stage.cast.acme.id}/members`);
    return members.map((member) => member.user_id);
  };
  const enter = async (name: string) => answerOf(await stage.visitor().throughSso(name, `${name}@acme.example`));
  const person = (name: string) => {
    stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true };
    return `oidc|acme-oidc|idp-${name}`;
  };

  test('Auth0’s order: refused, and a member all the same: user, identity, membership, log entry stay', async () => {
    const stranger = person('stan');
    remove = await useActions(stage.instance, 'post-login', { name: 'deny', code: DENY });
    await setOrder(stage.instance, 'before_actions');
    const before = await stage.instance.snapshot();
    const visit = await stage.visitor().throughSso('stan', 'stan@acme.example');
    expect(answerOf(visit)).toMatchObject({
      error: 'access_denied',
      error_description: 'You are not authorized for this application.',
    });
    expect(await memberIds(), 'the defect of the seed').toContain(stranger);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed).sort()).toEqual(['identities', 'logs', 'members', 'user_id_prefixes', 'users']);
    expect(changed.users?.added).toMatchObject([{ user_id: stranger, logins_count: 0 }]);
    expect(changed.members?.added).toMatchObject([{ user_id: stranger, via: 'auto', first_used_at: null }]);
    const lines = (changed.logs?.added ?? []) as { type: string; details: Record<string, unknown> }[];
    expect(lines.map((line) => [line.type, line.details.reason ?? line.details.code]).sort()).toEqual([
      ['f', 'act.denied'],
      ['organization_member_added', 'auto_membership'],
    ]);
    // As on Auth0 he is a member now; what makes it worse there, that he can never be invited, does not hold here.
    const invitation = await stage.cast.invite('stan@acme.example');
    expect(invitation.id).toMatch(/^uinv_/);
  });

  test('the other order: the same code, and nothing is left', async () => {
    person('pete');
    remove = await useActions(stage.instance, 'post-login', { name: 'deny', code: DENY });
    const before = await stage.instance.snapshot();
    expect((await enter('pete')).error).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
  });

  test('Auth0’s order and an Action that agrees: one login, counted once', async () => {
    const newcomer = person('paula');
    remove = await useActions(stage.instance, 'post-login', {
      name: 'agree',
      code: 'exports.onExecutePostLogin = async (event, api) => { api.user.setAppMetadata("seen", event.stats.logins_count); };',
    });
    await setOrder(stage.instance, 'before_actions');
    expect((await enter('paula')).code).toBeDefined();
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(newcomer)}`);
    expect(user).toMatchObject({ logins_count: 1, app_metadata: { seen: 1 } });
  });

  describe.each(['before_actions', 'after_actions'] as const)('clean-up, %s', (order) => {
    describe.each([
      ['4', 'clean-up.js', '4.37.1'],
      ['7', 'clean-up-sdk7.js', '7.1.0'],
    ])('auth0 %s', (major, file, version) => {
      const cleanUp = async () => {
        remove = await useActions(stage.instance, 'post-login', {
          name: 'clean-up',
          code: exampleAction(file),
          dependencies: [{ name: 'auth0', version }],
          secrets: managementSecrets(stage.instance),
        });
        await setOrder(stage.instance, order);
      };

      test('the stranger is refused and is no member', async () => {
        const name = `stranger-${order.slice(0, 5)}-${major}`;
        const stranger = person(name);
        await cleanUp();
        expect(await enter(name)).toMatchObject({
          error: 'access_denied',
          error_description: 'You are not authorized for this application.',
        });
        expect(await memberIds()).not.toContain(stranger);
      });

      test('a member of long standing who is denied keeps the membership', async () => {
        const name = `member-${order.slice(0, 5)}-${major}`;
        const member = person(name);
        expect((await enter(name)).code, 'a first login before there is any Action').toBeDefined();
        await cleanUp();
        expect((await enter(name)).error).toBe('access_denied');
        expect(await memberIds()).toContain(member);
      });

      test('an invited person who is denied keeps what the invitation gives', async () => {
        const name = `guest-${order.slice(0, 5)}-${major}`;
        const guest = person(name);
        const invitation = await stage.cast.invite(`${name}@acme.example`);
        await cleanUp();
        const visitor = stage.visitor();
        const visit = await visitor.signInAtIdp(await visitor.accept(invitation), name);
        expect(answerOf(visit).error).toBe('access_denied');
        const invitations = await stage.instance.api<{ id: string }[]>(
          'GET',
          `/organizations/${stage.cast.acme.id}/invitations`,
        );
        const waits = invitations.some(({ id }) => id === invitation.id);
        // In Auth0's order it was used before the Action was asked, here it waits for the next try.
        expect(waits).toBe(order === 'after_actions');
        expect((await memberIds()).includes(guest)).toBe(order === 'before_actions');
      });
    });
  });
});
