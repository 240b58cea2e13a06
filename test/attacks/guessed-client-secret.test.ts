/**
 * Attack: the secret of an application is guessed at the token endpoint or at /oauth/revoke. And its mirror: somebody presents wrong secrets
 * until the application itself is shut out.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { countSecret } from '../../src/login/attempt-limits.js';
import { createAttemptCounters } from '../../src/storage/attempts.js';
import { makeFaulty } from '../support/faulty-pool.js';
import { type Instance, startInstance } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { useStage } from '../support/stage.js';

const TRUST = { VESTIBULE_TRUST_PROXY: '127.0.0.1, ::1' };
const clock = createManualClock();
const stage = useStage({ environment: TRUST, clock });
let guess = 0;
let network = 0;
let client: { id: string; secret: string };

beforeEach(async () => {
  clock.advanceMs(3_600_000);
  const made = await stage.instance.api('POST', '/clients', {
    name: `Machine ${guess}`,
    app_type: 'non_interactive',
    grant_types: ['client_credentials', 'refresh_token'],
  });
  client = { id: String(made.client_id), secret: String(made.client_secret) };
  await stage.instance.api('POST', '/client-grants', {
    client_id: client.id,
    audience: `${stage.instance.origin}/api/v2/`,
    scope: ['read:users'],
  });
});

/** A network that nothing came from yet. */
const elsewhere = () => `198.${18 + Math.floor(++network / 250)}.${network % 250}.1`;
const wrong = () => `wrong-${++guess}`;

interface Asked {
  readonly status: number;
  readonly error: string | undefined;
  readonly description: string | undefined;
  readonly retryAfter: number | undefined;
  /** Names of all members of the answer. */
  readonly members: readonly string[];
}

