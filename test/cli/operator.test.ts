/** `vestibule operator` on the database of a server that runs: invited, listed, removed; the last owner stays. */
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/program.js';
import type { World } from '../../src/cli/world.js';
import { openOperators } from '../../src/compose/operators.js';
import { PASSWORD } from '../support/cast.js';
import { HttpBrowser } from '../support/http-browser.js';
import { type Instance, startInstance } from '../support/instance.js';
import { linkOf, wordsOf } from '../support/stage.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance.stop());

async function run(...argv: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const unused = () => Promise.reject(new Error('not for this command'));
  const world: World = {
    env: { DATABASE_URL: instance.database.url, VESTIBULE_SECRET_KEY: KEY, VESTIBULE_URL: instance.origin },
    out: (line) => out.push(line),
    note: (line) => notes.push(line),
    width: 80,
    colourful: false,
    readInput: unused,
    startServer: unused,
    openKeys: unused,
    openOperators,
    openActions: unused,
    openExaminer: unused,
    onHangup() {},
    untilStopped: unused,
  };
  const code = await runCommandLine(['operator', ...argv], world);
  return { code, out, notes: notes.join('\n') };
}

/** The browser that the link was accepted in, to go on from its last page. */
let browser: HttpBrowser;

async function accept(link: string) {
  browser = new HttpBrowser('http://nowhere.example/');
  const page = await browser.visit(link);
  return browser.submit(await browser.submit(page, { action: 'default' }), { password: PASSWORD });
}

test('nobody yet, then an owner and a viewer', async () => {
  expect(await run('list')).toMatchObject({ code: 0, notes: expect.stringContaining('Nobody yet') });
  const owner = await run('invite', 'olga@company.example');
  expect(owner).toMatchObject({ code: 0, notes: expect.stringContaining('(owner), once, until') });
  const invitation = await new HttpBrowser('http://nowhere.example/').visit(owner.out[0] ?? '');
  expect(wordsOf(invitation)).toContain(`The command line of ${new URL(instance.origin).host} invites you`);
  expect((await accept(owner.out[0] ?? '')).url.searchParams.has('code')).toBe(true);
  const viewer = await run('invite', 'vera@company.example', '--role', 'viewer', '--json');
  expect((await accept(JSON.parse(viewer.out[0] ?? '').url)).url.searchParams.has('code')).toBe(true);
  const { out } = await run('list', '--json');
  expect(JSON.parse(out[0] ?? '')).toMatchObject([
    { email: 'olga@company.example', role: 'owner' },
    { email: 'vera@company.example', role: 'viewer' },
  ]);
});

test('the last owner stays, everybody else can be removed', async () => {
  expect(await run('remove', 'olga@company.example')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('the last owner who can sign in'),
  });
  expect(await run('remove', 'vera@company.example')).toMatchObject({ code: 0 });
  expect(await run('remove', 'vera@company.example')).toMatchObject({
    code: 1,
    notes: expect.stringContaining('no operator is vera@company.example'),
  });
});

test('wrong use is told', async () => {
  expect(await run('invite', 'olga')).toMatchObject({ code: 2, notes: expect.stringContaining('no email address') });
  expect((await run('invite', 'olga@company.example', '--role', 'king')).code).toBe(2);
});

/** The log names the command and the account, and the owner of the account is told. */
async function expectReset({ database, mail }: Instance, email: string) {
  const { rows } = await database.pool.query('select user_id from users where email = $1', [email]);
  const userId = String(rows[0]?.user_id);
  const path = `/api/v2/users/${encodeURIComponent(userId)}/authentication-methods`;
  const lines = await database.pool.query(
    "select user_id, details from logs where type = 'sapi' and details -> 'request' ->> 'method' = 'delete'",
  );
  const request = { method: 'delete', path, auth: { subject: 'command|operator', client_id: '' } };
  expect(lines.rows).toEqual([{ user_id: userId, details: expect.objectContaining({ request }) }]);
  const told = (await mail()).filter(({ mail: one }) => one.template === 'factor_changed' && one.to === email);
  expect(told.map(({ mail: { model } }) => (model as { change: string }).change)).toEqual(['reset']);
}

test('a new server asks its first owner for a factor, and a lost one is reset', async () => {
  const fresh = await startInstance({ operatorMfa: 'required' });
  const shared = instance;
  try {
    instance = fresh;
    const { out } = await run('invite', 'olga@company.example');
    const page = await accept(out[0] ?? '');
    expect(page.url.pathname).toBe('/u/second-factor');
    const app = page.text.includes('data-copy=') ? page : await browser.visit(linkOf(page, 'authenticator app'));
    const secret = /data-copy="([A-Z2-7]{32})"/.exec(app.text)?.[1] ?? '';
    const shown = await browser.submit(app, { code: new TOTP({ secret }).generate() });
    const end = await browser.submit(shown, {});
    expect(end.url.searchParams.has('code')).toBe(true);
    expect(await run('reset-factors', 'olga@company.example')).toMatchObject({
      code: 0,
      notes: expect.stringContaining('set up a new one'),
    });
    const left = await fresh.database.pool.query('select 1 from factors');
    expect(left.rowCount).toBe(0);
    await expectReset(fresh, 'olga@company.example');
  } finally {
    instance = shared;
    await fresh.stop();
  }
});
