/**
 * Attack: an operator is led into a customer's application as an operator, or that application offers the operators' organization to somebody.
 * Only an application that may have people's tokens of the Management API knows that organization (ADR 0062); to every other one it is not there.
 */
import { beforeAll, expect, test } from 'vitest';
import { CALLBACK, PASSWORD } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { createOperatorRig, type OperatorRig } from '../support/operators.js';
import { answerOf, sameForAll, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
});
const NAME = 'vestibule-operators';
const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);

let rig: OperatorRig;
/** A member of Acme, and an owner by the same account; so is Dana at Acme's identity provider. */
const OLGA = 'olga@acme.example';
beforeAll(async () => {
  rig = await createOperatorRig(stage.instance);
  const { acme, databaseId } = stage.cast;
  const operators = `/organizations/${rig.rows.organizationId}`;
  for (const connection_id of [databaseId, acme.connectionId])
    await api('POST', `${operators}/enabled_connections`, { connection_id, assign_membership_on_login: false });
  const userId = await stage.cast.createMember(OLGA);
  await api('POST', `${operators}/members`, { members: [userId] });
  await api('POST', `${operators}/members/${userId}/roles`, { roles: [rig.rows.roleIds.owner] });
  await api('PATCH', '/tenants/settings', { allow_organization_name_in_authentication_api: true });
});

test('named by its id or its name, it is an organization that does not exist', async () => {
  const { organizationId } = rig.rows;
  for (const [real, other] of [
    [organizationId, 'org_AAAAAAAAAAAAAAAA'],
    [NAME, 'no-such-organization'],
    [NAME.toUpperCase(), 'NO-SUCH-ORGANIZATION'],
  ] as const) {
    const answer = await stage.visitor().open({ organization: real });
    const known = await stage.visitor().open({ organization: other });
    expect([answer.status, wordsOf(answer)], real).toEqual([known.status, wordsOf(known)]);
    expect({ ...answerOf(answer), error_reference: '' }).toEqual({ ...answerOf(known), error_reference: '' });
    expect(answerOf(answer)).toMatchObject({ error: 'invalid_request' });
  }
});

test('a session of an operator does not open it, without a window either', async () => {
  const visitor = stage.visitor();
  answerOf(await visitor.withPassword(OLGA));
  for (const prompt of ['', 'none', 'login'])
    expect(answerOf(await visitor.open({ organization: rig.rows.organizationId, prompt }))).toMatchObject({
      error: 'invalid_request',
    });
});

test('an invitation of operators opens nothing there', async () => {
  const invitation = await api('POST', `/organizations/${rig.rows.organizationId}/invitations`, {
    inviter: { name: 'Olga' },
    invitee: { email: 'ivan@acme.example' },
    client_id: stage.cast.client.id,
    roles: [rig.rows.roleIds.owner],
    send_invitation_email: false,
  });
  const ticket = String(new URL(String(invitation.invitation_url)).searchParams.get('invitation'));
  const answer = await stage.visitor().open({ invitation: ticket, organization: rig.rows.organizationId });
  expect(answerOf(answer)).toMatchObject({ error: 'invalid_request' });
});

test('nobody is asked to choose it: with one organization of a customer beside it, there is nothing to choose', async () => {
  const visitor = stage.visitor();
  const answer = await visitor.withPassword(OLGA, PASSWORD, { organization: '' });
  const { claims } = await visitor.redeem(answer);
  expect(claims.org_id).toBe(stage.cast.acme.id);
});

test('a person whose only organization it is finds none there', async () => {
  const userId = await stage.cast.createUser('omar@acme.example');
  await api('POST', `/organizations/${rig.rows.organizationId}/members`, { members: [userId] });
  const page = await stage.visitor().withPassword('omar@acme.example', PASSWORD, { organization: '' });
  const stranger = 'nora@acme.example';
  await stage.cast.createUser(stranger);
  const other = await stage.visitor().withPassword(stranger, PASSWORD, { organization: '' });
  expect(page.url.searchParams.get('code')).toBeNull();
  expect(sameForAll(page, 'omar@acme.example')).toBe(sameForAll(other, stranger));
  expect(wordsOf(page)).not.toContain('Operators');
});

test('the prompt before the sign-in does not find it, by its name or a domain of it', async () => {
  await api('POST', `/organizations/${rig.rows.organizationId}/discovery-domains`, {
    domain: 'vestibule.example',
    status: 'verified',
  });
  const { id } = stage.cast.client;
  await api('PATCH', `/clients/${id}`, {
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
  });
  for (const organization of [NAME, 'olga@vestibule.example', rig.rows.organizationId]) {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: '' });
    const answer = await visitor.browser.submit(page, { organization });
    expect([answer.status, answer.url.pathname], organization).toEqual([400, '/u/organization']);
  }
  await api('PATCH', `/clients/${id}`, {
    organization_usage: 'allow',
    organization_require_behavior: 'post_login_prompt',
  });
});

test('an address leads to no connection that operators alone use', async () => {
  const own = await stage.cast.createPlace('corp', {}, { domain: 'corp.example' });
  // The domain is proved by none, so that any organization with the connection would do.
  const { domains } = await api<{ domains: Json[] }>('GET', `/organizations/${own.id}/discovery-domains`);
  expect(domains).toHaveLength(1);
  for (const { id } of domains) await api('DELETE', `/organizations/${own.id}/discovery-domains/${id}`);
  await api('POST', `/organizations/${rig.rows.organizationId}/enabled_connections`, {
    connection_id: own.connectionId,
    assign_membership_on_login: false,
  });
  const ask = async () => {
    const visitor = stage.visitor();
    return visitor.type(await visitor.open({ organization: '' }), 'olga@corp.example');
  };
  expect((await ask()).url.origin).toBe(own.signInOrigin);
  await api('DELETE', `/organizations/${own.id}/enabled_connections/${own.connectionId}`);
  expect((await ask()).url.origin).toBe(stage.instance.origin);
});

test('the console goes on, and so does an application with a grant for people', async () => {
  const [email, options] = [OLGA, { clientId: stage.cast.client.id, redirectUri: CALLBACK }];
  expect((await (await rig.signIn(email)).call('GET', '/clients')).status).toBe(200);
  const audience = `${stage.instance.origin}/api/v2/`;
  await api('POST', '/client-grants', {
    client_id: options.clientId,
    audience,
    scope: ['read:clients'],
    subject_type: 'user',
  });
  const visitor = stage.visitor();
  const { claims } = await visitor.redeem(
    await visitor.withPassword(email, PASSWORD, { organization: rig.rows.organizationId, audience }),
  );
  expect(claims.org_id).toBe(rig.rows.organizationId);
});
