/** Auth0's `token_quota`: the most tokens of client_credentials for an application and for an organization, in an hour and in a day of UTC. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFixture, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());

const ASK = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET, audience: 'urn:tenant' };
const ask = (more: Readonly<Record<string, string>> = {}) => at.post('/oauth/token', { ...ASK, ...more });
const quota = (numbers: object) => JSON.stringify({ client_credentials: { enforce: true, ...numbers } });

/** Writes what PATCH writes: the application's quota, the organization's, and the tenant's default. */
async function set({ client, organization, tenant }: { client?: string; organization?: string; tenant?: string }) {
  await at.run("update clients set extra = jsonb_strip_nulls(jsonb_build_object('token_quota', $1::jsonb))", [client]);
  await at.run("update organizations set token_quota = $1::jsonb where id = 'org_acme'", [organization]);
  await at.run("update tenant set extra = jsonb_strip_nulls(jsonb_build_object('default_token_quota', $1::jsonb))", [
    tenant,
  ]);
}

/** Waits for the next hour of UTC. */
function nextHour() {
  at.advance(3_600 - (Math.floor(at.now().getTime() / 1_000) % 3_600));
}

beforeEach(() => {
  at.advance(86_400);
  nextHour();
  at.ledger.length = 0;
});

describe('an application', () => {
  test('gets as many tokens in an hour as its quota says, then 429 until the next hour', async () => {
    await set({ client: quota({ per_hour: 2 }) });
    expect((await ask()).headers['auth0-client-quota-limit']).toBe('b=per_hour;q=2;r=1;t=3600');
    at.advance(600);
    expect((await ask()).headers['auth0-client-quota-limit']).toBe('b=per_hour;q=2;r=0;t=3000');
    const refused = await ask();
    expect([refused.statusCode, refused.json()]).toMatchObject([
      429,
      {
        error: 'access_denied',
        error_description: 'Client token quota exceeded: 2 per hour. Try again in 3000 seconds.',
      },
    ]);
    expect(refused.headers).toMatchObject({
      'retry-after': '3000',
      'auth0-client-quota-limit': 'b=per_hour;q=2;r=0;t=3000',
    });
    expect(at.ledger.at(-1)?.details).toMatchObject({ check: 'grant.quota' });
    nextHour();
    expect((await ask()).statusCode).toBe(200);
  });

  test('has a day beside the hour, and a refused token counts for neither', async () => {
    await set({ client: quota({ per_hour: 1, per_day: 2 }) });
    expect((await ask()).headers['auth0-client-quota-limit']).toMatch(
      /^b=per_hour;q=1;r=0;t=\d+,b=per_day;q=2;r=1;t=\d+$/,
    );
    expect((await ask()).statusCode).toBe(429);
    nextHour();
    expect((await ask()).statusCode).toBe(200);
    nextHour();
    const refused = await ask();
    expect(refused.json().error_description).toContain('2 per day');
  });

  test('uses up nothing by a request that is refused for another reason', async () => {
    await set({ client: quota({ per_hour: 1 }) });
    expect((await ask({ scope: 'no:such' })).statusCode).toBe(403);
    expect((await ask({ client_secret: 'wrong' })).statusCode).toBe(401);
    expect((await ask()).statusCode).toBe(200);
  });

  test('of many requests at once, no more pass than the quota', async () => {
    await set({ client: quota({ per_hour: 3 }) });
    const codes = await Promise.all(Array.from({ length: 12 }, async () => (await ask()).statusCode));
    expect(codes.filter((code) => code === 200)).toHaveLength(3);
    expect(codes.filter((code) => code === 429)).toHaveLength(9);
  });

  test('holds where enforce is not named', async () => {
    await set({ client: JSON.stringify({ client_credentials: { per_hour: 1 } }) });
    expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 429]);
  });

  test('with enforce off nothing is counted', async () => {
    await set({ client: JSON.stringify({ client_credentials: { enforce: false, per_hour: 1 } }) });
    for (let time = 0; time < 3; time += 1) {
      const answer = await ask();
      expect(answer.statusCode).toBe(200);
      expect(answer.headers).not.toHaveProperty('auth0-client-quota-limit');
    }
  });

  test('does not reach the Actions once the quota is used up', async () => {
    await set({ client: quota({ per_hour: 1 }) });
    await at.run("update tenant set actions_bound = '{credentials-exchange}', actions_revision = 'r1'");
    const runs = at.actions.runs.length;
    const codes = [];
    for (let time = 0; time < 3; time += 1) codes.push((await ask()).statusCode);
    await at.run("update tenant set actions_bound = '{}'");
    expect(codes).toEqual([200, 429, 429]);
    expect(at.actions.runs.length - runs).toBe(1);
  });

  test('has the tenant’s default unless it has its own', async () => {
    const tenant = `{"clients": ${quota({ per_hour: 1 })}}`;
    await set({ tenant });
    expect((await ask()).statusCode).toBe(200);
    expect((await ask()).statusCode).toBe(429);
    await set({ tenant, client: quota({ per_hour: 5 }) });
    expect((await ask()).headers['auth0-client-quota-limit']).toContain('q=5;');
  });
});

describe('an organization', () => {
  const OF = { organization: 'org_acme' };

  test('has a quota for all applications together; tokens without it do not count', async () => {
    await set({ organization: quota({ per_hour: 1 }) });
    expect((await ask()).statusCode).toBe(200);
    const first = await ask(OF);
    expect([first.statusCode, first.headers['auth0-organization-quota-limit']]).toEqual([
      200,
      'b=per_hour;q=1;r=0;t=3600',
    ]);
    const refused = await ask(OF);
    expect([refused.statusCode, refused.json().error_description]).toEqual([
      429,
      'Organization token quota exceeded: 1 per hour. Try again in 3600 seconds.',
    ]);
    expect((await ask()).statusCode).toBe(200);
  });

  test('of many requests at once, takes as many from the application’s quota as get a token', async () => {
    await set({ client: quota({ per_hour: 6 }), organization: quota({ per_hour: 3 }) });
    const codes = await Promise.all(Array.from({ length: 12 }, async () => (await ask(OF)).statusCode));
    expect(codes.filter((code) => code === 200)).toHaveLength(3);
    expect((await ask()).headers['auth0-client-quota-limit']).toContain('q=6;r=2;');
  });

  test('takes nothing from the application’s quota when its own is used up', async () => {
    await set({ client: quota({ per_hour: 2 }), tenant: `{"organizations": ${quota({ per_hour: 1 })}}` });
    expect((await ask(OF)).statusCode).toBe(200);
    expect((await ask(OF)).statusCode).toBe(429);
    expect((await ask()).statusCode).toBe(200);
  });
});
