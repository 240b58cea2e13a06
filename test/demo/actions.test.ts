/**
 * The demo's three ways with a stranger. Without a server: what its page says of the code, and that the code is the examples'. With the
 * demo running: all three are played for real, twice, over plain http and without a script, and leave the tenant as they found it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOW_VERIFIED, CLEAN_UP, DENIES, PRINTED } from '../../demo/actions/code.js';
import { readOrder, setOrder, takeActionsAway, useAction } from '../../demo/actions/deploy.js';
import { findingsOf } from '../../demo/actions/page.js';
import { Operator } from '../../demo/operator.js';
import { exampleAction } from '../support/actions.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

describe('the code', () => {
  test('as printed, the linter finds the method that does not exist at its line, and the clean-up that takes seats', () => {
    const findings = findingsOf(PRINTED);
    const line = PRINTED.code.split('\n').findIndex((text) => text.includes('removeMember')) + 1;
    const unknown = findings.find(({ id }) => id === 'unknown-sdk-method');
    expect(unknown).toMatchObject({ severity: 'error', line, fix: expect.stringContaining('deleteMembers({ id:') });
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['naive-clean-up', 'swallowed-failure']));
  });

  test.each([CLEAN_UP, DENIES, ALLOW_VERIFIED])('$name: the linter has nothing to say', (action) => {
    expect(findingsOf(action).filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test.each([
    [CLEAN_UP, 'clean-up.js'],
    [ALLOW_VERIFIED, 'allow-verified-accounts.js'],
  ])('$0.name is the example, and three lines for a server that speaks http', (action, file) => {
    const example = exampleAction(file).split('\n');
    const added = action.code.split('\n').filter((line) => line !== '' && !example.includes(line));
    expect(added.map((line) => line.trim().split(':')[0])).toEqual([
      expect.stringMatching(/^\/\/ This demo has no certificate/),
      'audience',
      'fetch',
    ]);
    expect(exampleAction(file)).toContain(action.code.split('\n').slice(-5).join('\n'));
  });
});

describe('played', () => {
  const client = { id: 'reader', secret: randomBytes(24).toString('base64url') };
  let database: TestDatabase;
  let demo: DemoProcess;
  let operator: Operator;
  const stage = () => demo.addresses.stage ?? '';
  const page = async () => (await fetch(`${stage()}/actions`)).text();
  const column = (text: string, id: string) =>
    (new RegExp(`<article class="trial" id="${id}"[\\s\\S]*?</article>`).exec(text)?.[0] ?? '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
  const play = async () => {
    const answer = await fetch(`${stage()}/actions/play`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: stage(), 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/actions']);
    return page();
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    demo = await startDemo({
      PORT: String(await findFreePort()),
      DATABASE_URL: database.url,
      VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
      VESTIBULE_MANAGEMENT_CLIENT_ID: client.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: client.secret,
    });
    operator = new Operator(demo.addresses.Vestibule ?? '', client);
  }, 240_000);
  afterAll(async () => {
    await demo?.stop();
    await database?.drop();
  });

  test('before any play the page shows code and findings, and says that nothing was played', async () => {
    const text = await page();
    expect(column(text, 'printed')).toContain('Not played yet.');
    expect(column(text, 'printed')).toContain('removeMember exists in no release of the auth0 package');
  });

  test('each way leaves what its column says, again and again', async () => {
    for (const round of [1, 2]) {
      const text = await play();
      expect(text, `round ${round}`).not.toMatch(/class="(?:broken|problem)"/);
      const printed = column(text, 'printed');
      expect(printed).toMatch(/Sam refused is a member/);
      expect(printed).toContain('management.organizations.removeMember is not a function');
      expect(printed).toMatch(/members (\d+) (\d+) \+1/);
      const corrected = column(text, 'corrected');
      expect(corrected).toMatch(/Sam refused no member/);
      expect(corrected).toMatch(/Dana refused is a member/);
      expect(corrected).toMatch(/members \d+ \d+ 0/);
      expect(corrected).toMatch(/users \d+ \d+ \+1/);
      const own = column(text, 'own-order');
      expect(own).toMatch(/Sam refused no member/);
      expect(own).toContain('Left by Sam’s login: nothing but a log line');
      expect(own).not.toMatch(/(users|members|identities) \d+ \d+ \+/);
    }
  }, 60_000);

  test('the tenant is as it was found: the order of the switch, the reader’s own Action, nobody called Sam', async () => {
    const own = await operator.call<{ id: string }>('POST', '/actions/actions', {
      name: 'the reader’s own',
      code: 'exports.onExecutePostLogin = async () => {};',
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      deploy: true,
    });
    const bindings = [{ ref: { type: 'action_id', value: own.id }, display_name: 'mine' }];
    await operator.call('PATCH', '/actions/triggers/post-login/bindings', { bindings });
    await setOrder(operator, 'before_actions');
    expect(await play()).not.toMatch(/class="(?:broken|problem)"/);
    expect(await readOrder(operator)).toBe('before_actions');
    await setOrder(operator, 'after_actions');
    const { actions } = await operator.call<{ actions: { name: string }[] }>('GET', '/actions/actions');
    expect(actions.map(({ name }) => name)).toEqual(['the reader’s own']);
    const bound = await operator.call<{ bindings: { display_name: string }[] }>(
      'GET',
      '/actions/triggers/post-login/bindings',
    );
    expect(bound.bindings.map(({ display_name }) => display_name)).toEqual(['mine']);
    expect(await operator.sdk.users.listUsersByEmail({ email: 'sam@acme.example' })).toEqual([]);
  }, 60_000);

  test('an Action of the demo that a cut-off play left is found and taken away, once', async () => {
    await useAction(operator, DENIES);
    expect(await takeActionsAway(operator)).toBe(true);
    expect(await takeActionsAway(operator)).toBe(false);
  });

  test('another site can neither play nor turn the switch, and an order that does not exist is refused', async () => {
    for (const path of ['/actions/play', '/stage/order'])
      expect((await fetch(stage() + path, { method: 'POST', headers: { origin: 'http://evil.example' } })).status).toBe(
        403,
      );
    const body = new URLSearchParams({ order: 'sometimes' });
    const answer = await fetch(`${stage()}/stage/order`, { method: 'POST', headers: { origin: stage() }, body });
    expect(answer.status).toBe(400);
  });
});