async function post(
  path: string,
  ip: string,
  form: Record<string, string>,
  at: Instance = stage.instance,
  headers = {},
): Promise<Asked> {
  const response = await fetch(`${at.address}${path}`, {
    method: 'POST',
    headers: { 'x-forwarded-for': ip, ...headers },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as { error?: string; error_description?: string };
  const after = response.headers.get('retry-after');
  return {
    status: response.status,
    error: body.error,
    description: body.error_description,
    retryAfter: after === null ? undefined : Number(after),
    members: Object.keys(body).sort(),
  };
}

const ask = (ip: string, secret = client.secret, { id = client.id, at = stage.instance } = {}) =>
  post(
    '/oauth/token',
    ip,
    {
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      audience: `${stage.instance.origin}/api/v2/`,
    },
    at,
  );
const statuses = async (times: number, one: () => Promise<Asked>) => {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push((await one()).status);
  return found;
};
const repeat = (status: number, times: number) => Array.from({ length: times }, () => status);

describe('guesses end', () => {
  test('from one network: ten wrong secrets, and then the right one is refused as well, with the time to wait', async () => {
    const ip = elsewhere();
    expect(await statuses(13, () => ask(ip, wrong()))).toEqual([...repeat(401, 10), ...repeat(429, 3)]);
    clock.advanceMs(300_000);
    expect(await ask(ip)).toMatchObject({
      status: 429,
      error: 'access_denied',
      description: 'Too many wrong client secrets from this network. Try again in 600 seconds, with the right one.',
      retryAfter: 600,
    });
    clock.advanceMs(600_000);
    expect((await ask(ip)).status).toBe(200);
  });

  test.each<[string, (ip: string, secret: string) => Promise<Asked>]>([
    [
      'HTTP Basic',
      (ip, secret) => {
        const authorization = `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`;
        return post('/oauth/token', ip, { grant_type: 'client_credentials' }, stage.instance, { authorization });
      },
    ],
    [
      'a code',
      (ip, secret) =>
        post('/oauth/token', ip, {
          grant_type: 'authorization_code',
          client_id: client.id,
          client_secret: secret,
          code: 'x',
        }),
    ],
    [
      'a refresh token',
      (ip, secret) =>
        post('/oauth/token', ip, {
          grant_type: 'refresh_token',
          client_id: client.id,
          client_secret: secret,
          refresh_token: 'x',
        }),
    ],
    [
      'a grant that there is not',
      (ip, secret) => post('/oauth/token', ip, { grant_type: 'password', client_id: client.id, client_secret: secret }),
    ],
    [
      '/oauth/revoke',
      (ip, secret) => post('/oauth/revoke', ip, { client_id: client.id, client_secret: secret, token: 'x' }),
    ],
  ])('by way of %s, and what is counted there counts everywhere', async (_, one) => {
    const ip = elsewhere();
    expect(await statuses(11, () => one(ip, wrong()))).toEqual([...repeat(401, 10), 429]);
    expect((await ask(ip)).status).toBe(429);
  });

  test('many at the same moment are no more than ten', async () => {
    const ip = elsewhere();
    const found = await Promise.all(Array.from({ length: 60 }, () => ask(ip, wrong())));
    expect(found.filter(({ status }) => status === 401)).toHaveLength(10);
  });

  test('from everywhere: a hundred', async () => {
    let unauthorized = 0;
    for (let host = 0; host < 12; host += 1) {
      const ip = elsewhere();
      unauthorized += (await statuses(10, () => ask(ip, wrong()))).filter((status) => status === 401).length;
    }
    expect(unauthorized).toBe(100);
    clock.advanceMs(1_000);
    const refused = await ask(elsewhere());
    expect(refused).toMatchObject({ status: 429, description: expect.stringContaining('for this client') });
    const [line] = await stage.instance.api<{ client_id: string; type: string; details: Record<string, unknown> }[]>(
      'GET',
      '/logs?per_page=1',
    );
    expect(line).toMatchObject({
      type: 'feccft',
      client_id: client.id,
      details: {
        check: 'client.too_many_attempts',
        trace: [
          {
            stage: 'identify',
            rule: 'client_too_many_attempts',
            answer: 'refuse',
            evidence: { limit: 'for_client', most: 100, window_seconds: 900 },
          },
        ],
      },
    });
  });

  test('an application that there is not looks like one that there is', async () => {
    const [real, made] = [elsewhere(), elsewhere()];
    const seen: unknown[] = [];
    for (let time = 0; time < 12; time += 1) {
      const [known, unknown] = [await ask(real, wrong()), await ask(made, wrong(), { id: `made-up-${client.id}` })];
      expect(unknown).toEqual(known);
      seen.push(known.status);
    }
    expect(seen).toEqual([...repeat(401, 10), 429, 429]);
  });

  test('applications that are made up leave no more counters than one network may', async () => {
    const count = async () =>
      Number((await stage.instance.database.pool.query('select count(*) as n from attempt_counters')).rows[0].n);
    const before = await count();
    const ip = elsewhere();
    const found = await statuses(120, () => ask(ip, wrong(), { id: `made-up-${++guess}` }));
    expect(found.filter((status) => status === 401)).toHaveLength(50);
    // For each of fifty: with the machine, with its block, from everywhere; and the two of the network.
    expect((await count()) - before).toBe(152);
  });
});

describe('nobody shuts an application out', () => {
  /** Uses up the guesses that strangers everywhere have. */
  const useUp = async (id: string) => {
    const counters = createAttemptCounters(stage.instance.database.pool);
    for (let time = 0; time < 100; time += 1)
      await countSecret(
        counters,
        { clientId: id, ip: `198.51.${Math.floor(time / 10)}.1`, isKnownNetwork: false },
        clock.now(),
      );
  };

  test('the right secret goes on from where it came from before, while others guess', async () => {
    const home = elsewhere();
    expect((await ask(home)).status).toBe(200);
    await useUp(client.id);
    expect(await statuses(3, () => ask(elsewhere(), wrong()))).toEqual(repeat(429, 3));
    expect(await statuses(30, () => ask(home))).toEqual(repeat(200, 30));
    // Where nobody knows it, the right one may be a guess.
    expect((await ask(elsewhere())).status).toBe(429);
    // Its own mistakes are its own, and a success forgives them.
    expect(await statuses(9, () => ask(home, wrong()))).toEqual(repeat(401, 9));
    expect((await ask(home)).status).toBe(200);
    expect(await statuses(11, () => ask(home, wrong()))).toEqual([...repeat(401, 10), 429]);
  });

  test('on another node as well, and after a restart: what is known is kept', async () => {
    const home = elsewhere();
    expect((await ask(home)).status).toBe(200);
    await useUp(client.id);
    const second = await startInstance({ beside: stage.instance, environment: TRUST, clock });
    try {
      expect((await ask(elsewhere(), wrong(), { at: second })).status).toBe(429);
      expect((await ask(home, client.secret, { at: second })).status).toBe(200);
      expect((await ask(elsewhere(), client.secret, { at: second })).status).toBe(429);
    } finally {
      await second.stop();
    }
  });

  test('an application that tries the same wrong secret again and again is not shut out when it is mended', async () => {
    const home = elsewhere();
    const stale = wrong();
    expect(await statuses(40, () => ask(home, stale))).toEqual(repeat(401, 40));
    expect((await ask(home)).status).toBe(200);
  });

  test('an office behind one address: the wrong secrets of one application do not shut out another that is at home there', async () => {
    const office = elsewhere();
    const mine = client;
    expect((await ask(office)).status).toBe(200);
    for (let other = 0; other < 60; other += 1) await ask(office, wrong(), { id: `other-${++guess}` });
    expect((await ask(office, wrong(), { id: `other-${++guess}` })).status).toBe(429);
    expect((await ask(office, mine.secret)).status).toBe(200);
  });
});

test('as long as nobody guesses, a token costs no question to the counters', async () => {
  const home = elsewhere();
  const statements: string[] = [];
  const counter = makeFaulty(stage.instance.server.pool);
  counter.armWhere((text) => {
    statements.push(text);
    return false;
  }, 'timeout');
  for (let time = 0; time < 5; time += 1) expect((await ask(home)).status).toBe(200);
  counter.disarm();
  // Once a day it is written down that the application is at home there.
  expect(statements.filter((text) => text.includes('attempt_counters'))).toHaveLength(1);
  expect(statements).toHaveLength(6);
});
