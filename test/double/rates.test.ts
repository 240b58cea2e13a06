/** Auth0's rate limits at the double: the numbers of its plans, the headers, the refusal, and the way back. */
import { describe, expect, test } from 'vitest';
import { Bucket, findGroup, PLANS } from '../../src/double/limits.js';
import { MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';

describe('a bucket', () => {
  test('case=gives its burst, then as many as come back', () => {
    const bucket = new Bucket({ burst: 2, perSecond: 2 }, 1_000_000);
    const levels = [0, 0, 0, 499, 500].map((after) => bucket.take(1_000_000 + after));
    expect(levels.map(({ isEmpty, remaining }) => [isEmpty, remaining])).toEqual([
      [false, 1],
      [false, 0],
      [true, 0],
      [true, 0],
      [false, 0],
    ]);
  });

  test('case=says when it is full again, in seconds of the epoch', () => {
    const bucket = new Bucket({ burst: 10, perSecond: 2 }, 1_000_000);
    for (let call = 0; call < 10; call += 1) bucket.take(1_000_000);
    expect(bucket.take(1_000_000)).toEqual({ limit: 10, remaining: 0, resetsAt: 1_005, isEmpty: true });
  });

  test('case=never holds more than its burst', () => {
    const bucket = new Bucket({ burst: 2, perSecond: 2 }, 0);
    expect(bucket.take(3_600_000).remaining).toBe(1);
  });
});

test.each([
  ['POST', '/organizations/:id/members', 'write members'],
  ['DELETE', '/organizations/:id/members', 'write members'],
  ['POST', '/organizations/:id/members/:user_id/roles', 'write members'],
  ['GET', '/organizations/:id/members', 'read members'],
  ['PATCH', '/organizations/:id/enabled_connections/:connectionId', 'write organization connections'],
  ['POST', '/organizations/:id/invitations', 'write invitations'],
  ['PATCH', '/organizations/:id', 'write organizations'],
  ['GET', '/organizations/:id', undefined],
  ['GET', '/users', 'read users'],
  ['GET', '/users-by-email', 'read users'],
  ['POST', '/users/:id/identities', 'write users'],
  ['GET', '/logs', undefined],
])('case=%s %s counts as %s', (method, route, group) => {
  expect(findGroup(method, route)).toBe(group);
});

test('the plans have the numbers of Auth0’s pages', () => {
  expect(PLANS.free).toEqual({ all: { burst: 2, perSecond: 2 } });
  expect(PLANS.enterprise.all).toEqual({ burst: 50, perSecond: 16 });
  expect(PLANS.enterprise_non_production.all).toEqual({ burst: 10, perSecond: 2 });
  expect(PLANS.enterprise['write members']).toEqual({ burst: 20, perSecond: 200 / 60 });
  expect(PLANS.essentials['read members']).toEqual({ burst: 40, perSecond: 500 / 60 });
});

describe('a server of the free plan', () => {
  const call = (origin: string, path: string, token = 'none') =>
    fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } });

  test('case=the third call in an instant is 429 with Auth0’s body, and passes half a second later', async () => {
    const clock = createManualClock(new Date('2026-11-27T12:00:00Z'));
    const instance = await startInstance({ profile: 'auth0', facts: { rate_plan: 'free' }, clock });
    try {
      const { origin } = instance;
      const first = await call(origin, '/api/v2/organizations');
      expect(first.status, 'a bad token counts as well').toBe(401);
      expect(first.headers.get('x-ratelimit-limit')).toBe('2');
      expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
      await instance.api('GET', '/organizations');
      const third = await call(origin, '/api/v2/organizations');
      expect(third.status).toBe(429);
      expect(third.headers.get('x-ratelimit-remaining')).toBe('0');
      expect(third.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-11-27T12:00:01Z') / 1_000));
      expect(await third.json()).toEqual({
        statusCode: 429,
        error: 'Too Many Requests',
        message: 'Global limit has been reached',
        errorCode: 'too_many_requests',
      });
      clock.advanceMs(500);
      expect(await instance.api('GET', '/organizations')).toEqual([]);
      const token = await fetch(`${origin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(MANAGEMENT_CLIENT),
      });
      expect(token.headers.get('x-ratelimit-limit'), 'only the Management API is limited').toBeNull();
    } finally {
      await instance.stop();
    }
  });
});

test('case=writes of members have a limit of their own, and a faster rehearsal a higher rate', async () => {
  const clock = createManualClock(new Date('2026-11-27T12:00:00Z'));
  const instance = await startInstance({ profile: 'auth0', facts: { rate_plan: 'enterprise', speed: 30 }, clock });
  try {
    const organization = await instance.api('POST', '/organizations', { name: 'acme' });
    const remove = (status: number) =>
      instance.api('DELETE', `/organizations/${organization.id}/members`, { members: ['auth0|x'] }, status);
    for (let count = 0; count < 20; count += 1) await remove(204);
    expect(await remove(429)).toMatchObject({ errorCode: 'too_many_requests' });
    // 200 a minute at thirtyfold speed: one in ten milliseconds.
    clock.advanceMs(10);
    await remove(204);
  } finally {
    await instance.stop();
  }
});

test('case=SCIM has 25 requests a second of a connection, and its own form of refusal', async () => {
  const clock = createManualClock(new Date('2026-11-27T12:00:00Z'));
  const instance = await startInstance({ profile: 'auth0', facts: { rate_plan: 'enterprise' }, clock });
  try {
    const ask = async (connection: string) => {
      const response = await fetch(`${instance.origin}/scim/v2/connections/${connection}/Users`);
      return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
    };
    for (let count = 0; count < 25; count += 1) expect((await ask('con_one')).status).not.toBe(429);
    const refused = await ask('con_one');
    expect(refused).toMatchObject({ status: 429, type: 'application/scim+json; charset=utf-8' });
    expect(JSON.parse(refused.text)).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '429',
    });
    expect((await ask('con_two')).status, 'another connection has its own').not.toBe(429);
    clock.advanceMs(40);
    expect((await ask('con_one')).status).not.toBe(429);
  } finally {
    await instance.stop();
  }
});
