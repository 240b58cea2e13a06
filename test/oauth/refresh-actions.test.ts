/** post-login at the exchange of a refresh token: what the tenant's code says decides, and what it asked for is in the exchange or nowhere. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Effect } from '../../src/domain/actions/action.js';
import { diffSnapshots, snapshotTables } from '../support/database.js';
import { BUSY, DENIED, type ScriptedAnswer, THREW } from '../support/scripted-actions.js';
import { API, createFixture, DANA, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.ledger.length = 0;
  at.actions.runs.length = 0;
  at.actions.answer = () => ({});
  await at.run("update tenant set actions_bound = '{post-login}', actions_revision = 'r1'");
  await at.run("update clients set refresh_leeway_seconds = 0, refresh_rotating = true where client_id = 'web'");
});

const ask = (token: string | undefined, change: Record<string, string> = {}) =>
  at.post('/oauth/token', {
    grant_type: 'refresh_token',
    client_id: 'web',
    client_secret: SECRET,
    refresh_token: token ?? '',
    ...change,
  });

const asks = (...effects: Effect[]): void => {
  at.actions.answer = () => ({ effects });
};

/** Asks with `answer`, and checks that no row but none of the log's has changed; gives the body and the line. */
async function expectNothingRotated(token: string | undefined, answer: ScriptedAnswer) {
  at.actions.answer = () => answer;
  const before = await snapshotTables(at.database.pool);
  const response = await ask(token);
  expect(diffSnapshots(before, await snapshotTables(at.database.pool))).toEqual({});
  expect(at.ledger).toHaveLength(1);
  return { response, body: response.json(), line: at.ledger[0] };
}

describe('what Actions are told', () => {
  test.each([
    ['passkey', [{ name: 'passkey', timestamp: '2026-01-01T00:00:00.000Z' }]],
    ['pwd', [{ name: 'https://example.com/kiosk', timestamp: '2026-01-01T00:00:00.000Z' }]],
  ])('case=the session says how the person signed in: %s', async (name, methods) => {
    await at.run(
      `insert into organization_connections (organization_id, connection_id, revision, created_at)
       values ('org_acme', 'con_pw', 'r', now()) on conflict do nothing`,
    );
    const first = await at.signIn({ scope: 'openid offline_access', connectionId: 'con_pw' });
    await at.run(
      `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at, methods)
       values ($1, 'x', 'ses_1', 'con_pw', now(), now(), now(), now() + interval '1 year', $2)`,
      [DANA, JSON.stringify(methods)],
    );
    await ask(first.refresh_token);
    const told = JSON.stringify(at.actions.runs[0]?.event.authentication);
    expect(told.match(/"name":"(pwd|passkey|federated)"/g)).toEqual([`"name":"${name}"`]);
    await at.run("delete from sessions where id = 'ses_1'");
    await at.run("delete from organization_connections where connection_id = 'con_pw'");
  });

  test('case=the event is Auth0’s, with the protocol of the refresh, and without a secret', async () => {
    const first = await at.signIn({ audience: API, scope: 'openid profile email offline_access' });
    await at.run(`update users set user_metadata = '{"color":"blue"}', logins_count = 7 where user_id = $1`, [DANA]);
    await ask(first.refresh_token, { scope: 'openid email', colour: 'green' });
    const [run] = at.actions.runs;
    // Attack: one member exchanges tokens in a loop, and their colleagues wait. The run counts for the person's share.
    const party = { kind: 'person', name: DANA };
    expect(run).toMatchObject({ organizationId: 'org_acme', party, from: 0, resume: false, effects: [] });
    expect(run?.event).toMatchObject({
      authentication: { methods: [{ name: 'federated' }] },
      client: { client_id: 'web', name: 'Web' },
      connection: { id: 'con_acme', name: 'acme-oidc', strategy: 'oidc' },
      organization: { id: 'org_acme', name: 'acme', membership: { exists: true, via: 'invited' } },
      refresh_token: { client_id: 'web', user_id: DANA, rotating: true, session_id: 'ses_1', metadata: {} },
      request: {
        method: 'POST',
        hostname: 'tenant.example',
        body: { grant_type: 'refresh_token', scope: 'openid email', colour: 'green' },
      },
      resource_server: { identifier: API },
      stats: { logins_count: 7 },
      tenant: { id: 'tenant' },
      transaction: { protocol: 'oauth2-refresh-token', requested_scopes: ['openid', 'email'] },
      user: { user_id: DANA, email: 'dana@acme.example', user_metadata: { color: 'blue' }, given_name: 'Dana' },
    });
    const told = JSON.stringify(run?.event);
    for (const secret of [SECRET, first.refresh_token ?? '', 'client_secret']) expect(told).not.toContain(secret);
    const { expires_at, idle_expires_at, created_at } = (run?.event.refresh_token ?? {}) as Record<string, string>;
    expect(Date.parse(expires_at ?? '')).toBeGreaterThan(Date.parse(created_at ?? ''));
    expect(Date.parse(idle_expires_at ?? '')).toBeGreaterThan(at.now().getTime());
  });

  test('case=a token without an organization has none in its event', async () => {
    const { refresh_token } = await at.signIn({ organizationId: null, connectionId: 'con_pw' });
    expect((await ask(refresh_token)).statusCode).toBe(200);
    expect(at.actions.runs[0]?.event).not.toHaveProperty('organization');
    expect(at.actions.runs[0]).toMatchObject({ organizationId: undefined, fairnessKey: 'client web' });
  });

  test('case=nothing bound: two statements and no run', async () => {
    await at.run("update tenant set actions_bound = '{credentials-exchange}'");
    const { refresh_token } = await at.signIn();
    const before = at.database.pool.query;
    let count = 0;
    at.database.pool.query = ((...args: Parameters<typeof before>) => {
      count += 1;
      return before.apply(at.database.pool, args);
    }) as typeof before;
    const response = await ask(refresh_token);
    at.database.pool.query = before;
    expect([response.statusCode, count, at.actions.runs.length]).toEqual([200, 2, 0]);
  });
});

