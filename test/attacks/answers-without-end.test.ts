/**
 * Attack: a stranger begins one login at a company's identity provider, never signs in there, and comes back with made-up codes. Each would be
 * a request to the provider's token endpoint in this server's name, and take one of the places that there are for its people.
 */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CALLBACK, type Cast, createCast } from '../support/cast.js';
import { type Instance, startInstance } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';

const clock = createManualClock();
let app: FastifyInstance;
let instance: Instance;
let cast: Cast;

beforeAll(async () => {
  instance = await startInstance({
    clock,
    environment: { VESTIBULE_LOG_LINES_PER_MINUTE: '60' },
    onApp: (made) => {
      app = made;
    },
  });
  cast = await createCast(instance, { clock });
});
afterAll(async () => {
  await cast?.stop();
  await instance?.stop();
});

/** Begins a login, goes to the IdP from the page, and gives what brings an answer back from an address of `prefix`. */
async function createStranger(prefix: string) {
  const cookies = new Map<string, string>();
  let host = 0;
  const send = async (url: string, form?: Readonly<Record<string, string>>) => {
    host += 1;
    const answer = await app.inject({
      method: form ? 'POST' : 'GET',
      url,
      remoteAddress: `${prefix}::${host.toString(16)}`,
      headers: {
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
      },
      ...(form && { payload: new URLSearchParams(form).toString() }),
    });
    for (const { name, value } of answer.cookies) cookies.set(name, value);
    return answer;
  };
  const query = new URLSearchParams({
    client_id: cast.client.id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid',
    organization: cast.acme.id,
    state: 'x',
  });
  const first = await send(`/authorize?${query}`);
  const page = String(first.headers.location);
  const sent = await send(page, { username: 'sam@acme.example', action: 'default' });
  const state = new URL(String(sent.headers.location)).searchParams.get('state') ?? '';
  return (code: string) =>
    send(`/login/callback?${new URLSearchParams({ state, code, iss: cast.idp.issuer })}`).then((a) => a.statusCode);
}

test('made-up codes reach the token endpoint sixty times a minute from one machine, and leave others alone', async () => {
  const asked = () => cast.idp.requests['/token'] ?? 0;
  const bring = await createStranger('2001:db8:bad:1');
  const before = asked();
  const statuses: number[] = [];
  for (let n = 0; n < 100; n += 1) statuses.push(await bring(`made-up-${n}`));
  expect(asked() - before).toBe(60);
  expect(new Set(statuses.slice(0, 60))).toEqual(new Set([502]));
  expect(new Set(statuses.slice(60))).toEqual(new Set([429]));
  const other = await createStranger('2001:db8:cafe:1');
  expect(await other('made-up')).toBe(502);
  clock.advanceMs(61_000);
  expect(await bring('made-up-later')).toBe(502);
});
