/** post-user-registration and post-change-password: told of everything that was committed, of nothing else, and told even if a node dies. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ActionListener, reportTo, startActionListener } from '../support/action-listener.js';
import { setOrder, useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import { createTestDatabase, diffSnapshots } from '../support/database.js';
import { type Json, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
let listener: ActionListener;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  listener = await startActionListener();
});
afterAll(() => listener.stop());
beforeEach(() => {
  listener.heard.length = 0;
  listener.onReport = () => {};
});
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
  await setOrder(stage.instance, 'after_actions');
});

const HANDLERS = {
  'post-user-registration': 'onExecutePostUserRegistration',
  'post-change-password': 'onExecutePostChangePassword',
} as const;

async function report(trigger: keyof typeof HANDLERS, body = reportTo(listener)): Promise<void> {
  const code = `exports.${HANDLERS[trigger]} = async (event, api) => {\n${body}\n};`;
  removals.push(await useActions(stage.instance, trigger, { name: `report ${trigger}`, code }));
}

async function use(trigger: 'post-login' | 'pre-user-registration', code: string): Promise<void> {
  removals.push(await useActions(stage.instance, trigger, { name: trigger, code }));
}

async function signUp(email: string) {
  const invitation = await stage.cast.invite(email, { connectionId: stage.cast.databaseId });
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const page = await visitor.accept(invitation);
  return { visitor, before, visit: await visitor.browser.submit(page, { password: PASSWORD, name: 'Nora New' }) };
}

const jobs = async () => (await stage.instance.database.pool.query('select * from action_jobs')).rows;

describe('post-user-registration', () => {
  test.each(['after_actions', 'before_actions'] as const)('a sign-up is told once, %s', async (order) => {
    await report('post-user-registration');
    await use(
      'pre-user-registration',
      "exports.onExecutePreUserRegistration = async (event, api) => { api.user.setUserMetadata('from', 'mail'); };",
    );
    await use(
      'post-login',
      "exports.onExecutePostLogin = async (event, api) => { api.user.setAppMetadata('seen', true); };",
    );
    await setOrder(stage.instance, order);
    const email = `nora-${order.slice(0, 5)}@plain.example`;
    const { visitor, visit } = await signUp(email);
    const { claims } = await visitor.redeem(visit);
    const [event] = await listener.wait(1);
    expect(event).toMatchObject({
      client: { client_id: stage.cast.client.id },
      connection: { id: stage.cast.databaseId, strategy: 'auth0' },
      request: { user_agent: 'HttpBrowser/1', hostname: new URL(stage.instance.origin).host },
      transaction: { protocol: 'oidc-basic-profile' },
      user: { user_id: claims.sub, email, email_verified: true, name: 'Nora New', user_metadata: { from: 'mail' } },
    });
    // The metadata at the commit that opens the account: in the usual order post-login comes before it.
    expect((event?.user as Json | undefined)?.app_metadata).toEqual(order === 'after_actions' ? { seen: true } : {});
    expect(event).not.toHaveProperty('organization');
    await expect.poll(jobs).toEqual([]);
    await stage.visitor().withPassword(email);
    expect(listener.heard, 'a later login is no registration').toHaveLength(1);
  });

  test('an account that an administrator opens is told as well', async () => {
    await report('post-user-registration');
    const userId = await stage.cast.createUser('opened@plain.example', { verified: false });
    const [event] = await listener.wait(1);
    expect(event).toMatchObject({
      connection: { id: stage.cast.databaseId, name: 'Username-Password-Authentication' },
      user: { user_id: userId, email: 'opened@plain.example', email_verified: false },
    });
    for (const absent of ['request', 'transaction', 'client']) expect(event).not.toHaveProperty(absent);
  });

  test('a first login through an IdP is none (own database alone, as on Auth0)', async () => {
    await report('post-user-registration');
    const invitation = await stage.cast.invite('ivy@acme.example');
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'ivy'));
    expect(await jobs()).toEqual([]);
  });

  test('a sign-up that is refused is told to nobody, and nothing is left', async () => {
    await report('post-user-registration');
    await use('post-login', "exports.onExecutePostLogin = async (event, api) => { api.access.deny('not yet'); };");
    const { before } = await signUp('refused@plain.example');
    await expectNothingLeft(stage.instance, before, 'secret');
    expect(listener.heard).toEqual([]);
  });

  test('a user that already exists: the write that fails takes the work with it', async () => {
    await stage.cast.createUser('twice@plain.example');
    await report('post-user-registration');
    const before = await stage.instance.snapshot();
    await stage.instance.api(
      'POST',
      '/users',
      { connection: 'Username-Password-Authentication', email: 'twice@plain.example', password: PASSWORD },
      409,
    );
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test('nothing bound: no row, ever', async () => {
    await stage.instance.database.pool.query(
      `create function no_jobs() returns trigger language plpgsql as $$ begin raise 'a row without need'; end $$;
       create trigger no_jobs before insert on action_jobs for each row execute function no_jobs()`,
    );
    const { visitor, visit } = await signUp('quiet@plain.example');
    await visitor.redeem(visit);
    await stage.cast.createUser('quiet2@plain.example');
    await stage.instance.database.pool.query('drop trigger no_jobs on action_jobs; drop function no_jobs()');
  });

  test('an Action that fails is one line of the log, and the account stays', async () => {
    await report('post-user-registration', "console.log('about to fail'); throw new Error('the CRM is down');");
    const userId = await stage.cast.createUser('kept@plain.example');
    const find = async () => (await stage.logs()).find((line) => line.type === 'actions_execution_failed');
    await expect.poll(find, { timeout: 10_000 }).toMatchObject({
      description: 'the CRM is down',
      user_id: userId,
      details: {
        trigger: 'post-user-registration',
        actions: [{ end: 'failed', results: [{ console: ['about to fail'], error: { message: 'the CRM is down' } }] }],
      },
    });
    await expect.poll(jobs).toEqual([]);
    await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`);
  });
});

describe('post-change-password', () => {
  const forgot = async (email: string) => {
    const visitor = stage.visitor();
    const password = await visitor.type(await visitor.open(), email, 'password');
    const page = await visitor.browser.visit(password.url.href.replace('/u/login/password', '/u/forgot-password'));
    await visitor.browser.submit(page, { username: email });
    const found = (await stage.instance.mail()).find(
      ({ mail }) => mail.to === email && mail.template === 'password_reset',
    );
    return { visitor, url: String(found?.mail.model.url) };
  };

  test('told when the owner has set a new one by the link in his mail', async () => {
    await report('post-change-password');
    const userId = await stage.cast.createMember('forgetful@plain.example', { verified: false });
    const { visitor, url } = await forgot('forgetful@plain.example');
    const page = await visitor.browser.visit(url);
    const weak = await visitor.browser.submit(page, { password: 'short' });
    expect(weak.status).toBe(400);
    expect(await jobs()).toEqual([]);
    const done = await visitor.browser.submit(page, { password: 'Another-horse-8-battery' });
    expect(wordsOf(done)).toMatch(/changed|new password/i);
    const [event] = await listener.wait(1);
    expect(event).toMatchObject({
      connection: { id: stage.cast.databaseId, name: 'Username-Password-Authentication', strategy: 'auth0' },
      request: { method: 'POST', user_agent: 'HttpBrowser/1', hostname: new URL(stage.instance.origin).host },
      user: { user_id: userId, email: 'forgetful@plain.example', email_verified: true },
    });
    expect(Date.parse(String((event?.user as Json | undefined)?.last_password_reset))).toBeGreaterThan(
      Date.now() - 60_000,
    );
    const again = await visitor.browser.submit(page, { password: 'Third-horse-9-battery' });
    expect(again.status, 'the link works once').toBe(400);
    expect(listener.heard).toHaveLength(1);
  });

  test('told when an administrator has set it, and not when he changed something else', async () => {
    const userId = await stage.cast.createMember('administered@plain.example');
    await report('post-change-password');
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { user_metadata: { a: 1 } });
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { password: 'Another-horse-8-battery' });
    const [event] = await listener.wait(1);
    expect(event).toMatchObject({
      user: { user_id: userId },
      request: { method: 'PATCH', hostname: new URL(stage.instance.origin).host },
    });
    await expect.poll(jobs).toEqual([]);
    expect(listener.heard).toHaveLength(1);
  });
});

test('kill -9 while an Action runs: its work is done by the next node', async () => {
  const database = await createTestDatabase();
  const keeper = await startInstance({ database });
  let server: ServerProcess | undefined;
  const start = () => startServerProcess({ databaseUrl: database.url, origin: keeper.origin });
  const call = async (path: string, body: Json, token?: string) => {
    const response = await fetch(`http://127.0.0.1:${server?.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Json;
  };
  try {
    await keeper.api('POST', '/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
    const code = `exports.onExecutePostUserRegistration = async (event) => {\n${reportTo(listener)}\n};`;
    await useActions(keeper, 'post-user-registration', { name: 'report', code });
    await keeper.server.close();
    server = await start();
    const { access_token } = await call('/oauth/token', {
      grant_type: 'client_credentials',
      client_id: MANAGEMENT_CLIENT.id,
      client_secret: MANAGEMENT_CLIENT.secret,
      audience: `${keeper.origin}/api/v2/`,
    });
    listener.onReport = () => new Promise(() => {});
    const user = { connection: 'Username-Password-Authentication', email: 'ivy@plain.example', password: PASSWORD };
    await call('/api/v2/users', user, String(access_token));
    await listener.wait(1);
    await server.kill();
    listener.onReport = () => {};
    const waiting = await database.pool.query('select attempts from action_jobs');
    expect(waiting.rows).toEqual([{ attempts: 1 }]);
    // The lease of the killed server expires.
    await database.pool.query("update action_jobs set next_attempt_at = now() - interval '1 second'");
    server = await start();
    await listener.wait(2);
    await expect.poll(async () => (await database.pool.query('select 1 from action_jobs')).rows).toEqual([]);
    expect(listener.heard.map((event) => (event.user as Json).email)).toEqual([user.email, user.email]);
  } finally {
    await server?.stop();
    await database.drop();
  }
}, 120_000);
