/**
 * Attack (cookie bomb): a page of another site posts forms to /authorize. The browser sends the cookie of each with
 * every later request, and proxies and servers refuse requests whose cookies are too many. And: an application on the
 * same host (other ports share cookies) sets so many that nothing of ours can be seen any more.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { SLOT_NAMES } from '../../src/http/browser/slots.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const random = (characters: number) => randomBytes(characters).toString('base64url').slice(0, characters);
/** As long as /authorize takes them: more than any cookies of ours hold. */
const LONG = { state: random(4_096), nonce: random(4_096) };

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
});

const host = () => new URL(stage.instance.origin).host;
const cookieHeader = ({ browser }: Visitor) =>
  [...browser.cookies(host())].map(([name, value]) => `${name}=${value}`).join('; ');
const loginsOf = ({ browser }: Visitor) =>
  [...browser.cookies(host())].filter(([name]) => name.startsWith('vestibule_login_'));
const countRows = async () =>
  (await stage.instance.database.pool.query<{ n: number }>('select count(*)::integer as n from cookie_overflow'))
    .rows[0]?.n;

/**
 * A form of another site in the visitor's browser: it comes without cookies, and the GET that it is sent on to comes
 * with them.
 */
async function postAcrossSites({ browser }: Visitor, parameters: Record<string, string>): Promise<Visit> {
  const url = new URL(stage.visitor().authorizeUrl(parameters));
  const posted = await browser.request(url.origin + url.pathname, {
    method: 'POST',
    body: url.searchParams,
    headers: { cookie: '', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  });
  await posted.arrayBuffer();
  clock.advanceMs(1_000);
  return browser.visit(new URL(posted.headers.get('location') ?? '', url));
}

describe('forms of another site', () => {
  test.each([
    ['long', 1_400],
    ['longer', 3_000],
    ['as long as they may be', 4_096],
  ])(
    '28 of them, with state and nonce that are %s: little stays, and logins in two tabs go on',
    async (_name, many) => {
      const visitor = stage.visitor();
      const first = await visitor.open();
      const second = await visitor.open();
      const before = loginsOf(visitor);
      for (let form = 0; form < 28; form++) {
        const page = await postAcrossSites(visitor, { state: random(many), nonce: random(many) });
        expect(page.status).toBe(200);
        expect(cookieHeader(visitor).length).toBeLessThan(4_096);
      }
      expect(loginsOf(visitor)).toEqual(expect.arrayContaining(before));
      expect(loginsOf(visitor)).toHaveLength(before.length + 1);
      for (const tab of [first, second]) {
        const page = await visitor.type(tab, 'dana@acme.example', 'password');
        answerOf(await visitor.browser.submit(page, { password: PASSWORD }));
      }
      expect(loginsOf(visitor)).toHaveLength(1);
      answerOf(await visitor.open());
    },
  );

  test('one that an application posts goes all the way, while other forms come', async () => {
    const visitor = stage.visitor();
    const page = await postAcrossSites(visitor, LONG);
    const typed = await visitor.type(page, 'dana@acme.example', 'password');
    await postAcrossSites(visitor, LONG);
    // The other form showed no cookies, so it took nothing's place but that of forms.
    const answer = answerOf(await visitor.browser.submit(typed, { password: PASSWORD }));
    expect(answer.state).toBe(LONG.state);
  });

  test('small logins stay, five of them', async () => {
    const visitor = stage.visitor();
    const pages: Visit[] = [];
    for (let tab = 0; tab < 5; tab++) {
      pages.push(await visitor.open({ state: random(43), nonce: random(43) }));
      clock.advanceMs(1_000);
    }
    expect(loginsOf(visitor)).toHaveLength(5);
    const page = await visitor.type(pages[0] as Visit, 'dana@acme.example', 'password');
    answerOf(await visitor.browser.submit(page, { password: PASSWORD }));
  });
});

describe('a login in several cookies', () => {
  const WIDE = { state: random(450), nonce: random(450) };
  const open = (state: string, cookies: readonly (readonly [string, string])[]) =>
    stage.visitor().browser.visit(`${stage.instance.origin}/u/login/identifier?state=${state}`, {
      headers: { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') },
    });

  test('opens with all of its parts in their slots, and with nothing else', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open(WIDE);
    const state = page.url.searchParams.get('state') ?? '';
    const parts = loginsOf(visitor);
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect((await open(state, parts)).status).toBe(200);
    expect((await open(state, [...parts].reverse())).status).toBe(200);
    for (const [name] of parts)
      expect(
        (
          await open(
            state,
            parts.filter(([other]) => other !== name),
          )
        ).status,
        `without ${name}`,
      ).toBe(400);
    const names = [...parts.slice(1), ...parts.slice(0, 1)].map(([name]) => name);
    const moved = parts.map(([, value], at) => [names[at] ?? '', value] as const);
    expect((await open(state, moved)).status, 'in other slots').toBe(400);
  });

  test('a whole login that is moved to another slot does not open, nor under another id', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open();
    const state = page.url.searchParams.get('state') ?? '';
    const [[name, value] = ['', '']] = loginsOf(visitor);
    for (const other of SLOT_NAMES)
      expect((await open(state, [[other, value]])).status, other).toBe(other === name ? 200 : 400);
    const renamed = random(16).replace(/[-_]/g, 'x');
    expect((await open(renamed, [[name, value.replace(state, renamed)]])).status).toBe(400);
  });

  test('does not open with a part of another version, or of another login', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open(WIDE);
    const state = page.url.searchParams.get('state') ?? '';
    const before = loginsOf(visitor);
    await visitor.type(page, 'dana@acme.example', 'password');
    const after = loginsOf(visitor);
    expect((await open(state, after)).status).toBe(200);
    const other = stage.visitor();
    await other.open(WIDE);
    const foreign = loginsOf(other);
    for (let index = 0; index < after.length; index++) {
      for (const [what, source] of [
        ['version', before],
        ['login', foreign],
      ] as const) {
        const mixed = after.map(([name, value], at) => [name, at === index ? (source[at]?.[1] ?? '') : value] as const);
        expect((await open(state, mixed)).status, `part ${index} of another ${what}`).toBe(400);
      }
    }
  });

  test('is taken back with all of its parts', async () => {
    const visitor = stage.visitor();
    const answer = answerOf(await visitor.withPassword('dana@acme.example', PASSWORD, WIDE));
    expect(answer.state).toBe(WIDE.state);
    expect(loginsOf(visitor)).toEqual([]);
  });
});

