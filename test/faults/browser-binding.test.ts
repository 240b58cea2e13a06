/**
 * The binding of a login to its browser: the cookies and their attributes, the age and the number of unfinished logins, a state that
 * cannot be guessed, the whole domain for home realm discovery, a code that grows old. One test for each thing that could get lost.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cookieName } from '../../src/http/browser/cookies.js';
import { CALLBACK, type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { HttpBrowser } from '../support/http-browser.js';
import { type Instance, startInstance } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, proveByCode, wordsOf } from '../support/stage.js';

const clock = createManualClock();
let instance: Instance;
let cast: Cast;

beforeAll(async () => {
  instance = await startInstance({ clock });
  cast = await createCast(instance);
});
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

/** Keeps what servers set, as they set it. */
class ReadingBrowser extends HttpBrowser {
  readonly lines: string[] = [];
  override async request(...args: Parameters<HttpBrowser['request']>): Promise<Response> {
    const response = await super.request(...args);
    this.lines.push(...response.headers.getSetCookie());
    return response;
  }
}

const host = () => new URL(instance.origin).host;

test('every cookie is out of reach of scripts and stays behind when another site sends the browser', async () => {
  await cast.createMember('cookies@plain.example');
  const browser = new ReadingBrowser(CALLBACK);
  const visitor = new Visitor(cast, browser);
  await visitor.redeem(await visitor.withPassword('cookies@plain.example'));
  const names = browser.lines.map((line) => line.split('=', 1)[0]);
  expect(names.some((name) => name === 'vestibule_session')).toBe(true);
  expect(names.some((name) => name?.startsWith('vestibule_login_'))).toBe(true);
  for (const line of browser.lines) {
    expect(line, 'a script must not read it').toMatch(/;\s*HttpOnly/i);
    expect(line, 'login CSRF').toMatch(/;\s*SameSite=Lax/i);
    expect(line).toMatch(/;\s*Path=\//i);
  }
});

test('over https the names carry __Host-, which no neighbouring subdomain can plant', () => {
  expect(cookieName('vestibule_session', 'https://login.example.com')).toBe('__Host-vestibule_session');
  expect(cookieName('vestibule_session', 'http://localhost:3000')).toBe('vestibule_session');
});

test('a browser keeps five unfinished logins at most, and the oldest goes', async () => {
  const visitor = new Visitor(cast);
  for (let i = 0; i < 9; i++) {
    await visitor.open();
    clock.advanceMs(1_000);
  }
  const names = [...visitor.browser.cookies(host()).keys()].filter((name) => name.startsWith('vestibule_login_'));
  expect(names).toHaveLength(5);
});

test('a login that ended is taken from the browser: sent again, its last form is no login', async () => {
  await cast.createMember('ended@plain.example');
  const visitor = new Visitor(cast);
  const page = await visitor.type(await visitor.open(), 'ended@plain.example', 'password');
  answerOf(await visitor.browser.submit(page, { password: PASSWORD }));
  const names = [...visitor.browser.cookies(host()).keys()];
  expect(names.filter((name) => name.startsWith('vestibule_login_'))).toEqual([]);
});

test('the state at the IdP cannot be made from what the pages show', async () => {
  const visitor = new Visitor(cast);
  const states = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const page = await visitor.type(await visitor.open(), 'dana@acme.example');
    const state = page.url.searchParams.get('state') ?? '';
    const [id = '', secret = ''] = state.split('.');
    expect([...visitor.browser.cookies(host()).values()].some((value) => value.startsWith(id))).toBe(true);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    states.add(secret);
  }
  expect(states.size).toBe(2);
});

test('home realm discovery takes the whole domain: a name that ends alike stays here', async () => {
  const visitor = new Visitor(cast);
  const page = await visitor.type(await visitor.open(), 'eve@not-acme.example');
  expect(page.url.host).toBe(host());
  const below = await visitor.type(await visitor.open(), 'eve@sub.acme.example');
  expect(below.url.host).toBe(host());
});

async function askedForCode(name: string) {
  const email = `${name}@acme.example`;
  cast.people[name] = { sub: `idp-${name}`, email, email_verified: true };
  await cast.createMember(email, { verified: false });
  const visitor = new Visitor(cast);
  const page = await visitor.throughSso(name, email);
  const mail = (await instance.mail()).find((item) => item.mail.to === email && item.mail.template === 'proof_code');
  return { visitor, page, code: mail?.mail.model.code as string };
}

test('a question about an account that does not exist is not answered by any password', async () => {
  const email = 'nobody@elsewhere.example';
  cast.people.nobody = { sub: 'idp-nobody', email, email_verified: true };
  const invitation = await cast.invite(email);
  const visitor = new Visitor(cast);
  const page = await visitor.signInAtIdp(await visitor.accept(invitation), 'nobody');
  expect(page.url.pathname).toBe('/u/proof');
  const before = await instance.snapshot();
  const other = await visitor.browser.visit(linkOf(page, 'I have a password here'));
  for (const password of ['x', PASSWORD, 'vestibule']) {
    const answer = await visitor.browser.submit(other, { password, action: 'password' });
    expect(answer.status).toBe(400);
  }
  await expectNothingLeft(instance, before, 'secret');
});

/** From here on the server's clock runs ahead of the IdP's. */
test('a mailed code is good for ten minutes and not a second longer', async () => {
  const soon = await askedForCode('soon');
  const late = await askedForCode('late');
  clock.advanceMs(599_000);
  answerOf(await proveByCode(soon.visitor, soon.page, soon.code));
  clock.advanceMs(1_000);
  const before = await instance.snapshot();
  const answer = await proveByCode(late.visitor, late.page, late.code);
  expect(answer.status).toBe(400);
  await expectNothingLeft(instance, before, 'secret');
});

test('an unfinished login is good for an hour and not a second longer', async () => {
  await cast.createMember('late@plain.example');
  const visitor = new Visitor(cast);
  const page = await visitor.type(await visitor.open(), 'late@plain.example', 'password');
  const early = new Visitor(cast, visitor.browser.clone());
  clock.advanceMs(3_599_000);
  answerOf(await early.browser.submit(page, { password: PASSWORD }));
  clock.advanceMs(1_000);
  const before = await instance.snapshot();
  const late = await visitor.browser.submit(page, { password: PASSWORD });
  expect(late.status, wordsOf(late)).toBe(400);
  await expectNothingLeft(instance, before);
});
