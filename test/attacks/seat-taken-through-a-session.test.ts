/**
 * Attack: Mallory administers Evil Corp and its identity provider. She writes a membership for somebody, or opens Evil to everybody with a
 * password, and sends their browser once to /authorize for Evil. Their session answers, nobody is asked anything, and the membership
 * has been "used before": from then on Evil's identity provider would get the membership without any proof (linking rule, parts 7 and 8).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place, Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, proveByCode, useStage } from '../support/stage.js';

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
let evil: Place;
/** Claims that Evil's identity provider makes, by login. */
const claims: Record<string, { sub: string; email: string; email_verified: boolean }> = {};

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', claims);
});

const addMember = (userId: string) =>
  stage.instance.api('POST', `/organizations/${evil.id}/members`, { members: [userId] });
const enterEvil = async (visitor: Visitor, login: string) =>
  visitor.signInAtIdp(await visitor.open({ organization: evil.id, connection: evil.connectionName }), login);

/** A member of no organization with a password, whose session is open in a browser of their own. */
async function signedIn(name: string): Promise<{ userId: string; victim: Visitor; email: string }> {
  const email = `${name}@plain.example`;
  const userId = await stage.cast.createUser(email);
  claims[name] = { sub: `evil-${name}`, email, email_verified: true };
  const victim = stage.visitor();
  const { claims: token } = await victim.redeem(await victim.withPassword(email, undefined, { organization: '' }));
  expect(token.sub).toBe(userId);
  return { userId, victim, email };
}

describe('a membership that Mallory wrote is not used by', () => {
  test.each([
    ['a session', {}],
    ['a session under prompt=none', { prompt: 'none' }],
  ])('%s', async (name, parameters) => {
    const { userId, victim } = await signedIn(name.replaceAll(/\W/g, '-'));
    await addMember(userId);
    expect(answerOf(await victim.open({ organization: evil.id, ...parameters })), 'they are a member').toHaveProperty(
      'code',
    );
    const mallory = stage.visitor();
    const before = await stage.instance.snapshot();
    const page = await enterEvil(mallory, name.replaceAll(/\W/g, '-'));
    expect(page.url.pathname, 'Evil’s word is not enough').toBe('/u/proof');
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('a refresh', async () => {
    const { userId, victim } = await signedIn('refreshing');
    await addMember(userId);
    const { refreshToken } = await victim.redeem(await victim.open({ organization: evil.id }));
    const response = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect(response.ok).toBe(true);
    expect((await enterEvil(stage.visitor(), 'refreshing')).url.pathname).toBe('/u/proof');
  });

  test('the identity of another company, whose own sign-in may be open in the same browser', async () => {
    const email = 'federated@plain.example';
    stage.cast.people.federated = { sub: 'idp-federated', email, email_verified: true };
    claims.federated = { sub: 'evil-federated', email, email_verified: true };
    const userId = await stage.cast.createMember(email);
    const victim = stage.visitor();
    const first = await victim.signInAtIdp(
      await victim.open({ connection: stage.cast.acme.connectionName }),
      'federated',
    );
    await victim.redeem(await proveByCode(victim, first, await stage.mailedCode(email)));
    // Evil uses Acme's connection too, and takes the person away from Acme: now they belong to Evil alone.
    await stage.instance.api('POST', `/organizations/${evil.id}/enabled_connections`, {
      connection_id: stage.cast.acme.connectionId,
    });
    await addMember(userId);
    const there = await victim.open({
      organization: evil.id,
      connection: stage.cast.acme.connectionName,
      prompt: 'login',
    });
    await victim.redeem(await victim.signInAtIdp(there, 'federated'));
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
    await stage.instance.api('DELETE', `/organizations/${evil.id}/enabled_connections/${stage.cast.acme.connectionId}`);
    expect((await enterEvil(stage.visitor(), 'federated')).url.pathname).toBe('/u/proof');
  });
});

test('what the person typed there and then is used: the next sign-in through the company is silent', async () => {
  const { userId, victim, email } = await signedIn('honest');
  await addMember(userId);
  await victim.redeem(await victim.withPassword(email, undefined, { organization: evil.id, prompt: 'login' }));
  const { claims: token } = await victim.redeem(await enterEvil(victim, 'honest'));
  expect(token).toMatchObject({ sub: userId, org_id: evil.id });
});

test('a code that was typed is used as well', async () => {
  const { userId, email } = await signedIn('by-code');
  await addMember(userId);
  const visitor = stage.visitor();
  const proof = await enterEvil(visitor, 'by-code');
  const { claims: token } = await visitor.redeem(await proveByCode(visitor, proof, await stage.mailedCode(email)));
  expect(token.sub).toBe(userId);
  const { rows } = await stage.instance.database.pool.query('select first_used_at from members where user_id = $1', [
    userId,
  ]);
  expect(rows).toEqual([{ first_used_at: expect.any(Date) }]);
});

describe('Evil opens itself to everybody with a password', () => {
  beforeAll(async () => {
    await stage.enablement({ assign_membership_on_login: true }, evil.id, stage.cast.databaseId);
  });

  test.each([
    ['one redirect makes nobody a member', {}],
    ['nor one without a page', { prompt: 'none' }],
  ])('%s', async (name, parameters) => {
    const { victim } = await signedIn(name.replaceAll(/\W/g, '-'));
    const before = await stage.instance.snapshot();
    const page = await victim.open({ organization: evil.id, ...parameters });
    if ('prompt' in parameters) expect(answerOf(page)).toMatchObject({ error: 'login_required' });
    else expect(page.url.pathname, 'the person is asked to sign in').toBe('/u/login/identifier');
    await expectNothingLeft(stage.instance, before);
  });

  test('who signs in there is a member', async () => {
    const { userId, victim, email } = await signedIn('willing');
    const { claims: token } = await victim.redeem(
      await victim.withPassword(email, undefined, { organization: evil.id, prompt: 'login' }),
    );
    expect(token).toMatchObject({ sub: userId, org_id: evil.id });
  });
});
