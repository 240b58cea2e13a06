/**
 * The double runs a login in Auth0's order: the account of an enterprise user is written first, then membership, then Actions; nobody is
 * linked, and a domain of a company leads to the company. docs/auth0-double.md, "Logins".
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { diffSnapshots } from '../support/database.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const DENY = `exports.onExecutePostLogin = async (event, api) => api.access.deny('Not you.');`;

describe('a login at the double', () => {
  const stage = useStage({ profile: 'auth0' });
  let remove: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await remove?.();
    remove = undefined;
    await stage.enablement({ assign_membership_on_login: false });
  });

  const person = (name: string, more: { email_verified?: boolean } = {}) => {
    stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true, ...more };
    return `oidc|acme-oidc|idp-${name}`;
  };
  const user = (id: string, expected?: number) =>
    stage.instance.api('GET', `/users/${encodeURIComponent(id)}`, undefined, expected);
  const organizationsOf = async (id: string) => {
    const found = await stage.instance.api<{ id: string }[]>('GET', `/users/${encodeURIComponent(id)}/organizations`);
    return found.map((organization) => organization.id);
  };
  const enter = async (name: string) => answerOf(await stage.visitor().throughSso(name, `${name}@acme.example`));

  test('case=a stranger is refused, and the account stays', async () => {
    const stranger = person('stan');
    const before = await stage.instance.snapshot();
    const answer = await enter('stan');
    expect(answer).toMatchObject({
      error: 'access_denied',
      error_description: `user ${stranger} is not part of the ${stage.cast.acme.id} organization`,
    });
    expect(Object.keys(diffSnapshots(before, await stage.instance.snapshot())).sort()).toEqual([
      'identities',
      'logs',
      'user_id_prefixes',
      'users',
    ]);
    expect(await user(stranger)).toMatchObject({ email: 'stan@acme.example', email_verified: true });
    expect((await enter('stan')).error, 'the second time the account exists').toBe('access_denied');
  });

  test('case=auto-membership is written before an Action denies, and stays', async () => {
    const stranger = person('amy');
    await stage.enablement({ assign_membership_on_login: true });
    remove = await useActions(stage.instance, 'post-login', { name: 'deny', code: DENY });
    expect((await enter('amy')).error_description).toBe('Not you.');
    expect(await organizationsOf(stranger)).toEqual([stage.cast.acme.id]);
    const lines = await stage.logs();
    expect(lines.find((line) => line.type === 'organization_member_added')).toMatchObject({
      user_id: stranger,
      organization_id: stage.cast.acme.id,
      organization_name: 'acme',
      details: { reason: 'auto_membership' },
    });
  });

  test('case=ten logins of one stranger at a time: one account, one membership, one line about it', async () => {
    const stranger = person('rita');
    await stage.enablement({ assign_membership_on_login: true });
    remove = await useActions(stage.instance, 'post-login', { name: 'deny', code: DENY });
    const answers = await Promise.all(Array.from({ length: 10 }, () => enter('rita')));
    expect(new Set(answers.map((answer) => answer.error_description))).toEqual(new Set(['Not you.']));
    expect(await organizationsOf(stranger)).toEqual([stage.cast.acme.id]);
    const added = (await stage.logs()).filter(
      (line) => line.type === 'organization_member_added' && line.user_id === stranger,
    );
    expect(added).toHaveLength(1);
  });

  test('case=an existing member with the same verified address is not linked: a second account', async () => {
    const member = await stage.cast.createMember('dana@acme.example');
    const newcomer = 'oidc|acme-oidc|idp-dana';
    expect((await enter('dana')).error).toBe('access_denied');
    expect(await user(newcomer)).toMatchObject({ email: 'dana@acme.example' });
    expect((await user(member)).identities).toHaveLength(1);
  });

  test('case=an invited person enters without a proof of their own, and has the roles', async () => {
    const newcomer = person('nell', { email_verified: false });
    const local = await stage.cast.createUser('nell@acme.example');
    const invitation = await stage.cast.invite('nell@acme.example');
    const visitor = stage.visitor();
    const visit = await visitor.signInAtIdp(await visitor.accept(invitation), 'nell');
    expect(answerOf(visit).code).toBeDefined();
    expect(await user(newcomer), 'an accepted invitation verifies the address').toMatchObject({ email_verified: true });
    const roles = await stage.instance.api(
      'GET',
      `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(newcomer)}/roles`,
    );
    expect(roles).toMatchObject([{ id: stage.cast.roleId }]);
    expect(await organizationsOf(local), 'the account with a password stays apart').toEqual([]);
    const types = (await stage.logs()).map(({ type, details }) => `${type} ${details.reason ?? ''}`.trim());
    expect(types).toEqual(expect.arrayContaining(['si', 'organization_member_added invitation']));
  });

  test('case=a live invitation without its ticket does not count', async () => {
    person('tom');
    await stage.cast.invite('tom@acme.example');
    expect((await enter('tom')).error).toBe('access_denied');
  });

  test('case=an address that nobody vouches for stays unverified', async () => {
    const newcomer = person('uwe', { email_verified: false });
    await enter('uwe');
    expect(await user(newcomer)).toMatchObject({ email_verified: false });
  });

  test('case=nobody is asked whether the address is theirs', async () => {
    person('olga');
    await stage.enablement({ assign_membership_on_login: true });
    const visit = await stage.visitor().throughSso('olga', 'other@acme.example');
    expect(answerOf(visit).code).toBeDefined();
  });
});

describe('home realm discovery at the double', () => {
  const stage = useStage({ profile: 'auth0' });
  beforeAll(() => stage.cast.createMember('pat@acme.example'));

  test('case=a member with a password cannot reach the password page', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open();
    expect(wordsOf(page)).not.toContain('password');
    const next = await visitor.type(page, 'pat@acme.example', 'password');
    expect(next.url.origin).toBe(stage.cast.idp.issuer);
  });

  test('case=the parameter connection beats it', async () => {
    const parameters = { connection: 'Username-Password-Authentication' };
    const visit = await stage.visitor().withPassword('pat@acme.example', undefined, parameters);
    expect(answerOf(visit).code).toBeDefined();
  });

  test('case=another domain gets the password page', async () => {
    await stage.cast.createMember('pat@elsewhere.example');
    expect(answerOf(await stage.visitor().withPassword('pat@elsewhere.example')).code).toBeDefined();
  });
});

describe('settings of an ordinary server', () => {
  const stage = useStage();

  test('case=none of this without the profile: a stranger leaves no account, a member is linked', async () => {
    const member = await stage.cast.createMember('dana@acme.example');
    const visitor = stage.visitor();
    const answer = await visitor.throughSso('dana', 'dana@acme.example');
    expect((await visitor.redeem(answer)).claims.sub).toBe(member);
    expect(answerOf(await stage.visitor().throughSso('sam', 'sam@acme.example')).error).toBe('access_denied');
    await stage.instance.api('GET', `/users/${encodeURIComponent('oidc|acme-oidc|idp-sam')}`, undefined, 404);
  });
});
