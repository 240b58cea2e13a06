/**
 * Attack: a page of another site posts six forms to /authorize. Each leaves the cookie of an unfinished login, together more than servers
 * and proxies take, so every later request of that browser is refused for an hour. And: an application on the same host (other
 * ports share cookies) sets so many that nothing of ours can be seen any more.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTransactions } from '../../src/http/browser/transactions.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { CALLBACK, PASSWORD, type Visitor } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
/** What nginx and Apache take as one line of a header unless they are told otherwise. */
const PROXY_LINE = 8_000;
const random = (characters: number) => randomBytes(characters).toString('base64url').slice(0, characters);

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
});

const host = () => new URL(stage.instance.origin).host;
const cookieHeader = ({ browser }: Visitor) =>
  [...browser.cookies(host())].map(([name, value]) => `${name}=${value}`).join('; ');
const loginsOf = ({ browser }: Visitor) =>
  [...browser.cookies(host()).keys()].filter((name) => /^vestibule_login_\w+$/.test(name));

/** A form of another site in the visitor's browser: it comes without cookies, and the GET that it is sent on to comes with them. */
async function postAcrossSites(visitor: Visitor, parameters: Record<string, string>): Promise<string> {
  const url = new URL(visitor.authorizeUrl(parameters));
  const posted = await stage.visitor().browser.request(url.origin + url.pathname, {
    method: 'POST',
    body: url.searchParams,
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  });
  clock.advanceMs(1_000);
  const page = await visitor.browser.visit(new URL(posted.headers.get('location') ?? '', url));
  return page.url.searchParams.get('state') ?? '';
}

describe('forms of another site', () => {
  test.each([
    ['long', 1_400],
    ['as long as they may be', 3_000],
  ])('six of them, with a state that is %s, leave what every proxy takes', async (_name, characters) => {
    const visitor = stage.visitor();
    const states: string[] = [];
    for (let form = 0; form < 6; form++) states.push(await postAcrossSites(visitor, { state: random(characters) }));
    expect(cookieHeader(visitor).length).toBeLessThan(PROXY_LINE);
    // The oldest went; the newest is whole.
    const gone = await visitor.browser.visit(`${stage.instance.origin}/u/login/identifier?state=${states[0]}`);
    expect(gone.status).toBe(400);
    const newest = await visitor.browser.visit(`${stage.instance.origin}/u/login/identifier?state=${states[5]}`);
    expect(newest.status).toBe(200);
    // And the person signs in.
    answerOf(await visitor.withPassword('dana@acme.example'));
  });

  test('one that fills its login to the limit keeps nobody out, and goes with the next', async () => {
    const visitor = stage.visitor();
    await visitor.open({ state: random(4_096), nonce: random(4_096), scope: `openid ${random(990)}` });
    expect(cookieHeader(visitor).length).toBeGreaterThan(PROXY_LINE);
    clock.advanceMs(1_000);
    answerOf(await visitor.withPassword('dana@acme.example'));
    expect(loginsOf(visitor)).toEqual([]);
  });

  test('small logins stay, six of them', async () => {
    const visitor = stage.visitor();
    for (let tab = 0; tab < 6; tab++) {
      await visitor.open({ state: random(43), nonce: random(43) });
      clock.advanceMs(1_000);
    }
    expect(loginsOf(visitor)).toHaveLength(6);
    expect(cookieHeader(visitor).length).toBeLessThan(PROXY_LINE);
  });
});

