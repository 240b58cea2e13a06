/** Story 01, over each strategy: an invited newcomer comes in through the company's IdP, with auto-membership off. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { type Instance, startInstance } from '../support/instance.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  let instance: Instance;
  let cast: Cast;

  beforeAll(async () => {
    instance = await startInstance();
    cast = await createCast(instance, { strategy });
  });
  afterAll(async () => {
    await cast.stop();
    await instance.stop();
  });

  test('Ivy opens her link, signs in at the IdP and is in: one user, one identity, one membership with the role', async () => {
    const invitation = await cast.invite('ivy@acme.example');
    const before = await instance.snapshot();
    const ivy = new Visitor(cast);
    const answer = await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy');
    const { claims } = await ivy.redeem(answer);
    expect(claims).toMatchObject({
      org_id: cast.acme.id,
      email: 'ivy@acme.example',
      email_verified: true,
      nonce: 'app-nonce',
    });
    expect(answer.url.searchParams.get('iss')).toBe(`${instance.origin}/`);

    const changed = diffSnapshots(before, await instance.snapshot());
    expect(changed.users?.added).toHaveLength(1);
    expect(changed.identities?.added).toMatchObject([
      { connection_id: cast.acme.connectionId, subject: cast.acme.subjectOf('idp-ivy'), bound_by: 'newcomer' },
    ]);
    expect(changed.members?.added).toMatchObject([{ organization_id: cast.acme.id, via: 'invited' }]);
    expect(changed.member_roles?.added).toMatchObject([{ role_id: cast.roleId }]);
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: claims.sub }]);
    expect(changed.password_credentials).toBeUndefined();
  });

  test('an invitation that was used is told so, with a text that tells no more', async () => {
    const invitation = await cast.invite('sam@acme.example');
    const sam = new Visitor(cast);
    await sam.redeem(await sam.signInAtIdp(await sam.accept(invitation), 'sam'));
    const answer = await new Visitor(cast).open({ invitation: invitation.ticket });
    expect(Object.fromEntries(answer.url.searchParams)).toMatchObject({
      error: 'invalid_request',
      error_description: 'invitation not found or already used',
      state: 'app-state',
    });
  });
});
