/**
 * Attack: Mallory administers an organization whose identity provider asserts whatever she likes. An application that knows of
 * no organizations, or one that asked for a particular one, looks at the address in the ID token. She starts its login and
 * names her own organization at a page that this login never showed.
 */
import { beforeAll, expect, test } from 'vitest';
import { postTo } from '../support/attack-steps.js';
import { CALLBACK, PASSWORD, type Place } from '../support/cast.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let mallory: Place;

beforeAll(async () => {
  mallory = await stage.cast.createPlace(
    'mallory',
    { ceo: { sub: 'm1', email: 'ceo@target.example', email_verified: true } },
    { enabled: { assign_membership_on_login: true } },
  );
});

async function createClient(fields: Record<string, unknown>): Promise<string> {
  const client = await stage.instance.api('POST', '/clients', {
    name: 'Back office',
    app_type: 'regular_web',
    callbacks: [CALLBACK],
    grant_types: ['authorization_code'],
    ...fields,
  });
  const clients = [{ client_id: client.client_id, status: true }];
  await stage.instance.api('PATCH', `/connections/${stage.cast.databaseId}/clients`, clients);
  return client.client_id as string;
}

test.each([
  ['organization_usage: deny', { organization_usage: 'deny' }],
  ['no prompt', { organization_usage: 'allow', organization_require_behavior: 'no_prompt' }],
  ['prompt after the login', { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' }],
])('an organization does not get into a login of a client with %s', async (_name, fields) => {
  const clientId = await createClient(fields);
  const visitor = stage.visitor();
  const page = await visitor.open({ client_id: clientId, organization: '' });
  expect(page.url.pathname).toBe('/u/login/identifier');
  await postTo(visitor, page, '/u/organization', { organization: 'mallory' });
  const next = await postTo(visitor, page, '/u/login/identifier', {
    username: 'ceo@target.example',
    action: `connection:${mallory.connectionName}`,
  });
  expect(next.url.origin).toBe(stage.instance.origin);
});

test('the organization that the application asked for is not replaced', async () => {
  const clientId = await createClient({
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
  });
  const visitor = stage.visitor();
  const page = await visitor.open({ client_id: clientId });
  await postTo(visitor, page, '/u/organization', { organization: 'mallory' });
  const next = await postTo(visitor, page, '/u/login/identifier', {
    username: 'ceo@target.example',
    action: `connection:${mallory.connectionName}`,
  });
  expect(next.url.origin).toBe(stage.instance.origin);
});

test('a prompt that was shown still takes an organization, and another one after going back', async () => {
  const clientId = await createClient({
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
  });
  const visitor = stage.visitor();
  const prompt = await visitor.open({ client_id: clientId, organization: '' });
  expect(prompt.url.pathname).toBe('/u/organization');
  expect((await visitor.browser.submit(prompt, { organization: 'acme' })).url.pathname).toBe('/u/login/identifier');
  const page = await visitor.browser.submit(prompt, { organization: 'mallory' });
  const idp = await visitor.type(page, 'ceo@target.example', `connection:${mallory.connectionName}`);
  expect(answerOf(await visitor.signInAtIdp(idp, 'ceo'))).toHaveProperty('code');
});

test('a client that came to deny organizations meanwhile gets none', async () => {
  const clientId = await createClient({
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
  });
  const visitor = stage.visitor();
  const prompt = await visitor.open({ client_id: clientId, organization: '' });
  const page = await visitor.browser.submit(prompt, { organization: 'mallory' });
  const idp = await visitor.type(page, 'ceo@target.example', `connection:${mallory.connectionName}`);
  await stage.instance.api('PATCH', `/clients/${clientId}`, { organization_usage: 'deny' });
  expect(answerOf(await visitor.signInAtIdp(idp, 'ceo'))).toMatchObject({
    error_description: 'parameter organization is not allowed for this client',
  });
});

test('a client that does not let people choose any more takes no choice from a picker that was shown before', async () => {
  const user = await stage.cast.createMember('two@plain.example');
  await stage.instance.api('POST', `/organizations/${mallory.id}/members`, { members: [user] });
  const clientId = await createClient({
    organization_usage: 'require',
    organization_require_behavior: 'post_login_prompt',
  });
  const visitor = stage.visitor();
  const page = await visitor.type(
    await visitor.open({ client_id: clientId, organization: '' }),
    'two@plain.example',
    'password',
  );
  const picker = await visitor.browser.submit(page, { password: PASSWORD });
  expect(picker.url.pathname).toBe('/u/organization-picker');
  await stage.instance.api('PATCH', `/clients/${clientId}`, { organization_require_behavior: 'no_prompt' });
  const next = await visitor.browser.submit(picker, { organization: mallory.id });
  expect(next.url.pathname).toBe('/u/login/identifier');
});