describe('what they ask for', () => {
  beforeEach(async () => {
    await at.run("delete from logs where type = 'sertft'");
    await at.run('delete from sessions');
  });

  test('case=claims and scopes are in the new tokens, and the line says what ran', async () => {
    const { refresh_token } = await at.signIn({ audience: API });
    asks(
      { kind: 'claim', token: 'id', name: 'https://acme.example/color', value: 'blue' },
      { kind: 'claim', token: 'access', name: 'https://acme.example/level', value: 3 },
      { kind: 'scope', change: 'add', scope: 'read:all' },
      { kind: 'scope', change: 'remove', scope: 'email' },
    );
    const body = (await ask(refresh_token)).json();
    expect(decodeJwt(body.id_token)).toMatchObject({ 'https://acme.example/color': 'blue' });
    const access = decodeJwt(body.access_token);
    expect(access).toMatchObject({ 'https://acme.example/level': 3 });
    expect(body.scope).toBe('openid profile offline_access read:all');
    expect(access.scope).toBe(body.scope);
    const lines = await at.run(`select details from logs where type = 'sertft' and details ? 'actions'`);
    expect(lines[0]?.details).toMatchObject({
      actions: [{ trigger: 'post-login', end: 'done', results: [{ name: 'gate', console: ['hello'] }] }],
    });
  });

  test.each([true, false])(
    'case=metadata and expiries are written with the exchange (rotating: %s)',
    async (rotating) => {
      await at.run('update clients set refresh_rotating = $1 where client_id = $2', [rotating, 'web']);
      const { refresh_token } = await at.signIn();
      await at.run(`update users set user_metadata = '{"old":1,"kept":2}', app_metadata = '{}' where user_id = $1`, [
        DANA,
      ]);
      await at.run(
        `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
       values ($1, $2, 'ses_1', 'con_acme', $3, $3, $3, $4) on conflict do nothing`,
        [DANA, Buffer.from('s'), at.now(), new Date(at.now().getTime() + 86_400_000)],
      );
      const soon = at.now().getTime() + 600_000;
      asks(
        { kind: 'user_metadata', name: 'color', value: 'blue' },
        { kind: 'user_metadata', name: 'old', value: null },
        { kind: 'app_metadata', name: 'plan', value: { tier: 2 } },
        { kind: 'refresh_token_metadata', name: 'device', value: 'laptop' },
        { kind: 'refresh_token_expiry', at: soon },
        { kind: 'refresh_token_idle_expiry', at: soon - 60_000 },
        { kind: 'session_metadata', name: 'seen', value: 'yes' },
        { kind: 'session_expiry', at: soon },
      );
      const body = (await ask(refresh_token)).json();
      const token = rotating ? body.refresh_token : refresh_token;
      const [user] = await at.run('select user_metadata, app_metadata from users where user_id = $1', [DANA]);
      expect(user).toEqual({ user_metadata: { kept: 2, color: 'blue' }, app_metadata: { plan: { tier: 2 } } });
      const [row] = await at.run(
        'select metadata, expires_at, idle_expires_at from refresh_tokens where token_hash = $1',
        [at.opaque.open('refresh', token)?.hash],
      );
      expect(row).toEqual({
        metadata: { device: 'laptop' },
        expires_at: new Date(soon),
        idle_expires_at: new Date(soon - 60_000),
      });
      const [session] = await at.run("select metadata, expires_at from sessions where id = 'ses_1'");
      expect(session).toEqual({ metadata: { seen: 'yes' }, expires_at: new Date(soon) });
      asks({ kind: 'refresh_token_metadata', name: 'device', value: null });
      const next = (await ask(token)).json();
      expect(at.actions.runs[1]?.event.refresh_token).toMatchObject({ metadata: { device: 'laptop' } });
      expect(at.actions.runs[1]?.event.session).toMatchObject({ id: 'ses_1', metadata: { seen: 'yes' } });
      const [after] = await at.run('select metadata from refresh_tokens where token_hash = $1', [
        at.opaque.open('refresh', next.refresh_token ?? token)?.hash,
      ]);
      expect(after).toEqual({ metadata: {} });
      at.advance(700);
      expect((await ask(next.refresh_token ?? token)).json().error).toBe('invalid_grant');
    },
  );

  test('case=metadata of the token is kept by a rotation without Actions', async () => {
    const { refresh_token } = await at.signIn();
    asks({ kind: 'refresh_token_metadata', name: 'device', value: 'laptop' });
    const second = (await ask(refresh_token)).json().refresh_token;
    await at.run("update tenant set actions_bound = '{}'");
    const third = (await ask(second)).json().refresh_token;
    const [row] = await at.run('select metadata from refresh_tokens where token_hash = $1', [
      at.opaque.open('refresh', third)?.hash,
    ]);
    expect(row).toEqual({ metadata: { device: 'laptop' } });
  });

  test('case=what the login’s Actions asked of the refresh token is kept with it', async () => {
    await at.run("update tenant set actions_bound = '{}'");
    const code = await at.seedCode();
    await at.run('update authorization_codes set actions = $1 where code_hash = $2', [
      JSON.stringify({
        idClaims: {},
        accessClaims: {},
        addScopes: [],
        removeScopes: [],
        refreshMetadata: { device: 'phone' },
      }),
      at.opaque.open('code', code)?.hash,
    ]);
    const response = await at.post('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: 'web',
      client_secret: SECRET,
      code,
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      redirect_uri: 'https://app.example.test/callback',
    });
    const [row] = await at.run('select metadata from refresh_tokens where token_hash = $1', [
      at.opaque.open('refresh', response.json().refresh_token)?.hash,
    ]);
    expect(row).toEqual({ metadata: { device: 'phone' } });
  });
});

