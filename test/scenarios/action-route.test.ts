/** login-post-identifier: the tenant's code sends an address where home realm discovery would not, and nowhere that the login cannot go. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow' },
  environment: { VESTIBULE_ACTIONS_TIMEOUT: '3' },
});
let remove: (() => Promise<void>) | undefined;
afterEach(async () => {
  await remove?.();
  remove = undefined;
});

const use = async (body: string) => {
  const code = `exports.onExecutePostIdentifier = async (event, api) => {\n${body}\n};`;
  remove = await useActions(stage.instance, 'login-post-identifier', { name: 'route', code });
};
const database = () => stage.instance.api('GET', `/connections/${stage.cast.databaseId}`);
const pathOf = (visit: Visit) => visit.url.pathname;

/** Types an address at the application, without JavaScript, and gives the page that it leads to. */
async function typed(email: string, parameters: Record<string, string> = {}, action = 'default') {
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open(parameters), email, action);
  return { visitor, page };
}

beforeAll(async () => {
  await stage.cast.createMember('contractor@acme.example');
});

describe('where a typed address goes', () => {
  test('the exception that home realm discovery lacks: one address of the domain has a password', async () => {
    const { name } = await database();
    await use(
      `if (event.authentication.identifier.value === 'contractor@acme.example') api.authentication.setConnectionByName(${JSON.stringify(name)});`,
    );
    const { visitor, page } = await typed('contractor@acme.example');
    expect(pathOf(page)).toBe('/u/login/password');
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    expect(claims).toMatchObject({ email: 'contractor@acme.example', org_id: stage.cast.acme.id });
    const others = await typed('dana@acme.example');
    expect(others.page.url.origin, 'everybody else goes to the IdP').toBe(stage.cast.idp.issuer);
  });

  test('an address without a home goes to the IdP', async () => {
    await use(`api.authentication.setConnectionByName(${JSON.stringify(stage.cast.acme.connectionName)});`);
    const { page } = await typed('somebody@plain.example');
    expect(page.url.origin).toBe(stage.cast.idp.issuer);
  });

  test('the event tells of the request, and of no account', async () => {
    await use('api.access.deny(JSON.stringify(event));');
    const { page } = await typed(' Contractor@ACME.example ', { login_hint: 'someone@else.example' });
    const event = JSON.parse(answerOf(page).error_description ?? '');
    expect(event).toMatchObject({
      authentication: { identifier: { type: 'email', value: 'contractor@acme.example' } },
      client: { client_id: stage.cast.client.id },
      initial_organization: { id: stage.cast.acme.id, name: stage.cast.acme.name },
      organization: { id: stage.cast.acme.id },
      request: { query: { login_hint: 'someone@else.example' }, hostname: new URL(stage.instance.origin).host },
      transaction: { protocol: 'oidc-basic-profile', login_hint: 'someone@else.example' },
    });
    expect(event).not.toHaveProperty('user');
  });

  test('the organization that was named at the prompt is the initial one as well', async () => {
    await use('api.access.deny(JSON.stringify(event));');
    const initial = { id: stage.cast.acme.id, name: stage.cast.acme.name };
    const eventOf = (page: Visit) => JSON.parse(answerOf(page).error_description ?? '');
    const { client, acme } = stage.cast;
    const behave = (behavior: string) =>
      stage.instance.api('PATCH', `/clients/${client.id}`, { organization_require_behavior: behavior });
    await behave('pre_login_prompt');
    const visitor = stage.visitor();
    const page = await visitor.browser.submit(await visitor.open({ organization: '' }), { organization: acme.name });
    await behave('no_prompt');
    expect(eventOf(await visitor.type(page, 'guest@plain.example'))).toMatchObject({ initial_organization: initial });
  });

  test('not asked where the request or the invitation has named the connection', async () => {
    await use("api.access.deny('asked');");
    const { name } = await database();
    const named = await typed('contractor@acme.example', { connection: String(name) });
    expect(pathOf(named.page)).toBe('/u/login/password');
    const invitation = await stage.cast.invite('new@plain.example', { connectionId: stage.cast.databaseId });
    const page = await stage.visitor().accept(invitation);
    expect(pathOf(page)).toBe('/u/signup');
    expect(answerOf((await typed('contractor@acme.example')).page).error_description).toBe('asked');
  });

  test('asked too when the person chose the password himself', async () => {
    await use("api.access.deny('asked');");
    const { page } = await typed('contractor@acme.example', {}, 'password');
    expect(answerOf(page).error_description).toBe('asked');
  });

  test('what is no address asks nobody', async () => {
    await use("api.access.deny('asked');");
    const { page } = await typed('no address');
    expect([page.status, pathOf(page)]).toEqual([400, '/u/login/identifier']);
  });
});

