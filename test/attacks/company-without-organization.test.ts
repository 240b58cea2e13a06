/**
 * Attack: Dana's account was bound to Acme's identity provider, as it may be for a member. The connection is switched on for the application
 * as well. The person who runs that provider names no organization, and would hold tokens of her whole account, good at every part of
 * the application that looks at `sub` alone, even after she left (linking rule, part 8). The same after Acme was cut off: its connection would
 * let in former members, and every stranger of its provider.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place, Visitor } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
let dana: string;
let browser: Visitor;

const enableForApplication = (connectionId: string) =>
  stage.instance.api('PATCH', `/connections/${connectionId}/clients`, [
    { client_id: stage.cast.client.id, status: true },
  ]);

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
  await enableForApplication(stage.cast.acme.connectionId);
  browser = stage.visitor();
  const { claims } = await browser.redeem(await browser.throughSso('dana', 'dana@acme.example'));
  expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
});

async function expectNoWayIn(): Promise<void> {
  const before = await stage.instance.snapshot();
  const alone = { organization: '', connection: stage.cast.acme.connectionName };
  const silent = answerOf(await browser.open({ organization: '', prompt: 'none' }));
  expect(silent, 'the open session').toMatchObject({ error: 'login_required' });
  expect(answerOf(await browser.open({ ...alone, prompt: 'none' })), 'and by name').toMatchObject({
    error: 'login_required',
  });
  expect(new URL((await browser.open({ organization: '' })).url).pathname, 'a page').toBe('/u/login/identifier');
  const anew = stage.visitor();
  const refused = await anew.signInAtIdp(await anew.open(alone), 'dana');
  expect((await stage.refusal(refused)).details.code, 'a new sign-in').toBe('admit.organization_needed');
  await expectNothingLeft(stage.instance, before);
}

describe('the company’s connection opens nothing without its organization', () => {
  test('for a member', expectNoWayIn);

  test('after she was removed', async () => {
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [dana] });
    await expectNoWayIn();
    await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [dana] });
  });

  test('an account that the connection brought itself, as long as an organization uses it', async () => {
    const invitation = await stage.cast.invite('ivy@acme.example');
    const ivy = stage.visitor();
    await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
    const alone = { organization: '', connection: stage.cast.acme.connectionName, prompt: 'none' };
    expect(answerOf(await ivy.open(alone))).toMatchObject({ error: 'login_required' });
  });
});

/** A connection that is made for an application, and that no organization enables. */
async function createLone(name: string, people: Parameters<typeof stage.cast.createPlace>[1]) {
  const { createPlace } = stage.cast;
  const place = await createPlace(`${name}-place`, people);
  const { options } = await stage.instance.api('GET', `/connections/${place.connectionId}`);
  const lone = await stage.instance.api('POST', '/connections', {
    name,
    strategy: place.strategy,
    options: options as Json,
  });
  await enableForApplication(lone.id as string);
  return { id: lone.id as string, alone: { organization: '', connection: name } };
}

const refreshOf = async (refreshToken: string) => {
  const response = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: stage.cast.client.id,
      client_secret: stage.cast.client.secret,
    }),
  });
  return [response.status, ((await response.json()) as Json).error_description];
};
const NEEDED = [403, 'parameter organization is required for this connection'];

describe('a company that was cut off', () => {
  const member = { sub: 'mo', email: 'mo@gone.example', email_verified: true };
  const stranger = { sub: 'mallory', email: 'mallory@gone.example', email_verified: true };

  test.each<[string, (place: Place) => Promise<unknown>]>([
    [
      'switched off by the customer or an operator',
      ({ id, connectionId }) =>
        stage.instance.api('PATCH', `/organizations/${id}/connections/${connectionId}`, { is_enabled: false }),
    ],
    [
      'taken from the organization',
      ({ id, connectionId }) =>
        stage.instance.api('DELETE', `/organizations/${id}/enabled_connections/${connectionId}`),
    ],
    ['organization deleted', ({ id }) => stage.instance.api('DELETE', `/organizations/${id}`)],
  ])('opens nothing for former members and strangers: %s', async (name, cutOff) => {
    const { instance } = stage;
    const place = await stage.cast.createPlace(`gone${name.length}`, { mo: member, mallory: stranger });
    await enableForApplication(place.connectionId);
    await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
    const mo = stage.visitor();
    const inside = { organization: place.id, connection: place.connectionName };
    const { refreshToken } = await mo.redeem(await mo.signInAtIdp(await mo.open(inside), 'mo'));
    const waiting = stage.visitor();
    const alone = { organization: '', connection: place.connectionName };
    const page = await waiting.open(alone);
    await cutOff(place);
    const before = await instance.snapshot();
    expect(answerOf(await mo.open({ ...alone, prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    for (const login of ['mo', 'mallory']) {
      const visitor = stage.visitor();
      const refused = await visitor.signInAtIdp(await visitor.open(alone), login);
      expect((await stage.refusal(refused)).details.code, login).toBe('admit.organization_needed');
    }
    expect((await stage.refusal(await waiting.signInAtIdp(page, 'mallory'))).details.code, 'who was away').toBe(
      'admit.organization_needed',
    );
    await expectNothingLeft(instance, before);
    expect((await refreshOf(refreshToken))[0], 'refresh').toBe(403);
  });
});

describe('a connection without an organization', () => {
  const lia = { sub: 'lone-lia', email: 'lia@lone.example', email_verified: true };

  test('goes on to bring in the accounts that it brought, until an organization enables it', async () => {
    const { api } = stage.instance;
    const { id, alone } = await createLone('lone', { lia });
    const visitor = stage.visitor();
    const { claims, refreshToken } = await visitor.redeem(await visitor.signInAtIdp(await visitor.open(alone), 'lia'));
    expect(claims).toMatchObject({ sub: 'oidc|lone|lone-lia' });
    const kept = await visitor.redeem(await visitor.open({ ...alone, prompt: 'none' }));
    const code = await visitor.open({ ...alone, prompt: 'none' });
    expect(answerOf(code)).toHaveProperty('code');
    const path = `/organizations/${stage.cast.acme.id}/enabled_connections`;
    await api('POST', path, { connection_id: id });
    expect(await refreshOf(refreshToken)).toEqual(NEEDED);
    await api('DELETE', `${path}/${id}`);
    expect(await refreshOf(refreshToken), 'cut off again').toEqual(NEEDED);
    await expect(visitor.redeem(code), 'a code from before').rejects.toThrow(
      'parameter organization is required for this connection',
    );
    expect(answerOf(await visitor.open({ ...alone, prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    await api('PATCH', `/connections/${id}`, { needs_organization: false });
    expect(answerOf(await visitor.open({ ...alone, prompt: 'none' })), 'the operator said so').toHaveProperty('code');
    expect((await refreshOf(kept.refreshToken))[0]).toBe(200);
  });
});
