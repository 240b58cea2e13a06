/** Story 02, over each strategy: a member with a password comes in through the company's IdP, with auto-membership off, and is who he was. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSameSeat } from '../support/attendance.js';
import { diffSnapshots, type Snapshot } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;

  const member = () => `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(dana)}`;

  describe('Dana, a member for a year', () => {
    let before: Snapshot;
    beforeAll(async () => {
      dana = await stage.cast.createMember('dana@acme.example');
      await stage.instance.api('POST', `${member()}/roles`, { roles: [stage.cast.roleId] });
      before = await stage.instance.snapshot();
    });

    test('types her address, signs in at the IdP, and is in with the user_id and the roles that she had', async () => {
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id, email: 'dana@acme.example' });

      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(changed.identities).toMatchObject({
        added: [
          {
            user_id: dana,
            connection_id: stage.cast.acme.connectionId,
            subject: stage.cast.acme.subjectOf('idp-dana'),
            bound_by: 'silent',
          },
        ],
        removed: [],
      });
      expect(changed.users?.added).toMatchObject([{ user_id: dana }]);
      expectSameSeat(changed);
      expect(changed.member_roles).toBeUndefined();
      expect(changed.password_credentials).toBeUndefined();
      expect(changed.outbox).toBeUndefined();
      const [line] = await stage.logs();
      expect((await stage.logs()).find((item) => item.type === 's')).toMatchObject({
        user_id: dana,
        details: { rule: 'member' },
      });
      expect(line).toBeDefined();
    });

    test('signs in a second time: she is recognised, and no identity is added', async () => {
      const again = await stage.instance.snapshot();
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
      expect(claims.sub).toBe(dana);
      const changed = diffSnapshots(again, await stage.instance.snapshot());
      expect(changed.identities).toBeUndefined();
      expectSameSeat(changed);
      expect(changed.users?.added).toHaveLength(1);
    });

    test('has come in, which the people of the organization tell; she has proved no account', async () => {
      const find = () =>
        stage.instance.api<{ people: { member: Record<string, unknown> }[] }>(
          'POST',
          `/organizations/${stage.cast.acme.id}/people/find`,
          { user_ids: [dana] },
        );
      const { people } = await find();
      const { member: seat } = people[0] as (typeof people)[0];
      expect(seat).toMatchObject({
        own_proof_at: null,
        first_login: expect.any(String),
        last_login: expect.any(String),
      });
      expect(Date.parse(String(seat.last_login))).toBeGreaterThan(Date.parse(String(seat.first_login)));
      const totals = await stage.instance.api('GET', `/organizations/${stage.cast.acme.id}/people/totals`);
      expect(totals).toMatchObject({ members: 1, never_logged_in: 0, without_own_proof: 1 });
    });

    test('continues a session, and under prompt=none: each is a sign-in here; a refusal and a refresh are none', async () => {
      const visitor = stage.visitor();
      const { refreshToken } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
      for (const parameters of [{}, { prompt: 'none' }]) {
        const then = await stage.instance.snapshot();
        expect(answerOf(await visitor.open(parameters))).toHaveProperty('code');
        expectSameSeat(diffSnapshots(then, await stage.instance.snapshot()));
      }
      const then = await stage.instance.snapshot();
      await fetch(`${stage.instance.origin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          client_id: stage.cast.client.id,
          client_secret: stage.cast.client.secret,
        }),
      });
      await stage.visitor().withPassword('dana@acme.example', 'not her password');
      expectSameSeat(diffSnapshots(then, await stage.instance.snapshot()), 'did not come in');
    });

    test('may write her address as she likes: capitals are the same person', async () => {
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.throughSso('dana', ' DANA@Acme.Example '));
      expect(claims.sub).toBe(dana);
    });

    test('still gets in with her password, as the same user', async () => {
      const visitor = stage.visitor();
      const { claims } = await visitor.redeem(await visitor.withPassword('dana@acme.example'));
      expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
      const roles = await stage.instance.api<{ id: string }[]>('GET', `${member()}/roles`);
      expect(roles.map((role) => role.id)).toEqual([stage.cast.roleId]);
    });
  });

  test('what was opened before the binding ends with it: an older session and an older refresh token', async () => {
    stage.cast.people.lena = { sub: 'idp-lena', email: 'lena@acme.example', email_verified: true };
    await stage.cast.createMember('lena@acme.example');
    const early = stage.visitor();
    const first = await early.redeem(await early.withPassword('lena@acme.example'));
    const lena = stage.visitor();
    await lena.redeem(await lena.throughSso('lena', 'lena@acme.example'));
    const silent = answerOf(await early.open({ prompt: 'none' }));
    expect(silent).toMatchObject({ error: 'login_required' });
    const refreshed = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: first.refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect(refreshed.ok).toBe(false);
  });

  test('with link_existing_members = never the answer is that of Auth0: another user, who is no member', async () => {
    stage.cast.people.max = { sub: 'idp-max', email: 'max@acme.example', email_verified: true };
    await stage.cast.createMember('max@acme.example');
    await stage.enablement({ link_existing_members: 'never' });
    try {
      const before = await stage.instance.snapshot();
      const answer = await stage.visitor().throughSso('max', 'max@acme.example');
      expect(answerOf(answer)).toMatchObject({
        error: 'access_denied',
        error_description: `user ${stage.cast.acme.userIdOf('idp-max')} is not part of the ${stage.cast.acme.id} organization`,
      });
      await expectNothingLeft(stage.instance, before);
    } finally {
      await stage.enablement({ link_existing_members: 'verified_email' });
    }
  });
});
