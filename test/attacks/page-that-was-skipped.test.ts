/**
 * Attack: "Is this you?" waits for an answer, and somebody wants the login without one: by another page of the same login, from another
 * site, in another browser, twice, or after the ground has moved. Without the person's own answer nothing is written.
 */
import { beforeEach, expect, test } from 'vitest';
import type { Visitor } from '../support/cast.js';
import { diffSnapshots, type Snapshot } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, referenceOf, useStage } from '../support/stage.js';

const stage = useStage();
let visitor: Visitor;
let asked: Visit;
let before: Snapshot;

beforeEach(async () => {
  await stage.cast.createMember('sam@acme.example').catch(() => undefined);
  before = await stage.instance.snapshot();
  visitor = stage.visitor();
  asked = await visitor.throughSso('sam', 'dana@acme.example');
  expect(asked.url.pathname).toBe('/u/login/confirm');
});

const page = (path: string) => asked.url.href.replace('/u/login/confirm', path);
const post = (browser: Visitor['browser'], url: string, fields: Record<string, string>, origin?: string) =>
  browser.request(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: origin ?? stage.instance.origin },
  });
const isIn = (response: Response) => (response.headers.get('location') ?? '').includes('code=');

async function expectNothing(): Promise<void> {
  await expectNothingLeft(stage.instance, before);
}

test.each([
  ['/u/organization-picker', { organization: 'org_of_somebody' }],
  ['/u/proof', { code: '000000', action: 'code' }],
  ['/u/signup', { password: 'A-long-enough-1-secret' }],
  ['/u/invitation', { action: 'default' }],
  ['/u/login/company', { action: 'default' }],
  ['/continue', {}],
  ['/u/login/confirm', {}],
  ['/u/login/confirm', { action: 'yes' }],
])('another page, or no answer: POST %s %j', async (path, fields) => {
  expect(isIn(await post(visitor.browser, page(path), fields))).toBe(false);
  expect(isIn(await visitor.browser.request(page(path)))).toBe(false);
  await expectNothing();
});

test('the way back from the IdP once more, which proved it all', async () => {
  const state = new URL(asked.url).searchParams.get('state');
  const again = await visitor.browser.request(
    `${stage.instance.origin}/login/callback?state=${state}.x&code=whatever&iss=${stage.cast.idp.issuer}`,
  );
  expect(isIn(again)).toBe(false);
  await expectNothing();
});

test("somebody else's browser, with the address of the page", async () => {
  const stranger = stage.visitor().browser;
  const answer = await post(stranger, asked.url.href, { action: 'default' });
  expect([answer.status, isIn(answer)]).toEqual([400, false]);
  await expectNothing();
});

test('another site posts the answer', async () => {
  const answer = await post(visitor.browser, asked.url.href, { action: 'default' }, 'https://evil.example');
  expect([answer.status, isIn(answer)]).toEqual([403, false]);
  await expectNothing();
});

test('the answer twice: in once, and no more', async () => {
  const copy = visitor.browser.clone();
  answerOf(await visitor.browser.submit(asked, { action: 'default' }));
  const after = await stage.instance.snapshot();
  const again = await post(copy, asked.url.href, { action: 'default' });
  expect(isIn(again)).toBe(false);
  await expectNothingLeft(stage.instance, after);
});

test('the connection is another one by the time of the answer: what was proved at the old one does not count', async () => {
  const path = `/connections/${stage.cast.acme.connectionId}`;
  const { options } = await stage.instance.api<{ options: Record<string, unknown> }>('GET', path);
  await stage.instance.api('PATCH', path, { options: { ...options, scope: 'openid email' } });
  try {
    const changed = await stage.instance.snapshot();
    const answer = await visitor.browser.submit(asked, { action: 'default' });
    expect((await stage.refusal(answer)).details.code).toBe('identify.connection_changed');
    await expectNothingLeft(stage.instance, changed);
  } finally {
    await stage.instance.api('PATCH', path, { options });
  }
});

test('the seat is gone by the time of the answer: refused, and nothing is left', async () => {
  const [member] = await stage.instance.api<{ user_id: string }[]>(
    'GET',
    `/organizations/${stage.cast.acme.id}/members`,
  );
  const seat = { members: [member?.user_id] };
  await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, seat);
  const removed = await stage.instance.snapshot();
  const answer = await visitor.browser.submit(asked, { action: 'default' });
  expect(referenceOf(answer)).toMatch(/^V-/);
  expect(diffSnapshots(removed, await stage.instance.snapshot())).toMatchObject({ logs: expect.anything() });
  await expectNothingLeft(stage.instance, removed);
  await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, seat);
});