describe('a login in several cookies', () => {
  const LONG = { state: random(4_096), nonce: random(4_096) };
  const piecesOf = ({ browser }: Visitor) =>
    [...browser.cookies(host())].filter(([name]) => name.startsWith('vestibule_login_'));

  /** The page of the login again, with the cookies as they are given. */
  const open = (state: string, cookies: readonly (readonly [string, string])[]) =>
    stage.visitor().browser.visit(`${stage.instance.origin}/u/login/identifier?state=${state}`, {
      headers: { cookie: cookies.map(([name, value]) => `${name}=${value}`).join('; ') },
    });

  test('opens with all of its pieces in their order, and with nothing else', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open(LONG);
    const state = page.url.searchParams.get('state') ?? '';
    const pieces = piecesOf(visitor);
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    expect((await open(state, pieces)).status).toBe(200);
    expect((await open(state, [...pieces].reverse())).status).toBe(200);
    for (const [name] of pieces)
      expect(
        (
          await open(
            state,
            pieces.filter(([other]) => other !== name),
          )
        ).status,
        `without ${name}`,
      ).toBe(400);
    const [first, second, third] = pieces;
    const swapped = [first, [second?.[0], third?.[1]], [third?.[0], second?.[1]], ...pieces.slice(3)];
    expect((await open(state, swapped as [string, string][])).status).toBe(400);
    const shorter = pieces.map(([name, value], index) => [name, index === 0 ? `2${value.slice(1)}` : value] as const);
    expect((await open(state, shorter)).status).toBe(400);
  });

  test('does not open with a piece of another version, or of another login', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open(LONG);
    const state = page.url.searchParams.get('state') ?? '';
    const before = piecesOf(visitor);
    await visitor.type(page, 'dana@acme.example', 'password');
    const after = piecesOf(visitor);
    expect((await open(state, after)).status).toBe(200);
    const other = stage.visitor();
    await other.open(LONG);
    const foreign = piecesOf(other);
    for (let index = 0; index < after.length; index++) {
      for (const [what, source] of [
        ['version', before],
        ['login', foreign],
      ] as const) {
        const mixed = after.map(([name, value], at) => [name, at === index ? (source[at]?.[1] ?? '') : value] as const);
        expect((await open(state, mixed)).status, `piece ${index} of another ${what}`).toBe(400);
      }
    }
  });

  test('is taken back with all of its pieces', async () => {
    const visitor = stage.visitor();
    const answer = answerOf(await visitor.withPassword('dana@acme.example', PASSWORD, LONG));
    expect(answer.state).toBe(LONG.state);
    expect(piecesOf(visitor)).toEqual([]);
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

  test('a thousand under names of ours cost one look each at forty of them', () => {
    let opened = 0;
    const box = createSecretBox(Buffer.alloc(32, 1), 'cookies', systemEntropy);
    const counting = {
      ...box,
      openBytes: (sealed: Uint8Array, context: string) => {
        opened += 1;
        return box.openBytes(sealed, context);
      },
    };
    const origin = 'http://localhost:3000';
    const transactions = createTransactions({ box: counting, clock, entropy: systemEntropy, origin });
    const request = { headers: { cookie: planted.join('; ') } } as FastifyRequest;
    const reply = { header: () => reply } as unknown as FastifyReply;
    const asked = { clientId: 'c', redirectUri: CALLBACK, responseMode: 'query', scope: 'openid' } as const;
    expect(transactions.save(request, reply, transactions.start(asked, undefined))).toBe(true);
    expect(opened).toBe(40);
  });

  test('and are taken back, forty at a time', async () => {
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

  test('so many that no server takes them: a page that says so, and the cookies of unfinished logins are taken back', async () => {
    const visitor = stage.visitor();
    await visitor.open({ state: random(4_000) });
    const mine = cookieHeader(visitor);
    const crowd = Array.from({ length: 70 }, (_, index) => `app${index}=${'x'.repeat(990)}`).join('; ');
    const answer = await sendRaw(requestWith(`${crowd}; vestibule_session=s; ${mine}`));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 431 Request Header Fields Too Large');
    expect(head).toMatch(/content-type: text\/html/);
    expect(head).toMatch(/content-security-policy: /);
    // It would sign the person out of every application of the whole domain, and another site can cause it with a long address.
    expect(head).not.toMatch(/clear-site-data/i);
    const cleared = [...head.matchAll(/set-cookie: ([^=]+)=; Max-Age=0; Path=\/; HttpOnly/g)].map(([, name]) => name);
    expect(cleared.sort()).toEqual([...visitor.browser.cookies(host()).keys()].sort());
    expect(cleared.length).toBeGreaterThanOrEqual(2);
    expect(body).toContain('We have deleted the cookies of unfinished sign-ins.');
    expect(body).toMatch(/V-[0-9A-Z]{4}-[0-9A-Z]{4}/);
  });

  test('an address without end gets the same page, and takes no cookie', async () => {
    const answer = await sendRaw(requestWith('vestibule_session=s', `/authorize?x=${'y'.repeat(70_000)}`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).not.toMatch(/set-cookie/i);
    expect(wordsOf({ text: answer.split('\r\n\r\n')[1] ?? '' } as never)).toContain('an address that is too long');
    expect(answer).not.toContain('We have deleted');
  });

  test('what is no request at all is answered once, and the server goes on', async () => {
    const answer = await sendRaw('nonsense\r\n\r\nmore nonsense\r\n\r\n');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await stage.visitor().open()).status).toBe(200);
  });
});
