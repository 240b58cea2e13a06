/** Story 28: what the login depends on is taken away while the person is at the IdP. Refused, and nothing is left. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let round = 0;
  let email: string;
  let userId: string;
  let login: string;

  beforeEach(() => {
    round += 1;
    login = `p${round}`;
    email = `${login}@acme.example`;
    stage.cast.people[login] = { sub: `idp-${login}`, email, email_verified: true };
  });

  const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
  const acme = () => `/organizations/${stage.cast.acme.id}`;

  /** Comes back from the IdP after `change` and is refused with `code`. */
  async function expectRefusedAfter(
    way: { visitor: Visitor; page: Visit },
    change: () => Promise<unknown>,
    code: string,
  ): Promise<void> {
    await change();
    const before = await stage.instance.snapshot();
    const answer = await way.visitor.signInAtIdp(way.page, login);
    expect((await stage.refusal(answer)).details.code).toBe(code);
    await expectNothingLeft(stage.instance, before);
  }

  async function atTheIdp(): Promise<{ visitor: Visitor; page: Visit }> {
    const visitor = stage.visitor();
    return { visitor, page: await visitor.type(await visitor.open(), email) };
  }

  async function changeOptions(changes: Json): Promise<void> {
    const path = `/connections/${stage.cast.acme.connectionId}`;
    const { options } = await api('GET', path);
    await api('PATCH', path, { options: { ...(options as Json), ...changes } });
  }

  describe('a member who was never linked', () => {
    beforeEach(async () => {
      userId = await stage.cast.createMember(email);
    });

    test('the membership', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('DELETE', `${acme()}/members`, { members: [userId] }),
        'admit.not_a_member',
      );
    });

    test('the user is blocked', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true }),
        'admit.user_blocked',
      );
    });

    test('the user is deleted', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('DELETE', `/users/${encodeURIComponent(userId)}`),
        'admit.not_a_member',
      );
    });

    test("the proof of the company's domain, withdrawn and deleted", async () => {
      const domain = await api('GET', `${acme()}/discovery-domains/name/acme.example`);
      const path = `${acme()}/discovery-domains/${domain.id}`;
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('PATCH', path, { status: 'pending' }),
        'identify.connection_changed',
      );
      await api('PATCH', path, { status: 'verified' });
      await expectRefusedAfter(await atTheIdp(), () => api('DELETE', path), 'identify.connection_changed');
      await api('POST', `${acme()}/discovery-domains`, { domain: 'acme.example', status: 'verified' });
      const { visitor, page } = await atTheIdp();
      expect((await visitor.redeem(await visitor.signInAtIdp(page, login))).claims.sub).toBe(userId);
    });

    test("the connection's options", async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => changeOptions({ scope: 'openid email' }),
        'identify.connection_changed',
      );
    });

    test('how the organization uses the connection', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => stage.enablement({ link_existing_members: 'never' }),
        'identify.connection_changed',
      );
      await stage.enablement({ link_existing_members: 'verified_email' });
    });

    test('the connection is taken from the organization', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('DELETE', `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`),
        'identify.connection_not_enabled',
      );
      await api('POST', `${acme()}/enabled_connections`, { connection_id: stage.cast.acme.connectionId });
    });

    test('the connection is switched off and on again: what began before does not count', async () => {
      const path = `${acme()}/enabled_connections/${stage.cast.acme.connectionId}`;
      await expectRefusedAfter(
        await atTheIdp(),
        async () => {
          await api('DELETE', path);
          await api('POST', `${acme()}/enabled_connections`, { connection_id: stage.cast.acme.connectionId });
        },
        'identify.connection_changed',
      );
    });

    test('the organization is blocked', async () => {
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('PATCH', acme(), { blocked: true }),
        'identify.organization_blocked',
      );
      await api('PATCH', acme(), { blocked: false });
    });
  });

  describe('others', () => {
    test('the invitation is withdrawn', async () => {
      const invitation = await stage.cast.invite(email);
      const visitor = stage.visitor();
      const page = await visitor.accept(invitation);
      await expectRefusedAfter(
        { visitor, page },
        () => api('DELETE', `${acme()}/invitations/${invitation.id}`),
        'identify.invitation_not_found',
      );
    });

    test('auto-membership is switched off', async () => {
      await stage.enablement({ assign_membership_on_login: true });
      await expectRefusedAfter(
        await atTheIdp(),
        () => stage.enablement({ assign_membership_on_login: false }),
        'identify.connection_changed',
      );
    });

    test('somebody who was linked long ago loses the membership: he is refused as himself', async () => {
      userId = await stage.cast.createMember(email);
      const first = stage.visitor();
      await first.redeem(await first.throughSso(login, email));
      await expectRefusedAfter(
        await atTheIdp(),
        () => api('DELETE', `${acme()}/members`, { members: [userId] }),
        'admit.not_a_member',
      );
    });

    test('the application is deleted: a page, and no way back to an address that nobody vouches for', async () => {
      const client = await api('POST', '/clients', {
        name: 'Short-lived',
        callbacks: ['http://127.0.0.1:9/callback'],
        organization_usage: 'require',
      });
      const visitor = stage.visitor();
      const page = await visitor.type(await visitor.open({ client_id: client.client_id as string }), email);
      await api('DELETE', `/clients/${client.client_id}`);
      const before = await stage.instance.snapshot();
      const answer = await visitor.signInAtIdp(page, login);
      expect(answer.status).toBe(400);
      expect(answer.text).not.toContain('127.0.0.1:9');
      expect((await stage.refusal(answer)).details.code).toBe('identify.unknown_client');
      await expectNothingLeft(stage.instance, before);
    });

    test('a proof of his own is asked for, and the seat is taken away while the code is on its way', async () => {
      userId = await stage.cast.createMember(email, { verified: false });
      const { visitor, page } = await atTheIdp();
      const question = await visitor.signInAtIdp(page, login);
      await api('DELETE', `${acme()}/members`, { members: [userId] });
      const before = await stage.instance.snapshot();
      const answer = await visitor.browser.submit(question, { code: await stage.mailedCode(email), action: 'code' });
      expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
      await expectNothingLeft(stage.instance, before, 'secret');
    });
  });
});
