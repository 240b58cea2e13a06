/**
 * Story 07: somebody with a password at the application, but not in Acme, is invited to Acme by SSO. His account is linked after a
 * proof of his own, and without one nothing is left and the invitation lives.
 */
import { describe, expect, test } from 'vitest';
import { PASSWORD, type Place } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { proveByCode, proveByPassword, sameForAll, useStage, wordsOf, wrongCode } from '../support/stage.js';

const names = ['nora', 'nina', 'nick', 'noel', 'nils'] as const;
const people = Object.fromEntries(
  names.map((name) => [name, { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true }]),
);
describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy, people });

  /** Invited, accepted, signed in at the IdP: where does that lead? */
  async function arrive(name: (typeof names)[number]) {
    const userId = await stage.cast.createUser(`${name}@acme.example`);
    const invitation = await stage.cast.invite(`${name}@acme.example`);
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.accept(invitation), name);
    expect(page.url.pathname).toBe('/u/proof');
    return { userId, invitation, before, visitor, page };
  }

  type Arrived = Awaited<ReturnType<typeof arrive>>;

  async function expectLinked({ before, userId, invitation }: Arrived): Promise<void> {
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.users?.added).toMatchObject([{ user_id: userId }]);
    expect(changed.users?.removed).toHaveLength(1);
    expect(changed.identities?.added).toMatchObject([
      { user_id: userId, connection_id: stage.cast.acme.connectionId, bound_by: 'own_proof' },
    ]);
    expect(changed.members?.added).toMatchObject([
      { organization_id: stage.cast.acme.id, user_id: userId, via: 'invited' },
    ]);
    expect(changed.member_roles?.added).toMatchObject([{ user_id: userId, role_id: stage.cast.roleId }]);
    expect(changed.invitations?.added).toMatchObject([{ id: invitation.id, consumed_by: userId }]);
    expect(changed.password_credentials).toBeUndefined();
  }

  test('with the old password: linked, a member with the role, the same user', async () => {
    const arrived = await arrive('nora');
    const { visitor, page, userId } = arrived;
    const { claims } = await visitor.redeem(await proveByPassword(visitor, page, PASSWORD));
    expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id });
    await expectLinked(arrived);
  });

  test('with the code that was mailed: the same', async () => {
    const arrived = await arrive('nina');
    const { visitor, page, userId } = arrived;
    // She has just signed in at her company, and reads why a mail is on its way all the same.
    expect(wordsOf(page)).toContain('take over an account that you have here');
    expect(wordsOf(page)).not.toMatch(/passed on|not proved/);
    const [mail] = (await stage.instance.mail()).filter(({ mail: { to } }) => to === 'nina@acme.example');
    expect(mail?.mail.model).toMatchObject({ reason: 'sign_in' });
    const code = await stage.mailedCode('nina@acme.example');
    const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
    const { claims } = await visitor.redeem(await proveByCode(visitor, page, spaced));
    expect(claims).toMatchObject({ sub: userId, org_id: stage.cast.acme.id });
    await expectLinked(arrived);
  });

  test('without any proof nothing is left, the invitation lives, and with a proof it can still be accepted', async () => {
    const { before, invitation, userId } = await arrive('nick');
    await expectNothingLeft(stage.instance, before, 'secret');
    const again = stage.visitor();
    const page = await again.signInAtIdp(await again.accept(invitation), 'nick');
    const { claims } = await again.redeem(await proveByPassword(again, page, PASSWORD));
    expect(claims.sub).toBe(userId);
  });

  test('a wrong code five times ends it; the right one comes too late, and the invitation lives', async () => {
    const { before, invitation, visitor, page, userId } = await arrive('noel');
    const code = await stage.mailedCode('noel@acme.example');
    const held = visitor.browser.clone();
    let shown = page;
    for (const left of [4, 3, 2, 1]) {
      shown = await proveByCode(visitor, shown, wrongCode(code));
      expect(shown.status).toBe(400);
      expect(wordsOf(shown)).toContain(left === 1 ? 'One try is left' : `${left} tries are left`);
    }
    const last = await proveByCode(visitor, shown, wrongCode(code));
    expect(last.status).toBe(403);
    expect((await stage.refusal(last)).details.code).toBe('authenticate.proof_failed');
    await expectNothingLeft(stage.instance, before, 'secret');
    // A copy of the browser from before the tries cannot begin to count again.
    const copied = await proveByCode(stage.visitor(held), page, code);
    expect(copied.status).toBe(403);
    expect((await stage.refusal(copied)).details.code).toBe('authenticate.proof_failed');
    await expectNothingLeft(stage.instance, before, 'secret');

    const again = stage.visitor();
    const asked = await again.signInAtIdp(await again.accept(invitation), 'noel');
    const { claims } = await again.redeem(await proveByCode(again, asked, await stage.mailedCode('noel@acme.example')));
    expect(claims.sub).toBe(userId);
  });

  test('a new code can be asked for, and the old one is worth nothing then', async () => {
    const arrived = await arrive('nils');
    const { visitor, page } = arrived;
    const old = await stage.mailedCode('nils@acme.example');
    const resent = await visitor.browser.submit(page, { code: '', action: 'resend' });
    const code = await stage.mailedCode('nils@acme.example');
    if (code !== old) expect((await proveByCode(visitor, resent, old)).status).toBe(400);
    await visitor.redeem(await proveByCode(visitor, resent, code));
    await expectLinked(arrived);
  });

  test('where the domain is not proved the question is the same for an address with and without an account', async () => {
    const place: Place = await stage.cast.createPlace('delta', {
      with: { sub: 'd-1', email: 'with@delta.example', email_verified: true },
      none: { sub: 'd-2', email: 'none@delta.example', email_verified: true },
    });
    await stage.cast.createUser('with@delta.example');
    const pages: string[] = [];
    for (const name of ['with', 'none']) {
      const email = `${name}@delta.example`;
      const options = { organizationId: place.id, connectionId: place.connectionId };
      const invitation = await stage.cast.invite(email, options);
      const visitor = stage.visitor();
      const accepted = await visitor.accept(invitation, { organization: place.id });
      const page = await visitor.signInAtIdp(accepted, name);
      expect(page.url.pathname).toBe('/u/proof');
      const other = await visitor.browser.visit(`${page.url.href}&method=password`);
      const wrong = await visitor.browser.submit(other, { password: 'not the password', action: 'password' });
      const mailed = (await stage.instance.mail()).filter(({ mail }) => mail.to === email);
      expect(mailed.map(({ mail }) => mail.template).sort()).toEqual(['invitation', 'proof_code']);
      pages.push([page, other, wrong].map((item) => `${item.status} ${sameForAll(item, email)}`).join('\n'));
    }
    expect(pages[0]).toBe(pages[1]);
    // The reason is true of both, and the link is none of it: they signed in at a company after it.
    expect(pages[0]).toContain('not proved here that this sign-in may vouch for addresses of');
    expect(pages[0]).not.toContain('passed on');
  });

  test('an account that appears while the code is on its way is not opened by it: the question is asked anew', async () => {
    const place = await stage.cast.createPlace('omega', {
      late: { sub: 'o-1', email: 'late@omega.example', email_verified: true },
    });
    const options = { organizationId: place.id, connectionId: place.connectionId };
    const invitation = await stage.cast.invite('late@omega.example', options);
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.accept(invitation, { organization: place.id }), 'late');
    const code = await stage.mailedCode('late@omega.example');
    const userId = await stage.cast.createUser('late@omega.example');
    const before = await stage.instance.snapshot();
    const again = await proveByCode(visitor, page, code);
    expect(again.url.pathname).toBe('/u/proof');
    await expectNothingLeft(stage.instance, before, 'secret');
    const answer = await proveByCode(visitor, again, await stage.mailedCode('late@omega.example'));
    const { claims } = await visitor.redeem(answer);
    expect(claims).toMatchObject({ sub: userId, org_id: place.id });
  });
});