describe('a login that its browser cannot hold', () => {
  /** The page of the login again, with the cookies as they are given. */
  const open = (state: string, cookies: readonly (readonly [string, string])[]) =>
    stage.visitor().browser.visit(`${stage.instance.origin}/u/login/identifier?state=${state}`, {
      headers: { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') },
    });
  const stateOf = (page: Visit) => page.url.searchParams.get('state') ?? '';

  test('is one row, sealed and without a name, and is removed with its cookie', async () => {
    const before = await stage.instance.snapshot();
    const rows = await countRows();
    const visitor = stage.visitor();
    const page = await visitor.open(LONG);
    expect(loginsOf(visitor)).toHaveLength(1);
    expect(await countRows()).toBe((rows ?? 0) + 1);
    const text = JSON.stringify((await stage.instance.snapshot()).cookie_overflow);
    expect(text).not.toContain('127.0.0.1');
    const typed = await visitor.type(page, 'dana@acme.example', 'password');
    expect(await countRows()).toBe((rows ?? 0) + 1);
    const answer = answerOf(await visitor.browser.submit(typed, { password: PASSWORD }));
    expect(answer.state).toBe(LONG.state);
    expect(loginsOf(visitor)).toEqual([]);
    expect((await stage.instance.snapshot()).cookie_overflow).toEqual(before.cookie_overflow);
  });

  test('a refusal that the application is told removes it in the same answer', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    stage.cast.people.stranger = { sub: 'idp-long', email: 'stranger@acme.example', email_verified: true };
    const answer = await visitor.throughSso('stranger', 'stranger@acme.example', LONG);
    expect(answerOf(answer).error).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
    expect(loginsOf(visitor)).toEqual([]);
  });

  test('a browser has one: its next one takes the place of the first', async () => {
    const rows = (await countRows()) ?? 0;
    const visitor = stage.visitor();
    const first = await visitor.open(LONG);
    const second = await visitor.open(LONG);
    expect(await countRows()).toBe(rows + 1);
    expect(loginsOf(visitor)).toHaveLength(1);
    expect((await open(stateOf(first), loginsOf(visitor))).status).toBe(400);
    expect((await open(stateOf(second), loginsOf(visitor))).status).toBe(200);
  });

  test('without its row it is one that is too old', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open(LONG);
    await stage.instance.database.pool.query('delete from cookie_overflow');
    expect((await open(stateOf(page), loginsOf(visitor))).status).toBe(400);
    answerOf(await visitor.withPassword('dana@acme.example', PASSWORD, LONG));
  });

  test('every parameter as long as it may be goes all the way: to the identity provider, back, and through a code', async () => {
    const key = 'longest';
    const email = `${key}@acme.example`;
    stage.cast.people[key] = {
      sub: random(255),
      email,
      email_verified: true,
      ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`claim${index}`, random(55)])),
    };
    await stage.cast.createMember(email, { verified: false });
    const visitor = stage.visitor();
    const parameters = {
      ...LONG,
      scope: `openid ${random(993)}`,
      login_hint: `${random(64)}@${random(60)}.example`.toLowerCase(),
      acr_values: random(300),
      ui_locales: random(300),
      display: random(150),
    };
    const page = await visitor.throughSso(key, email, parameters);
    expect(page.url.pathname).toBe('/u/proof');
    const answer = await proveByCode(visitor, page, await stage.mailedCode(email));
    expect(answerOf(answer).state).toBe(LONG.state);
    expect((await visitor.redeem(answer)).claims).toMatchObject({ nonce: LONG.nonce });
  });
});

