import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { API, createFixture, DANA, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
});
afterAll(() => at.stop());
beforeEach(async () => {
  at.ledger.length = 0;
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

/** Refreshes and gives the next token; time passes. */
async function next(token: string | undefined): Promise<string> {
  at.advance(10);
  const response = await ask(token);
  expect(response.statusCode).toBe(200);
  return response.json().refresh_token;
}

async function expectRefused(token: string | undefined, check: string, change = {}): Promise<void> {
  at.ledger.length = 0;
  const response = await ask(token, change);
  expect([response.statusCode, response.json().error]).toEqual([403, 'invalid_grant']);
  expect(at.ledger.map((line) => [line.type, line.details.check])).toEqual([['fertft', check]]);
}

describe('refresh_token', () => {
  it('gives new tokens of the same login, without the nonce (OpenID Connect Core section 12.2)', async () => {
    const first = await at.signIn({ audience: API });
    const before = decodeJwt(first.id_token ?? '');
    at.advance(100);
    const response = await ask(first.refresh_token);
    expect(response.statusCode).toBe(200);
    const body = response.json();
    expect(body.refresh_token).not.toBe(first.refresh_token);
    const { nonce, iat, exp, ...after } = decodeJwt(body.id_token);
    expect(nonce).toBeUndefined();
    expect(after).toMatchObject({ sub: DANA, org_id: 'org_acme', sid: 'ses_1', auth_time: before.auth_time });
    expect(iat).toBe((before.iat ?? 0) + 100);
    expect(exp).toBe((before.exp ?? 0) + 100);
    const [line] = await at.run("select * from logs where type = 'sertft'");
    expect(line).toMatchObject({ organization_id: 'org_acme', client_id: 'web', user_id: DANA });
  });

  it('shows the user as he is now', async () => {
    const { refresh_token } = await at.signIn();
    await at.run('update users set email_vouched_by = null where user_id = $1', [DANA]);
    expect(decodeJwt((await ask(refresh_token)).json().id_token).email_verified).toBe(false);
    await at.run("update users set email_vouched_by = 'mail' where user_id = $1", [DANA]);
  });

  it('narrows the scope for one answer and never widens it (RFC 6749 section 6)', async () => {
    const { refresh_token } = await at.signIn({ scope: 'openid email offline_access' });
    const narrow = (await ask(refresh_token, { scope: 'openid' })).json();
    expect(narrow.scope).toBe('openid');
    expect(decodeJwt(narrow.id_token)).not.toHaveProperty('email');
    const wide = (await ask(narrow.refresh_token, { scope: 'openid email profile admin' })).json();
    expect(wide.scope).toBe('openid email');
    const none = await ask(wide.refresh_token, { scope: 'admin' });
    expect([none.statusCode, none.json().error]).toEqual([400, 'invalid_scope']);
    expect((await ask(wide.refresh_token)).json().scope).toBe('openid email offline_access');
  });

  it('costs two statements', async () => {
    const { refresh_token } = await at.signIn();
    const before = at.database.pool.query;
    let count = 0;
    at.database.pool.query = ((...args: Parameters<typeof before>) => {
      count += 1;
      return before.apply(at.database.pool, args);
    }) as typeof before;
    const response = await ask(refresh_token);
    at.database.pool.query = before;
    expect([response.statusCode, count]).toEqual([200, 2]);
  });

  // RFC 9700 section 4.14.2
  it('attack: replay of a rotated token ends the whole family', async () => {
    const { refresh_token: stolen } = await at.signIn();
    const second = await next(stolen);
    const third = await next(second);
    await expectRefused(stolen, 'refresh_token.reused');
    await expectRefused(third, 'refresh_token.revoked');
  });

  it('attack: a replay that races an honest rotation leaves no token alive', async () => {
    const { refresh_token: stolen } = await at.signIn();
    const current = await next(stolen);
    const [honest] = await Promise.all([ask(current), ask(stolen)]);
    const last = honest?.statusCode === 200 ? honest.json().refresh_token : current;
    expect((await ask(last)).statusCode).toBe(403);
  });

  it('attack: a token that escaped the end of its family in a race stays dead when old rows are cleaned up', async () => {
    const { refresh_token: first } = await at.signIn();
    at.advance(10 * 86_400);
    const escaped = await next(first);
    const revoked = await at.run('update refresh_tokens set revoked_at = $1 where rotated_at = $1 returning 1', [
      at.now(),
    ]);
    expect(revoked).toHaveLength(1);
    at.advance(10 * 86_400);
    await cleanUp(at.database.pool, at.now(), { logDays: 90 });
    await expectRefused(escaped, 'refresh_token.revoked');
  });

  it('two exchanges at once of one token: one succeeds at most', async () => {
    const { refresh_token } = await at.signIn();
    const answers = await Promise.all([ask(refresh_token), ask(refresh_token), ask(refresh_token)]);
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
  });

  describe('leeway', () => {
    beforeEach(() => at.run("update clients set refresh_leeway_seconds = 30 where client_id = 'web'"));

    it('lets an application that lost the answer ask again, until the second it ends', async () => {
      const { refresh_token: first } = await at.signIn();
      await next(first);
      at.advance(29);
      expect((await ask(first)).statusCode).toBe(200);
      at.advance(1);
      await expectRefused(first, 'refresh_token.reused');
    });

    it('attack: is not renewed by use', async () => {
      const { refresh_token: first } = await at.signIn();
      for (const seconds of [1, 15, 10]) {
        at.advance(seconds);
        expect((await ask(first)).statusCode).toBe(200);
      }
      at.advance(6);
      await expectRefused(first, 'refresh_token.reused');
    });

    it('attack: ends when the successor has been used, though time is left', async () => {
      const { refresh_token: first } = await at.signIn();
      const second = await next(first);
      const third = await next(second);
      await expectRefused(first, 'refresh_token.reused');
      await expectRefused(third, 'refresh_token.revoked');
    });

    it('tokens of both answers work', async () => {
      const { refresh_token: first } = await at.signIn();
      const lost = await next(first);
      const kept = await next(first);
      expect((await ask(lost)).statusCode).toBe(200);
      expect((await ask(kept)).statusCode).toBe(200);
    });
  });

  it('ends when idle too long, and at its absolute end however often it is used', async () => {
    await at.run(
      "update clients set refresh_lifetime_seconds = 1000, refresh_idle_lifetime_seconds = 400 where client_id = 'web'",
    );
    const { refresh_token: idle } = await at.signIn();
    at.advance(400);
    await expectRefused(idle, 'refresh_token.idle');
    let { refresh_token: busy } = await at.signIn();
    for (let i = 0; i < 3; i += 1) {
      at.advance(300);
      busy = await next(busy);
    }
    at.advance(70);
    await expectRefused(busy, 'refresh_token.expired');
    await at.run(
      "update clients set refresh_lifetime_seconds = 2592000, refresh_idle_lifetime_seconds = 1296000 where client_id = 'web'",
    );
  });

  it('without rotation the same token goes on, its idle time anew with each use, until its absolute end', async () => {
    await at.run("update clients set refresh_rotating = false where client_id = 'web'");
    const { refresh_token } = await at.signIn();
    for (const _ of ['within 15 days of the start', 'within 15 days of the last use']) {
      at.advance(1_200_000);
      const response = await ask(refresh_token);
      expect(response.statusCode).toBe(200);
      expect(response.json()).not.toHaveProperty('refresh_token');
    }
    at.advance(192_000);
    await expectRefused(refresh_token, 'refresh_token.expired');
  });

  // RFC 6749 section 10.4
  it('attack: refresh token of another client, which leaves it alone', async () => {
    const { refresh_token } = await at.signIn();
    await expectRefused(refresh_token, 'refresh_token.other_client', { client_id: 'web2' });
    expect((await ask(refresh_token)).statusCode).toBe(200);
  });

  it.each(['garbage', 'a'.repeat(5000), '€'])('made-up token %#', (token) =>
    expectRefused(token, 'refresh_token.unknown'),
  );

  it('attack: an authorization code as refresh token', async () => {
    await expectRefused(await at.seedCode(), 'refresh_token.unknown');
  });

  describe('the ground it stands on', () => {
    const grounds: [string, string, string, string][] = [
      [
        'a removed member',
        `delete from members where user_id = '${DANA}'`,
        `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'management', now())`,
        'standing.not_a_member',
      ],
      [
        'a blocked user',
        `update users set blocked = true where user_id = '${DANA}'`,
        `update users set blocked = false where user_id = '${DANA}'`,
        'standing.user_blocked',
      ],
      [
        'a blocked organization',
        "update organizations set blocked = true where id = 'org_acme'",
        "update organizations set blocked = false where id = 'org_acme'",
        'standing.organization_blocked',
      ],
      [
        'a connection taken from the organization',
        "delete from organization_connections where organization_id = 'org_acme'",
        "insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_acme', 'r', now())",
        'standing.connection_not_enabled',
      ],
      [
        'a connection switched off for the organization',
        "update organization_connections set is_enabled = false where organization_id = 'org_acme'",
        "update organization_connections set is_enabled = true where organization_id = 'org_acme'",
        'standing.connection_not_enabled',
      ],
      [
        'an identity that was unlinked',
        `delete from identities where user_id = '${DANA}'`,
        `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at) values ('${DANA}', 'i1', 'con_acme', 'bound', 'x', 'dana', now())`,
        'standing.identity_unbound',
      ],
    ];
    it.each(grounds)('%s gets no more tokens, and does when it is put back', async (_name, take, giveBack, check) => {
      const { refresh_token } = await at.signIn();
      await at.run(take);
      await expectRefused(refresh_token, check);
      await at.run(giveBack);
      expect((await ask(refresh_token)).statusCode).toBe(200);
    });

    describe('attack: a company’s connection goes on for the whole account of a member whom it was linked to, without an organization', () => {
      const alone = { organizationId: null, connectionId: 'con_acme', clientId: 'spa' } as const;
      const primary = (is: boolean) => at.run('update identities set is_primary = $1 where user_id = $2', [is, DANA]);
      const served = (is: boolean) =>
        at.run("update organization_connections set is_enabled = $1 where organization_id = 'org_acme'", [is]);
      const refresh = (token: string | undefined) =>
        at.post('/oauth/token', { grant_type: 'refresh_token', client_id: 'spa', refresh_token: token ?? '' });

      it('gets tokens only for an account that it brought, where no organization enabled it', async () => {
        await primary(true);
        await served(false);
        const { refresh_token } = await at.signIn(alone);
        await served(true);
        const enabled = await refresh(refresh_token);
        expect([enabled.statusCode, at.ledger.at(-1)?.details.check]).toEqual([403, 'standing.organization_needed']);
        await served(false);
        await primary(false);
        const linked = await refresh(refresh_token);
        expect([linked.statusCode, at.ledger.at(-1)?.details.check]).toEqual([403, 'standing.organization_needed']);
        await primary(true);
        expect((await refresh(refresh_token)).statusCode).toBe(200);
        await primary(false);
        await served(true);
      });

      it('nor for a code that was given before', async () => {
        await expect(at.signIn(alone)).rejects.toThrow('parameter organization is required for this connection');
      });
    });

    describe('an organization that requires its own sign-in by now', () => {
      const byPassword = { connectionId: 'con_pw' } as const;
      const rollout = (to: string) =>
        at.run("update organization_connections set sso_rollout = $1 where connection_id = 'con_acme'", [to]);
      beforeAll(async () => {
        await at.run("update connections set domain_aliases = '{acme.example}' where id = 'con_acme'");
        await at.run(
          "insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_pw', 'r', now())",
        );
      });
      afterAll(async () => {
        await at.run("delete from organization_connections where connection_id = 'con_pw'");
        await at.run("update connections set domain_aliases = '{}' where id = 'con_acme'");
      });

      it('ends what a password has opened, as it ends a session', async () => {
        const { refresh_token } = await at.signIn(byPassword);
        await rollout('required');
        await expectRefused(refresh_token, 'standing.sso_required');
        await at.run('update members set break_glass = true where user_id = $1', [DANA]);
        const again = await next(refresh_token);
        await at.run('update members set break_glass = false where user_id = $1', [DANA]);
        await rollout('optional');
        expect((await ask(again)).statusCode).toBe(200);
      });

      it('leaves other domains and the company’s own sign-in alone', async () => {
        const company = await at.signIn();
        const other = await at.signIn(byPassword);
        await rollout('required');
        expect((await ask(company.refresh_token)).statusCode).toBe(200);
        await at.run("update connections set domain_aliases = '{other.example}' where id = 'con_acme'");
        expect((await ask(other.refresh_token)).statusCode).toBe(200);
        await at.run("update connections set domain_aliases = '{acme.example}' where id = 'con_acme'");
        await rollout('optional');
      });
    });

    it('without an organization: the connection must be enabled for the client', async () => {
      const { refresh_token } = await at.signIn({ organizationId: null, connectionId: 'con_pw' });
      const again = await next(refresh_token);
      await at.run("delete from connection_clients where client_id = 'web'");
      await expectRefused(again, 'standing.connection_not_enabled');
      await at.run("insert into connection_clients (connection_id, client_id) values ('con_pw', 'web')");
    });
  });
});
