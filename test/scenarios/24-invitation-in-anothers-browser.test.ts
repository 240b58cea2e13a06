/** Story 24: an invitation that is opened where somebody else is signed in survives, and the page offers to switch. */
import { beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let dana: string;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
  });

  test("Ivy opens her link in Dana's browser: whom it is for and who is signed in is said, and nothing is used up", async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    const invitation = await stage.cast.invite('ivy@acme.example');
    const before = await stage.instance.snapshot();
    const page = await visitor.open({ invitation: invitation.ticket });
    expect(page.url.pathname).toBe('/u/invitation');
    expect(wordsOf(page)).toContain('You are signed in as dana@acme.example');
    expect(wordsOf(page)).toContain('ivy@acme.example');
    expect(page.forms[0]?.fields.action).toBe('switch');
    await expectNothingLeft(stage.instance, before);
    const still = await stage.instance.api('GET', `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`);
    expect(still.ticket_id).toBe(invitation.ticket);

    // She leaves it for now: Dana is still signed in.
    const leaving = stage.visitor(visitor.browser.clone());
    expect(answerOf(await leaving.open({ prompt: 'none' }))).toHaveProperty('code');

    const switched = await visitor.browser.submit(page, { action: 'switch' });
    expect(switched.url.origin).toBe(stage.cast.acme.signInOrigin);
    const ended = diffSnapshots(before, await stage.instance.snapshot());
    expect(ended.sessions?.removed, "Dana's session is over").toHaveLength(1);
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(switched, 'ivy'));
    expect(claims).toMatchObject({ sub: stage.cast.acme.userIdOf('idp-ivy'), org_id: stage.cast.acme.id });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: claims.sub }]);
  });

  test('her own session is not in the way: the page says nothing of anybody else', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    const invitation = await stage.cast.invite('dana@acme.example');
    const page = await visitor.open({ invitation: invitation.ticket });
    expect(wordsOf(page)).not.toContain('You are signed in as');
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.browser.submit(page), 'dana'));
    expect(claims.sub).toBe(dana);
  });

  test('a session never accepts an invitation by itself, with prompt=none neither', async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    const invitation = await stage.cast.invite('sam@acme.example');
    const before = await stage.instance.snapshot();
    const answer = await visitor.open({ invitation: invitation.ticket, prompt: 'none' });
    expect(answerOf(answer).error).toBe('login_required');
    await expectNothingLeft(stage.instance, before);
  });

  test('nor without the ticket: not by a session, and not by a password, which somebody may have planted', async () => {
    const email = 'walt@plain.example';
    const walt = await stage.cast.createMember(email);
    const place = await stage.cast.createPlace('elsewhere', {});
    const invitation = await stage.cast.invite(email, { organizationId: place.id, connectionId: undefined });
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword(email));
    const before = await stage.instance.snapshot();
    // One redirect from a page of the inviter's would be enough (consent that nobody gave).
    const silent = await visitor.open({ organization: place.id, prompt: 'none' });
    expect(answerOf(silent).error).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
    expect(
      answerOf(await visitor.withPassword(email, PASSWORD, { organization: place.id, prompt: 'login' })),
    ).toMatchObject({ error: 'access_denied' });

    // With the link out of the mail it is hers to accept.
    const accepted = await visitor.accept(invitation, { organization: place.id });
    const signIn = await visitor.browser.visit(
      `${stage.instance.origin}/u/login/password?state=${accepted.url.searchParams.get('state')}`,
    );
    const { claims } = await visitor.redeem(await visitor.browser.submit(signIn, { password: PASSWORD }));
    expect(claims).toMatchObject({ sub: walt, org_id: place.id });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: walt }]);
    // A member by now: the session is enough.
    expect(answerOf(await visitor.open({ organization: place.id, prompt: 'none' }))).toHaveProperty('code');
  });
});
