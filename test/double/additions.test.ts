/** The double has none of this server's additions to Auth0's API: they are refused as Auth0 refuses an unknown property or path. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

describe('additions at the double', () => {
  const stage = useStage({ profile: 'auth0' });
  let member: string;
  beforeAll(async () => {
    member = await stage.cast.createMember('dana@acme.example');
  });

  const refused = async (method: string, path: string, body: unknown, status: number) =>
    (await stage.instance.api(method, path, body, status)) as { message: string; errorCode?: string };

  const acme = () => `/organizations/${stage.cast.acme.id}`;
  const enabled = () => `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`;

  test.each([
    ['link_existing_members', () => ['PATCH', enabled(), { link_existing_members: 'never' }]],
    ['sso_rollout', () => ['PATCH', enabled(), { sso_rollout: 'required' }]],
    ['auto_membership_condition', () => ['PATCH', enabled(), { auto_membership_condition: 'true' }]],
    ['pilot_emails', () => ['PATCH', enabled(), { pilot_emails: ['dana@acme.example'] }]],
    ['membership_evaluation', () => ['PATCH', '/tenants/settings', { membership_evaluation: 'after_actions' }]],
    ['refusals', () => ['PATCH', `/clients/${stage.cast.client.id}`, { refusals: 'page' }]],
    ['blocked', () => ['PATCH', acme(), { blocked: true }]],
    [
      'expected_email',
      () => [
        'POST',
        `/users/${encodeURIComponent(member)}/identities`,
        { provider: 'oidc', connection_id: stage.cast.acme.connectionId, expected_email: 'dana@acme.example' },
      ],
    ],
  ] as [string, () => [string, string, Json]][])('case=the property %s is refused', async (name, request) => {
    const answer = await refused(...request(), 400);
    expect(answer).toMatchObject({ errorCode: 'invalid_body' });
    expect(answer.message).toBe(`Payload validation error: 'Additional properties not allowed: ${name}'.`);
  });

  test('case=the trigger organization-admission is refused', async () => {
    const action = {
      name: 'admission',
      supported_triggers: [{ id: 'organization-admission', version: 'v1' }],
      code: 'exports.onExecuteOrganizationAdmission = async () => {};',
    };
    expect((await refused('POST', '/actions/actions', action, 400)).message).toContain('organization-admission');
    await refused('GET', '/actions/triggers/organization-admission/bindings', undefined, 404);
    const { triggers } = await stage.instance.api<{ triggers: { id: string }[] }>('GET', '/actions/triggers');
    expect(triggers.map(({ id }) => id)).not.toContain('organization-admission');
  });

  test.each([
    ['explain', () => ['POST', `${acme()}/explain`, { email: 'dana@acme.example' }]],
    ['break_glass', () => ['PATCH', `${acme()}/members/${encodeURIComponent(member)}`, { break_glass: true }]],
    [
      'former identities',
      () => [
        'POST',
        `/connections/${stage.cast.acme.connectionId}/former-identities`,
        { former_issuer: 'https://old.example', expect_by: 'email' },
      ],
    ],
    ['the OpenAPI document', () => ['GET', '/openapi.json', undefined]],
  ] as [string, () => [string, string, unknown]][])('case=the path of %s is not there', async (_name, request) => {
    expect(await refused(...request(), 404)).toMatchObject({ statusCode: 404, message: 'Not Found' });
  });

  test('case=an identity that does not exist cannot be linked', async () => {
    const { connectionId } = stage.cast.acme;
    const body = { provider: 'oidc', user_id: 'idp-nobody', connection_id: connectionId };
    const answer = await refused('POST', `/users/${encodeURIComponent(member)}/identities`, body, 400);
    expect(answer.message).toBe('Linking an inexistent identity is not allowed.');
  });

  test('case=users of a company cannot be created', async () => {
    const body = { connection: 'acme-oidc', email: 'new@acme.example' };
    expect((await refused('POST', '/users', body, 400)).message).toBe(
      'Connection does not support user creation through the API. It must either be a database or passwordless connection',
    );
  });

  test('case=answers show none of them', async () => {
    const { api } = stage.instance;
    expect(await api('GET', '/tenants/settings')).not.toHaveProperty('membership_evaluation');
    const connection = await api('POST', '/connections?check_discovery=true', {
      name: 'unreachable',
      strategy: 'oidc',
      options: { type: 'back_channel', issuer: 'https://127.0.0.1:1', client_id: 'x', client_secret: 'y' },
    });
    expect(connection).not.toHaveProperty('discovery');
    const { id, mailed } = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await visitor.browser.request(`${stage.instance.origin}/u/invitation/open?invitation=${mailed}`);
    await visitor.open();
    const invitation = await api('GET', `${acme()}/invitations/${id}`);
    for (const name of ['opened', 'came_without']) expect(invitation).not.toHaveProperty(name);
  });

  test('case=a refused login: no reference for the application, neither trace nor number in the log', async () => {
    const answer = answerOf(await stage.visitor().throughSso('sam', 'sam@acme.example'));
    expect(answer.error).toBe('access_denied');
    expect(answer.error_description).toContain('is not part of the');
    expect(answer).not.toHaveProperty('error_reference');
    const [line] = await stage.logs();
    expect(line).toMatchObject({ type: 'f', details: {} });
    expect(Object.keys(line?.details ?? { none: 1 })).toEqual([]);
  });

  test('case=a refused token request has no reference', async () => {
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'nobody', refresh_token: 'x' });
    const response = await fetch(`${stage.instance.origin}/oauth/token`, { method: 'POST', body });
    const answer = (await response.json()) as Json;
    expect(answer).toHaveProperty('error');
    expect(answer).not.toHaveProperty('error_reference');
  });
});
