/** Story 34: an address changes at the IdP, or goes on to a new hire. The account follows the subject, never the address. */
import { beforeAll, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
  });

  test('Dana marries: another address, the same subject, the same user, and no second account', async () => {
    stage.cast.people.dana = { sub: 'idp-dana', email: 'dana.new@acme.example', email_verified: true };
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana.new@acme.example'));
    expect(claims.sub).toBe(dana);
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.added).toHaveLength(1);
    expect(changed.users?.removed).toHaveLength(1);
    expect(changed.identities?.added).toMatchObject([
      { user_id: dana, subject: stage.cast.acme.subjectOf('idp-dana') },
    ]);
  });

  test('her old address goes to a new hire: he is a stranger, and does not get her seat', async () => {
    stage.cast.people.hire = { sub: 'idp-hire', email: 'dana@acme.example', email_verified: true };
    const before = await stage.instance.snapshot();
    const answer = await stage.visitor().throughSso('hire', 'dana@acme.example');
    expect(answerOf(answer)).toMatchObject({
      error: 'access_denied',
      error_description: `user ${stage.cast.acme.userIdOf('idp-hire')} is not part of the ${stage.cast.acme.id} organization`,
    });
    expect((await stage.refusal(answer)).details.trace).toContainEqual(
      expect.objectContaining({ rule: 'one_candidate', answer: 'refuse' }),
    );
    await expectNothingLeft(stage.instance, before);
  });

  test('invited under it he gets a seat and an account of his own', async () => {
    const invitation = await stage.cast.invite('dana@acme.example');
    const before = await stage.instance.snapshot();
    const hire = stage.visitor();
    const { claims } = await hire.redeem(await hire.signInAtIdp(await hire.accept(invitation), 'hire'));
    expect(claims.sub).toBe(stage.cast.acme.userIdOf('idp-hire'));
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.removed).toEqual([]);
    expect(changed.identities?.added).toMatchObject([
      { user_id: claims.sub, subject: stage.cast.acme.subjectOf('idp-hire') },
    ]);
    const visitor = stage.visitor();
    const again = await visitor.redeem(await visitor.throughSso('dana', 'dana.new@acme.example'));
    expect(again.claims.sub).toBe(dana);
  });

  test('somebody at the IdP takes the address of another member as his own: it is not his account that opens', async () => {
    const max = await stage.cast.createMember('max@acme.example');
    stage.cast.people.thief = { sub: 'idp-thief', email: 'thief@acme.example', email_verified: true };
    const thief = await stage.cast.createMember('thief@acme.example');
    const first = stage.visitor();
    expect((await first.redeem(await first.throughSso('thief', 'thief@acme.example'))).claims.sub).toBe(thief);
    stage.cast.people.thief = { sub: 'idp-thief', email: 'max@acme.example', email_verified: true };
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.throughSso('thief', 'max@acme.example'));
    expect(claims.sub).toBe(thief);
    expect(claims.sub).not.toBe(max);
  });

  test('two members of the organization share one address: nobody is chosen', async () => {
    const other = await stage.instance.api('POST', '/connections', {
      name: 'Second-Database',
      strategy: 'auth0',
      enabled_clients: [stage.cast.client.id, 'm2m'],
    });
    for (const connection of ['Username-Password-Authentication', other.name]) {
      const user = await stage.instance.api('POST', '/users', {
        connection,
        email: 'twin@acme.example',
        password: 'Correct-horse-7-battery',
        email_verified: true,
      });
      await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [user.user_id] });
    }
    stage.cast.people.twin = { sub: 'idp-twin', email: 'twin@acme.example', email_verified: true };
    const before = await stage.instance.snapshot();
    const answer = await stage.visitor().throughSso('twin', 'twin@acme.example');
    expect((await stage.refusal(answer)).details.code).toBe('resolve.ambiguous_account');
    await expectNothingLeft(stage.instance, before);
  });

  test("the IdP's issuer is another one now: its subjects are other people, and none of the old users opens", async (context) => {
    leaveOut(context, strategy, { 'google-apps': 'all companies have one issuer' });
    const place = await stage.cast.createPlace('moved', {
      ivan: { sub: 'm-ivan', email: 'ivan@moved.example', email_verified: true },
    });
    await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
    const enter = async () => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: place.id, connection: place.connectionName });
      return { visitor, answer: await visitor.signInAtIdp(page, 'ivan') };
    };
    const first = await enter();
    expect((await first.visitor.redeem(first.answer)).claims.sub).toBe(place.userIdOf('m-ivan'));
    const elsewhere = await stage.cast.createPlace('elsewhere', {
      ivan: { sub: 'm-ivan', email: 'ivan@moved.example', email_verified: true },
    });
    await stage.instance.api('PATCH', `/connections/${place.connectionId}`, {
      options: elsewhere.options,
    });
    const before = await stage.instance.snapshot();
    const second = await enter();
    expect(answerOf(second.answer).error).toBe('access_denied');
    expect((await stage.refusal(second.answer)).details.code).toBe('resolve.issuer_changed');
    await expectNothingLeft(stage.instance, before);
  });
});
