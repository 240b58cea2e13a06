/** The first owner: from the link that a new server prints to a person with the role, by an ordinary invitation. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import { type Instance, startInstance } from '../support/instance.js';
import { findOperators } from '../support/operators.js';

let instance: Instance;
let link: string;
beforeAll(async () => {
  instance = await startInstance();
  link = instance.server.firstOperatorLink ?? '';
});
afterAll(() => instance.stop());

const browse = () => new HttpBrowser('http://nowhere.example/');
const wordsOf = (page: Visit) => page.text.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const front = async () => wordsOf(await browse().visit(`${instance.origin}/`));

async function ownersOf(): Promise<readonly string[]> {
  const { organizationId, roleIds } = await findOperators(instance);
  const { rows } = await instance.database.pool.query(
    'select u.email from member_roles r join users u on u.user_id = r.user_id where r.organization_id = $1 and r.role_id = $2',
    [organizationId, roleIds.owner],
  );
  return (rows as { email: string }[]).map(({ email }) => email);
}

async function accept(browser: HttpBrowser, invitation: Visit): Promise<Visit> {
  return browser.submit(await browser.submit(invitation, { action: 'default' }), { password: PASSWORD });
}

test('a link that was not printed here opens nothing', async () => {
  for (const ticket of ['', 'x', `${new URL(link).searchParams.get('ticket')}x`]) {
    const page = await browse().visit(`${instance.origin}/console/first?ticket=${ticket}`);
    expect([page.status, wordsOf(page)]).toEqual([410, expect.stringContaining('This link is over')]);
  }
});

test('an address is asked for, and an invitation made for it; the one for an address that was typed before is withdrawn', async () => {
  expect(await front()).toContain('Nobody owns this server yet');
  const other = browse();
  const mistyped = await other.submit(await other.visit(link), { username: 'mallory@elsewhere.example' });
  expect(wordsOf(mistyped)).toContain('mallory@elsewhere.example');

  const browser = browse();
  const asked = await browser.visit(link);
  const wrong = await browser.submit(asked, { username: 'olga' });
  expect([wrong.status, wordsOf(wrong)]).toEqual([422, expect.stringContaining('Type your email address')]);
  const invitation = await browser.submit(asked, { username: 'olga@company.example' });
  expect(await ownersOf()).toEqual([]);

  const end = await accept(browser, invitation);
  expect([end.url.pathname, [...end.url.searchParams.keys()]]).toEqual(['/console', ['code', 'iss']]);
  expect(await ownersOf()).toEqual(['olga@company.example']);

  const late = await accept(other, mistyped).catch((error: Error) => error.message);
  expect(JSON.stringify(late)).not.toContain('code=');
  expect(await ownersOf()).toEqual(['olga@company.example']);
});

test('once there is an owner the link is over, and the root address says nothing of it', async () => {
  const browser = browse();
  expect((await browser.visit(link)).status).toBe(410);
  expect(await front()).not.toContain('Nobody owns this server');
});

test('a form that another site posts is refused', async () => {
  const headers = { origin: 'https://elsewhere.example' };
  const body = new URLSearchParams({ username: 'mallory@elsewhere.example' });
  expect((await browse().request(link, { method: 'POST', body, headers })).status).toBe(403);
});

test('a server started without the option asks its first owner for a second factor', async () => {
  const usual = await startInstance({ operatorMfa: 'unset' });
  try {
    const browser = browse();
    const asked = await browser.visit(usual.server.firstOperatorLink ?? '');
    const end = await accept(browser, await browser.submit(asked, { username: 'olga@company.example' }));
    expect(end.url.pathname).toBe('/u/second-factor');
    expect(end.url.searchParams.has('code')).toBe(false);
  } finally {
    await usual.stop();
  }
});