describe('an organization for an address', () => {
  const withoutOrganization = { organization: '' };

  test('by name: the login goes on in it, at its IdP', async () => {
    await use(
      `if (event.authentication.identifier.value.endsWith('@acme.example')) api.authentication.setOrganization(${JSON.stringify(stage.cast.acme.name)});`,
    );
    const { visitor, page } = await typed('dana@acme.example', withoutOrganization);
    expect(page.url.origin).toBe(stage.cast.idp.issuer);
    await stage.cast.createMember('dana@acme.example');
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, 'dana'));
    expect(claims.org_id).toBe(stage.cast.acme.id);
  });

  test('by id, with a connection of it', async () => {
    const { name } = await database();
    await use(`api.authentication.setOrganization(${JSON.stringify(stage.cast.acme.id)});
      api.authentication.setConnectionByName(${JSON.stringify(name)});`);
    const { visitor, page } = await typed('contractor@acme.example', withoutOrganization);
    expect(pathOf(page)).toBe('/u/login/password');
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    expect(claims.org_id).toBe(stage.cast.acme.id);
  });

  test('another address typed in the same transaction is not left in the first one’s organization', async () => {
    const { name } = await database();
    await use(`if (event.organization) throw new Error('left over: ' + event.organization.name);
      if (!event.authentication.identifier.value.startsWith('contractor')) return;
      api.authentication.setOrganization(${JSON.stringify(stage.cast.acme.id)});
      api.authentication.setConnectionByName(${JSON.stringify(name)});`);
    const { visitor, page } = await typed('contractor@acme.example', withoutOrganization);
    const back = await visitor.browser.visit(page.url.href.replace('/u/login/password', '/u/login/identifier'));
    const second = await visitor.type(back, 'somebody@plain.example');
    expect(wordsOf(second)).not.toContain('left over');
    expect(second.status).not.toBe(0);
  });

  test('attack: a picker that was shown before does not replace it', async () => {
    const { acme, client } = stage.cast;
    const user = await stage.cast.createMember('two@plain.example');
    const other = await stage.cast.createPlace('other', {});
    await stage.instance.api('POST', `/organizations/${other.id}/members`, { members: [user] });
    const prompt = (organization_require_behavior: string) =>
      stage.instance.api('PATCH', `/clients/${client.id}`, { organization_require_behavior });
    await prompt('post_login_prompt');
    try {
      const { visitor, page } = await typed('two@plain.example', withoutOrganization, 'password');
      const picker = await visitor.browser.submit(page, { password: PASSWORD });
      expect(pathOf(picker)).toBe('/u/organization-picker');
      await use(`api.authentication.setOrganization(${JSON.stringify(acme.id)});`);
      const back = picker.url.href.replace('/u/organization-picker', '/u/login/identifier');
      await visitor.type(await visitor.browser.visit(back), 'two@plain.example');
      const next = await visitor.browser.submit(picker, { organization: other.id });
      expect([next.url.origin, pathOf(next)]).toEqual([stage.instance.origin, '/u/login/identifier']);
    } finally {
      await prompt('no_prompt');
    }
  });
});

