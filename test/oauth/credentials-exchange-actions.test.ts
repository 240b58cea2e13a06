/** credentials-exchange: the tenant's code has its say about a token for a machine, and a token without it costs what it did. */
import { connect } from 'node:net';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { diffSnapshots, snapshotTables } from '../support/database.js';
import { BUSY, type ScriptedAnswer, THREW } from '../support/scripted-actions.js';
import { API, createFixture, type Fixture, ORIGIN, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.ledger.length = 0;
  at.actions.runs.length = 0;
  at.actions.answer = () => ({});
  await at.run("update tenant set actions_bound = '{credentials-exchange}', actions_revision = 'r1'");
});

const ask = (change: Record<string, string> = {}) =>
  at.post('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: 'machine',
    client_secret: SECRET,
    audience: API,
    ...change,
  });

const deny = (code: string | undefined): ScriptedAnswer => ({
  end: { kind: 'denied', reason: 'not today', code, userMessage: undefined },
});

describe('what Actions are told', () => {
  test('case=the event is Auth0’s, without a secret and without an account', async () => {
    await at.run(`update clients set client_metadata = '{"team":"ops"}' where client_id = 'machine'`);
    expect((await ask({ scope: 'read:things', colour: 'green' })).statusCode).toBe(200);
    const [run] = at.actions.runs;
    expect([run?.organizationId, run?.fairnessKey]).toEqual([undefined, 'client machine']);
    expect(run?.event).toEqual({
      accessToken: { customClaims: {}, scope: ['read:things'] },
      client: { client_id: 'machine', name: 'Machine', metadata: { team: 'ops' } },
      request: {
        ip: '127.0.0.1',
        hostname: 'tenant.example',
        user_agent: 'lightMyRequest',
        method: 'POST',
        body: {
          grant_type: 'client_credentials',
          client_id: 'machine',
          audience: API,
          scope: 'read:things',
          colour: 'green',
        },
        geoip: {},
      },
      resource_server: { identifier: API },
      tenant: { id: 'tenant' },
      transaction: { requested_scopes: ['read:things'] },
    });
  });

  test('case=the organization is there when one was asked for', async () => {
    await ask({ audience: 'urn:tenant', organization: 'org_acme' });
    const [run] = at.actions.runs;
    expect(run?.organizationId).toBe('org_acme');
    expect(run?.event).toMatchObject({
      organization: { id: 'org_acme', name: 'acme', display_name: 'acme', metadata: {} },
      transaction: { requested_scopes: [] },
      accessToken: { scope: ['read:things'] },
    });
  });

  test('case=they learn when the application has gone away', async () => {
    const address = new URL(await at.app.listen({ port: 0, host: '127.0.0.1' }));
    let seen: boolean[] = [];
    const over = new Promise<void>((resolve) => {
      at.actions.answer = async ({ isWanted }) => {
        seen = [isWanted?.() ?? false];
        socket.destroy();
        await vi.waitUntil(() => isWanted?.() === false, { timeout: 10_000 });
        seen.push(isWanted?.() ?? true);
        resolve();
        return {};
      };
    });
    const socket = connect(Number(address.port), '127.0.0.1');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: SECRET,
      audience: API,
    });
    const head = `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.toString().length}`;
    socket.write(`POST /oauth/token HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${body}`);
    await over;
    expect(seen).toEqual([true, false]);
  });

  test('case=nothing bound: one statement', async () => {
    await at.run("update tenant set actions_bound = '{post-login}'");
    const before = at.database.pool.query;
    let count = 0;
    at.database.pool.query = ((...args: Parameters<typeof before>) => {
      count += 1;
      return before.apply(at.database.pool, args);
    }) as typeof before;
    const response = await ask();
    at.database.pool.query = before;
    expect([response.statusCode, count, at.actions.runs.length]).toEqual([200, 1, 0]);
  });

  test('case=a request that is refused anyway asks nobody', async () => {
    expect((await ask({ client_secret: 'wrong' })).statusCode).toBe(401);
    expect((await ask({ audience: 'urn:nowhere' })).statusCode).toBe(403);
    expect(at.actions.runs).toEqual([]);
  });
});

