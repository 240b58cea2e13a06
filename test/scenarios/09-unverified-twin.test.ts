/** Story 09: a member whose address was never verified is not linked silently; he proves the old account first. */
import { describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES, SAML_VOUCHES_NOT } from '../support/providers.js';
import { proveByCode, proveByPassword, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({
    strategy,
    people: { ugo: { sub: 'idp-ugo', email: 'ugo@acme.example', email_verified: true } },
  });

  async function arrive(name: string) {
    const email = `${name}@acme.example`;
    const userId = await stage.cast.createMember(email, { verified: false });
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.throughSso(name, email);
    expect(page.url.pathname).toBe('/u/proof');
    await expectNothingLeft(stage.instance, before, 'secret');
    return { email, userId, before, visitor, page };
  }

  async function isVerified(userId: string): Promise<unknown> {
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`);
    return user.email_verified;
  }

  test('Uma proves it by the mailed code: linked, the same user, the address verified from now on', async () => {
    const { email, userId, before, visitor, page } = await arrive('uma');
    const { claims } = await visitor.redeem(await proveByCode(visitor, page, await stage.mailedCode(email)));
    expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id, email_verified: true });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.identities?.added).toMatchObject([
      { user_id: userId, bound_by: 'own_proof', evidence: { own_proof: 'code' } },
    ]);
    expect(changed.members?.added).toMatchObject([{ user_id: userId, via: 'management' }]);
    expect(await isVerified(userId)).toBe(true);
    const again = stage.visitor();
    expect((await again.redeem(await again.throughSso('uma', email))).claims.sub).toBe(userId);
  });

  test('Ugo proves it by his password: linked, and the address that his company proved and he confirmed is verified', async () => {
    const { userId, visitor, page } = await arrive('ugo');
    const { claims } = await visitor.redeem(await proveByPassword(visitor, page, PASSWORD));
    expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id, email_verified: true });
    expect(await isVerified(userId)).toBe(true);
  });

  test('where the company has not proved the domain, the password proves the account but not the address', async (context) => {
    leaveOut(context, strategy, { samlp: SAML_VOUCHES_NOT });
    const place = await stage.cast.createPlace('gamma', {
      ulla: { sub: 'g-ulla', email: 'ulla@gamma.example', email_verified: true },
    });
    const userId = await stage.cast.createMember('ulla@gamma.example', { verified: false, organizationId: place.id });
    const visitor = stage.visitor();
    const typed = await visitor.open({ organization: place.id, connection: place.connectionName });
    const page = await visitor.signInAtIdp(typed, 'ulla');
    const { claims } = await visitor.redeem(await proveByPassword(visitor, page, PASSWORD));
    expect(claims).toMatchObject({ sub: userId, org_id: place.id, email_verified: false });
    expect(await isVerified(userId)).toBe(false);
  });
});