describe('the line of the login that follows', () => {
  const ran = { trigger: 'login-post-identifier', end: 'done', results: [{ name: 'route', console: [] }] };
  const body = (name: unknown) =>
    `console.log('seen'); if (event.authentication.identifier.value === 'contractor@acme.example')
      api.authentication.setConnectionByName(${JSON.stringify(name)});`;
  const lineOf = async (userId: unknown) =>
    (await stage.logs()).find((line) => line.type === 's' && line.user_id === userId);

  test('says what ran for the address, and the executions endpoint shows it', async () => {
    await use(body((await database()).name));
    const { visitor, page } = await typed('contractor@acme.example');
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    const line = await lineOf(claims.sub);
    expect(line?.details.actions).toMatchObject([ran]);
    const execution = await stage.instance.api('GET', `/actions/executions/${line?.log_id}`);
    expect(execution).toMatchObject({ trigger_id: 'login-post-identifier', results: [{ action_name: 'route' }] });
  });

  test('of addresses that were typed one after the other, for the last three', async () => {
    await use(body((await database()).name));
    const { visitor, page } = await typed('contractor@acme.example');
    const identifier = page.url.href.replace('/u/login/password', '/u/login/identifier');
    let last = page;
    for (let turn = 0; turn < 4; turn += 1)
      last = await visitor.type(await visitor.browser.visit(identifier), 'contractor@acme.example');
    const { claims } = await visitor.redeem(await visitor.browser.submit(last, { password: PASSWORD }));
    expect((await lineOf(claims.sub))?.details.actions).toMatchObject([ran, ran, ran]);
  });

  test('where two tabs sign in at the same time, each has its own', async () => {
    await use(body((await database()).name));
    const first = await typed('contractor@acme.example');
    const visitor = stage.visitor(first.visitor.browser);
    const second = { visitor, page: await visitor.type(await visitor.open(), 'contractor@acme.example') };
    for (const tab of [first, second]) {
      const { claims } = await tab.visitor.redeem(await tab.visitor.browser.submit(tab.page, { password: PASSWORD }));
      expect((await lineOf(claims.sub))?.details.actions).toMatchObject([ran]);
    }
    const lines = (await stage.logs()).filter(({ type, details }) => type === 's' && details.actions !== undefined);
    expect(new Set(lines.map(({ details }) => details.transaction)).size).toBe(lines.length);
  });

  test('a refusal has it as well: at the IdP, and by a later Action', async () => {
    await use('');
    const { visitor, page } = await typed('stranger@acme.example');
    const refused = await stage.refusal(await visitor.signInAtIdp(page, 'ivy'));
    expect(refused.details.actions).toMatchObject([ran]);
  });

  test('a login that is too long for cookies has it as well', async () => {
    await use(body((await database()).name));
    const { visitor, page } = await typed('contractor@acme.example', {
      state: randomBytes(1_500).toString('base64url'),
    });
    const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD }));
    expect((await lineOf(claims.sub))?.details.actions).toMatchObject([ran]);
  });

  test('it is left out where the browser could not keep it, and the login goes on', async () => {
    const { name } = await database();
    const code = `exports.onExecutePostIdentifier = async (event, api) => { api.authentication.setConnectionByName(${JSON.stringify(name)}); };`;
    // As many as one trigger takes, with names that do not compress.
    const many = Array.from({ length: 20 }, () => ({ name: randomBytes(60).toString('hex'), code }));
    remove = await useActions(stage.instance, 'login-post-identifier', ...many);
    const { visitor, page } = await typed('contractor@acme.example');
    const identifier = await visitor.browser.visit(page.url.href.replace('/u/login/password', '/u/login/identifier'));
    const again = await visitor.type(identifier, 'contractor@acme.example');
    const { claims } = await visitor.redeem(await visitor.browser.submit(again, { password: PASSWORD }));
    expect((await lineOf(claims.sub))?.details).not.toHaveProperty('actions');
  });
});

describe('a no', () => {
  const no = async (email: string, parameters: Record<string, string> = {}) => {
    const before = await stage.instance.snapshot();
    const { page } = await typed(email, parameters);
    const line = await stage.refusal(page);
    await expectNothingLeft(stage.instance, before);
    return { page, line };
  };

  test('act.denied: the application hears the reason, the log says what ran', async () => {
    await use("console.log('seen'); api.access.deny('not from here');");
    const { page, line } = await no('contractor@acme.example');
    expect(answerOf(page)).toMatchObject({ error: 'access_denied', error_description: 'not from here' });
    expect(line.details).toMatchObject({
      code: 'act.denied',
      actions: [{ trigger: 'login-post-identifier', end: 'denied', results: [{ name: 'route', console: ['seen'] }] }],
    });
  });

  test('it is the same whether or not there is an account', async () => {
    await use("api.access.deny('not from here');");
    const known = answerOf((await typed('contractor@acme.example')).page);
    const unknown = answerOf((await typed('nobody@acme.example')).page);
    const { error_reference: _one, ...first } = known;
    const { error_reference: _two, ...second } = unknown;
    expect(first).toEqual(second);
  });

  test('act.failed: an exception lets nobody on', async () => {
    await use("throw new Error('directory is down');");
    const { page, line } = await no('contractor@acme.example');
    expect(answerOf(page)).toMatchObject({
      error: 'access_denied',
      error_description: 'an Action failed; the log has its error under the error_reference',
      error_reference: line.details.reference,
    });
    expect(line.details.code).toBe('act.failed');
    expect(line.description).toContain('directory is down');
  });

  test.each([
    ['a connection that does not exist', "api.authentication.setConnectionByName('nowhere');", {}, 'nowhere'],
    ['another organization than the request names', "api.authentication.setOrganization('beta');", {}, 'names another'],
    [
      'an organization that does not exist',
      "api.authentication.setOrganization('nowhere');",
      { organization: '' },
      'does not exist',
    ],
  ])('act.route: %s', async (_what, body, parameters, detail) => {
    await use(body);
    const { page, line } = await no('contractor@acme.example', parameters as Record<string, string>);
    expect(answerOf(page).error).toBe('access_denied');
    expect(line.details).toMatchObject({ code: 'act.route', detail: expect.stringContaining(detail) });
  });

  test('act.route: no organization for an application that may use none', async () => {
    const { client, acme } = stage.cast;
    await stage.instance.api('PATCH', `/clients/${client.id}`, { organization_usage: 'deny' });
    await use(`api.authentication.setOrganization(${JSON.stringify(acme.id)});`);
    const { line } = await no('contractor@acme.example', { organization: '' });
    expect(line.details).toMatchObject({ code: 'act.route', detail: expect.stringContaining('may not use') });
    await stage.instance.api('PATCH', `/clients/${client.id}`, { organization_usage: 'allow' });
  });
});
