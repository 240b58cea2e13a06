/** Story 06: an invitation to SSO for somebody who is a member already is a grant of roles and a link, not a mistake. */
import { describe, expect, test } from 'vitest';
import { expectSameSeat } from '../support/attendance.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { useStage, wordsOf } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });

  test('Dana accepts: the same user, the SSO identity linked, the role granted, the invitation used', async () => {
    const dana = await stage.cast.createMember('dana@acme.example');
    const invitation = await stage.cast.invite('dana@acme.example');
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.open({ invitation: invitation.ticket });
    expect(wordsOf(page)).toContain('acme sign-in');
    await expectNothingLeft(stage.instance, before);
    const answer = await visitor.signInAtIdp(await visitor.browser.submit(page, { action: 'default' }), 'dana');
    const { claims } = await visitor.redeem(answer);
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });

    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.identities?.added).toMatchObject([
      { user_id: dana, subject: stage.cast.acme.subjectOf('idp-dana') },
    ]);
    expect(changed.member_roles).toMatchObject({ added: [{ user_id: dana, role_id: stage.cast.roleId }], removed: [] });
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: dana }]);
    expectSameSeat(changed);
    expect(changed.users?.added).toMatchObject([{ user_id: dana }]);
    expect(changed.password_credentials).toBeUndefined();
  });

  test('Dana, linked by now, accepts another one: only its role is added', async () => {
    const role = await stage.instance.api('POST', '/roles', { name: 'reviewer' });
    const invitation = await stage.cast.invite('dana@acme.example', { roles: [role.id as string] });
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'dana'));
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.member_roles?.added).toMatchObject([{ role_id: role.id }]);
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id }]);
    expect(changed.identities).toBeUndefined();
    expectSameSeat(changed);
  });

  test('a member who comes without the link of an invitation leaves it alone', async () => {
    const invitation = await stage.cast.invite('dana@acme.example');
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    expect(diffSnapshots(before, await stage.instance.snapshot()).invitations).toBeUndefined();
    const shown = await stage.instance.api('GET', `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`);
    expect(shown.ticket_id).toBe(invitation.ticket);
  });
});
