/** `/stats`: each login and each new account on its day in UTC, nothing else, and bounds for the question. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterAll(() => api.close());

async function note(type: string, userId: string, date: string): Promise<void> {
  await api.database.pool.query(
    `insert into logs (log_id, date, type, user_id) values ('9' || gen_random_uuid(), $1, $2, $3)`,
    [date, type, userId],
  );
}

test('logins, refusals and accounts by day', async () => {
  await api.database.pool.query(
    `update users set created_at = case user_id when $1 then $2::timestamptz else $3::timestamptz end`,
    [cast.dana, '2020-01-30T23:59:59.999Z', '2020-02-02T12:00:00Z'],
  );
  await note('s', cast.dana, '2020-01-31T23:59:59.999Z');
  await note('s', cast.bob, '2020-02-01T00:00:00Z');
  await note('s', cast.bob, '2020-02-01T20:00:00Z');
  for (const type of ['f', 'fp', 'fu', 'fs', 'fi', 'fsa', 'sapi', 'fertft'])
    await note(type, cast.bob, '2020-02-01T20:00:00Z');
  await note('s', cast.bob, '2020-02-03T00:00:00Z');
  const answer = await api.get('/stats/daily?from=20200131&to=20200202');
  const counted = (answer.body as { date: string; logins: number; refusals: number; signups: number }[]).map(
    ({ date, logins, refusals, signups }) => [date, logins, refusals, signups],
  );
  expect(counted).toEqual([
    ['2020-01-31T00:00:00.000Z', 1, 0, 0],
    ['2020-02-01T00:00:00.000Z', 2, 5, 0],
    ['2020-02-02T00:00:00.000Z', 0, 0, 1],
  ]);
});

test('without dates the last thirty days, today the last', async () => {
  const { body } = await api.get('/stats/daily');
  expect(body).toHaveLength(30);
  expect(new Date(body[29].date).getTime()).toBeLessThanOrEqual(Date.now());
  expect(Date.now() - new Date(body[29].date).getTime()).toBeLessThan(2 * 86_400_000);
});

test.each(['from=2020-01-01', 'to=20200230', 'from=20200102&to=20200101', 'from=20190101&to=20200110'])(
  '%s is 400',
  async (query) => {
    expect((await api.get(`/stats/daily?${query}`)).status).toBe(400);
  },
);

test('active users are people who signed in within thirty days, each once', async () => {
  expect((await api.get('/stats/active-users')).body).toBe(0);
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  await note('s', cast.dana, daysAgo(29));
  await note('s', cast.dana, daysAgo(1));
  await note('s', cast.bob, daysAgo(31));
  await note('f', cast.bob, daysAgo(1));
  expect((await api.get('/stats/active-users')).body).toBe(1);
});
