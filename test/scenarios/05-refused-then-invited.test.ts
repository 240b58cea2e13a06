/** Story 05: a person who was refused yesterday is invited today and gets in like anybody else. */
import { describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });

  test('Sam, refused twice, accepts an invitation and is in as Ivy was in story 01', async () => {
    const sam = stage.visitor();
    for (const _round of [1, 2]) {
      expect(answerOf(await sam.throughSso('sam', 'sam@acme.example')).error).toBe('access_denied');
    }
    const invitation = await stage.cast.invite('sam@acme.example');
    const before = await stage.instance.snapshot();
    const { claims } = await sam.redeem(await sam.signInAtIdp(await sam.accept(invitation), 'sam'));
    expect(claims).toMatchObject({
      sub: stage.cast.acme.userIdOf('idp-sam'),
      org_id: stage.cast.acme.id,
      email: 'sam@acme.example',
      email_verified: true,
    });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.added).toHaveLength(1);
    expect(changed.users?.removed).toEqual([]);
    expect(changed.identities?.added).toMatchObject([
      { subject: stage.cast.acme.subjectOf('idp-sam'), bound_by: 'newcomer' },
    ]);
    expect(changed.members?.added).toMatchObject([{ organization_id: stage.cast.acme.id, via: 'invited' }]);
    expect(changed.member_roles?.added).toMatchObject([{ role_id: stage.cast.roleId }]);
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: claims.sub }]);
  });

  test('an invitation reaches him also when he comes without its link: he proves the address at the IdP', async () => {
    stage.cast.people.tom = { sub: 'idp-tom', email: 'tom@acme.example', email_verified: true };
    const tom = stage.visitor();
    expect(answerOf(await tom.throughSso('tom', 'tom@acme.example')).error).toBe('access_denied');
    const invitation = await stage.cast.invite('tom@acme.example');
    const before = await stage.instance.snapshot();
    const { claims } = await tom.redeem(await tom.throughSso('tom', 'tom@acme.example'));
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: claims.sub }]);
    expect(changed.member_roles?.added).toMatchObject([{ role_id: stage.cast.roleId }]);
  });
});
