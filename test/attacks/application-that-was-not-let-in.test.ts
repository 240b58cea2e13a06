/**
 * Attack: a member enters an organization that limits its applications through another application of the tenant: by a password, the
 * company, the session of the browser, the picker, an invitation, a refresh token, or a code that was given before the application was
 * removed. Each is refused, and nothing is left.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft, type Involved } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({
  clientFields: {
    organization_usage: 'allow',
    organization_require_behavior: 'post_login_prompt',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  },
});
const DANA = 'dana@acme.example';
const NOWHERE_YET = { organization: '' };
let beta: Place;

const api = (method: string, path: string, body?: unknown) => stage.instance.api<Json>(method, path, body);
const acme = () => `/organizations/${stage.cast.acme.id}`;
const limit = (on: boolean) => api('PATCH', acme(), { is_app_entitlement_active: on });
const letIn = (forMembers: boolean) =>
  api('POST', `${acme()}/clients`, {
    clients: [{ client_id: stage.cast.client.id, use_for_member_access: forMembers }],
  });
const shutOut = () => api('DELETE', `${acme()}/clients`, { clients: [stage.cast.client.id] });

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  const { connectionId } = stage.cast.acme;
  await api('POST', `/organizations/${beta.id}/enabled_connections`, { connection_id: connectionId });
  await api('PATCH', `/connections/${connectionId}/clients`, [{ client_id: stage.cast.client.id, status: true }]);
  const dana = await stage.cast.createMember(DANA);
  const first = stage.visitor();
  await first.redeem(await first.throughSso('dana', DANA));
  await api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
  await stage.cast.createMember('olga@plain.example');
});
afterEach(async () => {
  await limit(false);
  await shutOut();
});

async function expectRefused(walk: () => Promise<Visit>, involved: Involved = 'identity'): Promise<void> {
  const before = await stage.instance.snapshot();
  const answer = await walk();
  const { details } = await stage.refusal(answer);
  expect(details.code).toBe('identify.application_not_entitled');
  expect(answerOf(answer)).toMatchObject({
    error: 'access_denied',
    error_description: 'the client is not enabled for the organization',
  });
  await expectNothingLeft(stage.instance, before, involved);
}

/** Somebody who has signed in, so that the browser has a session. */
async function signedIn(): Promise<{ visitor: Visitor; refreshToken: string }> {
  const visitor = stage.visitor();
  const { refreshToken } = await visitor.redeem(await visitor.throughSso('dana', DANA));
  return { visitor, refreshToken };
}

async function askForToken(parameters: Record<string, string>): Promise<Json> {
  const { client, instance } = stage.cast;
  const secret = { client_id: client.id, client_secret: client.secret };
  const body = new URLSearchParams({ ...secret, ...parameters });
  return (await fetch(`${instance.origin}/oauth/token`, { method: 'POST', body })).json() as Promise<Json>;
}

