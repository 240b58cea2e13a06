/**
 * Story 04: auto-membership is on, and a Post-Login Action allows only people with a verified account of their own. The
 * stranger is refused with the Action's reason and leaves nothing, not even with auto-membership; who may enter, enters.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleAction, managementSecrets, useActions } from '../support/actions.js';
import { hasOpenssl } from '../support/certificate.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/scenarios/04 is skipped: the openssl command is not installed\n');

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  describe.skipIf(!available).each([
    ['4', 'allow-verified-accounts.js', '4.37.1'],
    ['7', 'allow-verified-accounts-sdk7.js', '7.1.0'],
  ])('auth0 %s inside the Action', (_major, file, version) => {
    const stage = useStage({ strategy, https: true });
    let remove: () => Promise<void>;

    beforeAll(async () => {
      await stage.enablement({ assign_membership_on_login: true, link_existing_members: 'never' });
      remove = await useActions(stage.instance, 'post-login', {
        name: 'allow verified accounts',
        code: exampleAction(file),
        dependencies: [{ name: 'auth0', version }],
        secrets: managementSecrets(stage.instance),
      });
    });
    afterAll(() => remove?.());

    test('Sam is refused as often as he tries, with the Action’s reason, and every table is as before', async () => {
      const before = await stage.instance.snapshot();
      const sam = stage.visitor();
      for (const round of [1, 2]) {
        const answer = await sam.throughSso('sam', 'sam@acme.example', { state: `round-${round}` });
        expect(answerOf(answer)).toMatchObject({
          error: 'access_denied',
          error_description: 'You are not authorized for this application.',
          state: `round-${round}`,
        });
        const line = await stage.refusal(answer);
        expect(line).toMatchObject({
          type: 'f',
          details: { code: 'act.denied', actions: [{ trigger: 'post-login', end: 'denied' }] },
        });
        expect(line.details.trace?.at(-1)).toMatchObject({ stage: 'act', answer: 'refuse' });
        await expectNothingLeft(stage.instance, before);
      }
      const cookies = [...sam.browser.cookies(new URL(stage.instance.origin).host).keys()];
      expect(cookies, 'neither a session nor the login that ended').toEqual([]);
    });

    test('who has a verified account is let in by auto-membership', async () => {
      const { api } = stage.instance;
      await api('POST', '/users', {
        connection: 'Username-Password-Authentication',
        email: 'nora@acme.example',
        email_verified: true,
        password: 'correct horse battery 9',
      });
      stage.cast.people.nora = { sub: 'idp-nora', email: 'nora@acme.example', email_verified: true };
      const answer = await stage.visitor().throughSso('nora', 'nora@acme.example');
      expect(answerOf(answer).code, JSON.stringify(answerOf(answer))).toBeDefined();
      const members = await api<{ user_id: string }[]>('GET', `/organizations/${stage.cast.acme.id}/members`);
      expect(members.map((member) => member.user_id)).toContain(stage.cast.acme.userIdOf('idp-nora'));
    });

    test('story 05 after it: the refused stranger is invited, and is in as Ivy was', async () => {
      const invitation = await stage.cast.invite('sam@acme.example');
      const before = await stage.instance.snapshot();
      const sam = stage.visitor();
      const { claims } = await sam.redeem(await sam.signInAtIdp(await sam.accept(invitation), 'sam'));
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(changed.users?.added).toMatchObject([{ user_id: claims.sub, logins_count: 1 }]);
      expect(changed.members?.added).toMatchObject([{ organization_id: stage.cast.acme.id, via: 'invited' }]);
      expect(changed.member_roles?.added).toMatchObject([{ role_id: stage.cast.roleId }]);
      expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: claims.sub }]);
    });
  });
});