describe('cookies of others', () => {
  test('twenty kilobytes of them are no reason to refuse anything', async () => {
    const visitor = stage.visitor();
    const crowd = Array.from({ length: 20 }, (_, index) => `app${index}=${'x'.repeat(1_000)}`).join('; ');
    const page = await visitor.browser.request(visitor.authorizeUrl(), { headers: { cookie: crowd } });
    expect(page.status).toBe(302);
  });

  const planted = Array.from({ length: 1_000 }, (_, index) => `vestibule_login_${String(index).padStart(16, '0')}=x`);

  test('a thousand under former names of ours are taken back, forty at a time', async () => {
    const response = await stage.visitor().browser.request(stage.visitor().authorizeUrl(), {
      headers: { cookie: planted.join('; ') },
    });
    const cleared = response.headers.getSetCookie().filter((line) => /Max-Age=0/i.test(line));
    expect(cleared).toHaveLength(40);
  });

  /** Sends the text as it is, and gives what comes back until the server closes. */
  function sendRaw(text: string): Promise<string> {
    const { hostname, port } = new URL(stage.instance.origin);
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
    });
  }
  const requestWith = (cookie: string, path = '/authorize') =>
    `GET ${path} HTTP/1.1\r\nHost: ${host()}\r\nAccept: text/html\r\nCookie: ${cookie}\r\n\r\n`;

  const clearedBy = (head: string) =>
    [...head.matchAll(/set-cookie: ([^=]+)=; Max-Age=0; Path=\/; HttpOnly/g)].map(([, name]) => name);

  /** The part of the request that passes the limit is another one each time; the answer looks at none of it. */
  test.each(['first', 'last'])(
    'so many that no server takes them, ours %s: a page that says so, and unfinished logins are taken back',
    async (place) => {
      const visitor = stage.visitor();
      await visitor.open({ state: random(1_000) });
      const mine = cookieHeader(visitor);
      const crowd = Array.from({ length: 70 }, (_, index) => `app${index}=${'x'.repeat(990)}`).join('; ');
      const cookies = place === 'first' ? [mine, crowd] : [crowd, mine];
      const answer = await sendRaw(requestWith(`vestibule_session=s; ${cookies.join('; ')}`));
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head.split('\r\n')[0]).toBe('HTTP/1.1 431 Request Header Fields Too Large');
      expect(head).toMatch(/content-type: text\/html/);
      expect(head).toMatch(/content-security-policy: /);
      // It would sign the person out of every application of the whole domain, and another site can cause it with a
      // long address.
      expect(head).not.toMatch(/clear-site-data/i);
      expect(clearedBy(head)).toEqual(SLOT_NAMES);
      expect(body).toContain('We have deleted the cookies of unfinished sign-ins.');
      expect(body).toMatch(/V-[0-9A-Z]{4}-[0-9A-Z]{4}/);
    },
  );

  test('an address without end gets the same page, and signs nobody out', async () => {
    const answer = await sendRaw(requestWith('vestibule_session=s', `/authorize?x=${'y'.repeat(70_000)}`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(clearedBy(answer)).toEqual(SLOT_NAMES);
    expect(answer).not.toMatch(/set-cookie: vestibule_(session|device|setup)/i);
    expect(wordsOf({ text: answer.split('\r\n\r\n')[1] ?? '' } as never)).toContain('an address that is too long');
  });

  test('what is no request at all is answered once, and the server goes on', async () => {
    const answer = await sendRaw('nonsense\r\n\r\nmore nonsense\r\n\r\n');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await stage.visitor().open()).status).toBe(200);
  });
});