describe.each([
  ['is not in the list', async () => {}],
  ['is in the list, and not for members', () => letIn(false)],
])('an application that %s', (_name, arrange) => {
  test('gets nobody, at its first request', async () => {
    await arrange();
    await limit(true);
    await expectRefused(() => stage.visitor().open());
    await expectRefused(() => stage.visitor().open({ login_hint: DANA, connection: stage.cast.acme.connectionName }));
  });

  test('gets nobody by the session of the browser, silently or not', async () => {
    await arrange();
    const { visitor } = await signedIn();
    await limit(true);
    await expectRefused(() => visitor.open({ prompt: 'none' }));
    await expectRefused(() => visitor.open());
  });

  test('gets nobody by an invitation, which stays open', async () => {
    await arrange();
    const invitation = await stage.cast.invite('nina@acme.example');
    await limit(true);
    await expectRefused(() => stage.visitor().accept(invitation));
    await limit(false);
    expect((await stage.visitor().open({ invitation: invitation.mailed })).status).toBe(200);
  });

  test('gets nobody who was under way at the company, or at the password', async () => {
    await arrange();
    const [byCompany, byPassword] = [stage.visitor(), stage.visitor()];
    const atIdp = await byCompany.type(await byCompany.open(), DANA);
    const atPassword = await byPassword.type(await byPassword.open(), 'olga@plain.example', 'password');
    await limit(true);
    await expectRefused(() => byCompany.signInAtIdp(atIdp, 'dana'));
    await expectRefused(() => byPassword.browser.submit(atPassword, { password: PASSWORD }), 'secret');
  });

  test('is not offered the organization at the picker, and is refused it there', async () => {
    await arrange();
    const before = await stage.visitor().withPassword(DANA, undefined, NOWHERE_YET);
    expect(wordsOf(before)).toContain('Acme');
    await limit(true);
    // One organization is left, and the person has nothing to choose.
    const visitor = stage.visitor();
    const answer = await visitor.withPassword(DANA, undefined, NOWHERE_YET);
    expect((await visitor.redeem(answer)).claims.org_id).toBe(beta.id);
    await limit(false);
    const late = stage.visitor();
    const picker = await late.withPassword(DANA, undefined, NOWHERE_YET);
    await limit(true);
    const unchanged = await stage.instance.snapshot();
    const again = await late.browser.submit(picker, { organization: stage.cast.acme.id });
    expect(again.url.pathname).toBe('/u/organization-picker');
    await expectNothingLeft(stage.instance, unchanged);
  });

  test('gets no new token for a refresh token or a code of before', async () => {
    await arrange();
    const { refreshToken } = await signedIn();
    const visitor = stage.visitor();
    const withCode = await visitor.throughSso('dana', DANA);
    await limit(true);
    const description = 'the client is not enabled for the organization';
    const refreshed = await askForToken({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed).toMatchObject({ error: 'invalid_grant', error_description: description });
    await expect(visitor.redeem(withCode)).rejects.toThrow(description);
    await limit(false);
    const again = await askForToken({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(again).toHaveProperty('access_token');
  });

  test('has no link for a new password mailed for the organization', async () => {
    await arrange();
    await limit(true);
    const before = await stage.instance.snapshot();
    const answer = await fetch(`${stage.instance.origin}/dbconnections/change_password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: stage.cast.client.id,
        email: 'olga@plain.example',
        connection: 'Username-Password-Authentication',
        organization: stage.cast.acme.id,
      }),
    });
    expect(await answer.text()).toContain('not enabled for this organization');
    await expectNothingLeft(stage.instance, before);
  });
});

describe('an application that is let in', () => {
  test('gets members in every one of these ways, and loses them when it is removed', async () => {
    await letIn(true);
    await limit(true);
    const { visitor, refreshToken } = await signedIn();
    expect((await visitor.redeem(await visitor.open({ prompt: 'none' }))).claims.org_id).toBe(stage.cast.acme.id);
    const refreshed = await askForToken({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed).toHaveProperty('access_token');
    const invitation = await stage.cast.invite('nina@acme.example');
    expect((await stage.visitor().open({ invitation: invitation.mailed })).status).toBe(200);
    await shutOut();
    await expectRefused(() => visitor.open({ prompt: 'none' }));
  });

  test('a login at the company outlives a change that lets another application in', async () => {
    await letIn(true);
    await limit(true);
    const visitor = stage.visitor();
    const atIdp = await visitor.type(await visitor.open(), DANA);
    const other = await api('POST', '/clients', { name: 'Other' });
    await api('POST', `${acme()}/clients`, { clients: [{ client_id: other.client_id, use_for_member_access: true }] });
    await visitor.redeem(await visitor.signInAtIdp(atIdp, 'dana'));
  });
});

test('machines are let in by their client grants, whether the application is for members or not', async () => {
  const audience = 'urn:machines';
  await api('POST', '/resource-servers', { identifier: audience, scopes: [{ value: 'read' }] });
  const grant = { client_id: stage.cast.client.id, audience, scope: ['read'], organization_usage: 'allow' };
  const { id } = await api('POST', '/client-grants', grant);
  const ask = () =>
    askForToken({ grant_type: 'client_credentials', audience, organization: stage.cast.acme.id, scope: 'read' });
  await letIn(true);
  await limit(true);
  expect(await ask()).toMatchObject({ error: 'access_denied' });
  await shutOut();
  await api('POST', `${acme()}/client-grants`, { grant_id: id });
  expect(await ask()).toHaveProperty('access_token');
});