describe('a refusal rotates nothing', () => {
  test('case=denied', async () => {
    const { refresh_token } = await at.signIn();
    const { response, body, line } = await expectNothingRotated(refresh_token, DENIED);
    expect([response.statusCode, body]).toMatchObject([
      403,
      { error: 'access_denied', error_description: 'not on the list' },
    ]);
    expect(line).toMatchObject({
      type: 'fertft',
      userId: DANA,
      organizationId: 'org_acme',
      details: { check: 'act.denied', actions: [{ trigger: 'post-login', end: 'denied', reason: 'not on the list' }] },
    });
    at.actions.answer = () => ({});
    expect((await ask(refresh_token)).statusCode).toBe(200);
  });

  test('case=threw: a reference for the application, message and stack for the log', async () => {
    const { refresh_token } = await at.signIn();
    const { response, body, line } = await expectNothingRotated(refresh_token, THREW);
    expect([response.statusCode, body]).toMatchObject([
      403,
      {
        error: 'access_denied',
        error_description: 'an Action failed; the log has its error under the error_reference',
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('upstream');
    expect(line?.description).toBe('upstream is down');
    expect(line?.details).toMatchObject({
      trace: [{ evidence: { message: 'upstream is down' } }],
      actions: [{ end: 'failed', reason: 'threw: Error: upstream is down at line 3' }],
    });
  });

  test('case=no free process: try again', async () => {
    const { refresh_token } = await at.signIn();
    const { response, body } = await expectNothingRotated(refresh_token, BUSY);
    expect([response.statusCode, body.error, response.headers['retry-after']]).toEqual([
      503,
      'temporarily_unavailable',
      '1',
    ]);
  });

  test('case=redirect: there is no browser', async () => {
    const { refresh_token } = await at.signIn();
    const end = { kind: 'redirect', url: 'https://elsewhere.example/terms', index: 0 } as const;
    const { response, body } = await expectNothingRotated(refresh_token, { end });
    expect([response.statusCode, body.error]).toEqual([403, 'interaction_required']);
  });

  test('case=another primary user', async () => {
    const { refresh_token } = await at.signIn();
    const effects = [{ kind: 'primary_user', userId: 'auth0|somebody' }] as const;
    const { body } = await expectNothingRotated(refresh_token, { effects });
    expect(body.error).toBe('access_denied');
  });

  test.each(['refresh_token', 'session'] as const)('case=revoke of the %s ends the family', async (what) => {
    const { refresh_token } = await at.signIn();
    const sibling = await at.signIn();
    await at.run(
      `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
       values ($1, $2, 'ses_1', 'con_acme', $3, $3, $3, $4) on conflict do nothing`,
      [DANA, Buffer.from('s'), at.now(), new Date(at.now().getTime() + 86_400_000)],
    );
    at.actions.answer = () => ({
      end: { kind: 'denied', reason: 'stolen', code: undefined, userMessage: undefined },
      effects: [{ kind: 'revoke', what, reason: 'stolen' }],
    });
    expect((await ask(refresh_token)).json()).toMatchObject({ error: 'access_denied', error_description: 'stolen' });
    at.actions.answer = () => ({});
    const again = await ask(refresh_token);
    expect(at.ledger.at(-1)?.details.check).toBe('refresh_token.revoked');
    expect(again.statusCode).toBe(403);
    // Every login of the fixture is of one session: with it all of its families end.
    expect((await ask(sibling.refresh_token)).statusCode).toBe(what === 'session' ? 403 : 200);
    const sessions = await at.run("select 1 from sessions where id = 'ses_1'");
    expect(sessions).toHaveLength(what === 'session' ? 0 : 1);
    await at.run('delete from sessions');
  });
});

describe('attack: what is taken away while an Action runs does not come back with its end', () => {
  const removed: readonly (readonly [string, string, string, string])[] = [
    [
      'standing.not_a_member',
      'the member',
      "delete from members where user_id = 'auth0|dana'",
      "insert into members (organization_id, user_id, via, created_at) values ('org_acme', 'auth0|dana', 'invited', now())",
    ],
    [
      'standing.user_blocked',
      'the account',
      "update users set blocked = true where user_id = 'auth0|dana'",
      "update users set blocked = false where user_id = 'auth0|dana'",
    ],
    [
      'standing.organization_blocked',
      'the organization',
      "update organizations set blocked = true where id = 'org_acme'",
      "update organizations set blocked = false where id = 'org_acme'",
    ],
    [
      'standing.connection_not_enabled',
      'the connection',
      "update organization_connections set is_enabled = false where organization_id = 'org_acme'",
      "update organization_connections set is_enabled = true where organization_id = 'org_acme'",
    ],
    [
      'standing.identity_unbound',
      'the identity',
      "update identities set status = 'expected' where user_id = 'auth0|dana'",
      "update identities set status = 'bound' where user_id = 'auth0|dana'",
    ],
  ];
  const byPassword =
    "insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_pw', 'r', now()) on conflict do nothing";
  test('case=standing.sso_required: the password is not enough any more', async () => {
    await at.run(byPassword);
    await at.run("update connections set domain_aliases = '{acme.example}' where id = 'con_acme'");
    const { refresh_token } = await at.signIn({ connectionId: 'con_pw' });
    restore = "update organization_connections set sso_rollout = 'optional'";
    at.actions.answer = async () => {
      await at.run("update organization_connections set sso_rollout = 'required' where connection_id = 'con_acme'");
      return {};
    };
    const response = await ask(refresh_token);
    expect([response.statusCode, at.ledger.at(-1)?.details.check]).toEqual([403, 'standing.sso_required']);
  });
  test('case=standing.organization_needed: an organization enables the connection that brought the account', async () => {
    await at.run(
      "insert into connection_clients (connection_id, client_id) values ('con_acme', 'web') on conflict do nothing",
    );
    await at.run("update identities set is_primary = true where user_id = 'auth0|dana'");
    await at.run("update organization_connections set is_enabled = false where connection_id = 'con_acme'");
    const { refresh_token } = await at.signIn({ organizationId: null });
    restore = "update identities set is_primary = false where user_id = 'auth0|dana'";
    at.actions.answer = async () => {
      await at.run("update organization_connections set is_enabled = true where connection_id = 'con_acme'");
      return {};
    };
    const response = await ask(refresh_token);
    expect([response.statusCode, at.ledger.at(-1)?.details.check]).toEqual([403, 'standing.organization_needed']);
  });
  let restore = '';
  afterEach(async () => {
    if (restore !== '') await at.run(restore);
    restore = '';
  });

  describe.each([true, false])('rotating: %s', (rotating) => {
    beforeEach(() => at.run('update clients set refresh_rotating = $1 where client_id = $2', [rotating, 'web']));

    test.each(removed)('case=%s: %s is gone', async (check, _what, remove, back) => {
      const { refresh_token } = await at.signIn();
      restore = back;
      let before: Awaited<ReturnType<typeof snapshotTables>> = {};
      at.actions.answer = async () => {
        await at.run(remove);
        before = await snapshotTables(at.database.pool);
        return { effects: [{ kind: 'user_metadata', name: 'left', value: 'behind' }] };
      };
      const response = await ask(refresh_token);
      expect(response.statusCode).toBe(403);
      expect(response.json()).not.toHaveProperty('access_token');
      expect(diffSnapshots(before, await snapshotTables(at.database.pool))).toEqual({});
      expect(at.ledger.map((line) => [line.type, line.details.check])).toEqual([['fertft', check]]);
      expect(at.ledger[0]?.details.actions).toHaveLength(1);
      // The family lives: taking something away for a moment is no theft.
      await at.run(back);
      restore = '';
      at.actions.answer = () => ({});
      expect((await ask(refresh_token)).statusCode).toBe(200);
    });

    test('case=its family was ended', async () => {
      const { refresh_token } = await at.signIn();
      at.actions.answer = async () => {
        await at.run('update refresh_tokens set revoked_at = now()');
        return {};
      };
      expect((await ask(refresh_token)).json().error).toBe('invalid_grant');
    });

    test('case=its time ran out', async () => {
      const { refresh_token } = await at.signIn();
      at.actions.answer = async () => {
        at.advance(400 * 86_400);
        return {};
      };
      expect((await ask(refresh_token)).json().error).toBe('invalid_grant');
      expect(at.ledger.at(-1)?.details.check).toBe('refresh_token.expired');
    });
  });

  test('case=it was exchanged meanwhile: two answers for one token would be a theft unseen', async () => {
    const { refresh_token } = await at.signIn();
    let nested: { statusCode: number } | undefined;
    at.actions.answer = async () => {
      at.actions.answer = () => ({});
      nested = await ask(refresh_token);
      return {};
    };
    const outer = await ask(refresh_token);
    expect([nested?.statusCode, outer.statusCode]).toEqual([200, 403]);
    expect(at.ledger.at(-1)?.details.check).toBe('refresh_token.reused');
  });

  test('case=within the leeway, its successor was used meanwhile', async () => {
    await at.run("update clients set refresh_leeway_seconds = 60 where client_id = 'web'");
    const { refresh_token } = await at.signIn();
    at.actions.answer = async () => {
      at.actions.answer = () => ({});
      const second = (await ask(refresh_token)).json().refresh_token;
      expect((await ask(second)).statusCode).toBe(200);
      return {};
    };
    expect((await ask(refresh_token)).statusCode).toBe(403);
  });
});