test('case=claims and scopes are in the token, which keeps its own names', async () => {
  at.actions.answer = () => ({
    effects: [
      { kind: 'claim', token: 'access', name: 'https://acme.example/team', value: 'ops' },
      { kind: 'claim', token: 'access', name: 'sub', value: 'somebody else' },
      { kind: 'scope', change: 'add', scope: 'audit:things' },
      { kind: 'scope', change: 'remove', scope: 'write:things' },
    ],
  });
  const body = (await ask()).json();
  expect(body.scope).toBe('read:things audit:things');
  expect(decodeJwt(body.access_token)).toMatchObject({
    sub: 'machine@clients',
    'https://acme.example/team': 'ops',
    scope: 'read:things audit:things',
  });
});

test('case=no scope of the Management API can be had by an Action: client grants alone decide there', async () => {
  const audience = `${ORIGIN}/api/v2/`;
  await at.run(`insert into resource_servers (id, identifier, scopes, is_system, created_at)
    values ('api_system', '${audience}', '[{"value": "update:actions"}]', true, now()) on conflict do nothing`);
  await at.run(`insert into client_grants (client_id, audience, id, scopes, created_at)
    values ('machine', '${audience}', 'cgr_system', '{update:actions}', now())`);
  at.actions.answer = () => ({ effects: [{ kind: 'scope', change: 'add', scope: 'delete:users' }] });
  const body = (await ask({ audience })).json();
  expect(body.scope).toBe('update:actions');
  expect(decodeJwt(body.access_token).scope).toBe('update:actions');
  await at.run(`delete from client_grants where id = 'cgr_system'`);
});

describe('a refusal', () => {
  test.each([
    ['invalid_scope', 400, 'invalid_scope'],
    ['invalid_request', 400, 'invalid_request'],
    ['server_error', 500, 'server_error'],
    ['access_denied', 403, 'access_denied'],
    ['made_up', 403, 'access_denied'],
    [undefined, 403, 'access_denied'],
  ])('case=denied with %s: %i %s', async (code, status, error) => {
    at.actions.answer = () => deny(code);
    const before = await snapshotTables(at.database.pool);
    const response = await ask();
    expect([response.statusCode, response.json()]).toMatchObject([status, { error, error_description: 'not today' }]);
    expect(diffSnapshots(before, await snapshotTables(at.database.pool))).toEqual({});
    expect(at.ledger).toMatchObject([
      {
        type: 'feccft',
        clientId: 'machine',
        details: { error, check: 'act.denied', actions: [{ trigger: 'credentials-exchange', end: 'denied' }] },
      },
    ]);
  });

  test('case=threw: never a token', async () => {
    at.actions.answer = () => THREW;
    const response = await ask();
    expect([response.statusCode, response.json()]).toMatchObject([
      403,
      {
        error: 'access_denied',
        error_description: 'an Action failed; the log has its error under the error_reference',
      },
    ]);
    expect(at.ledger[0]?.description).toBe('upstream is down');
    expect(at.ledger[0]?.details.actions).toMatchObject([{ reason: 'threw: Error: upstream is down at line 3' }]);
  });

  test('case=no free process: try again', async () => {
    at.actions.answer = () => BUSY;
    expect((await ask()).json().error).toBe('temporarily_unavailable');
  });

  test.each([
    ['the grant', "delete from client_grants where client_id = 'machine' and audience = 'urn:tenant'"],
    ['the organization', "update organizations set blocked = true where id = 'org_acme'"],
    ['the client', "delete from clients where client_id = 'machine'"],
  ])('attack: %s is taken away while an Action runs', async (_what, remove) => {
    at.actions.answer = async () => {
      await at.run(remove);
      return {};
    };
    const response = await ask({ audience: 'urn:tenant', organization: 'org_acme' });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.json()).not.toHaveProperty('access_token');
    await at.run("update organizations set blocked = false where id = 'org_acme'");
    await at.run(
      `insert into client_grants (client_id, audience, id, scopes, organization_usage, allow_any_organization, created_at)
       select 'machine', 'urn:tenant', 'cgr_3', '{read:things}', 'allow', true, now()
       where exists (select from clients where client_id = 'machine') on conflict do nothing`,
    );
  });
});
