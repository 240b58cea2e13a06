/** Story 21: an invitation by another customer, accepted through that customer's IdP, opens nobody's account without his own proof. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { proveByCode, proveByPassword, sameForAll, useStage, wrongCode } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  let evil: Place;
  let dana: string;

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
    evil = await stage.cast.createPlace('evil', {
      dana: { sub: 'e-1', email: 'dana@acme.example', email_verified: true },
      nobody: { sub: 'e-2', email: 'nobody@acme.example', email_verified: true },
    });
  });

  async function acceptAtEvil(login: string, email: string) {
    const options = { organizationId: evil.id, connectionId: evil.connectionId };
    const invitation = await stage.cast.invite(email, options);
    const before = await stage.instance.snapshot();
    const mallory = stage.visitor();
    const page = await mallory.signInAtIdp(await mallory.accept(invitation, { organization: evil.id }), login);
    expect(page.url.pathname).toBe('/u/proof');
    return { before, mallory, page };
  }

  test('Mallory is asked for a proof that only Dana has: five guesses, nothing left, the mail went to Dana', async () => {
    const { before, mallory, page } = await acceptAtEvil('dana', 'dana@acme.example');
    const code = await stage.mailedCode('dana@acme.example');
    let shown = page;
    for (let round = 0; round < 4; round++) shown = await proveByCode(mallory, shown, wrongCode(code));
    const last = await proveByPassword(mallory, shown, 'guessed-Password-1');
    expect((await stage.refusal(last)).details.code).toBe('authenticate.proof_failed');
    await expectNothingLeft(stage.instance, before, 'secret');
  });

  test('the question is the same for an address that has no account', async () => {
    const known = await acceptAtEvil('dana', 'dana@acme.example');
    const unknown = await acceptAtEvil('nobody', 'nobody@acme.example');
    expect(sameForAll(known.page, 'dana@acme.example')).toBe(sameForAll(unknown.page, 'nobody@acme.example'));
  });

  test('without the link in hand the invitation is nothing: her IdP alone does not make the address good', async () => {
    const before = await stage.instance.snapshot();
    const mallory = stage.visitor();
    const page = await mallory.open({ organization: evil.id, connection: evil.connectionName });
    const answer = await mallory.signInAtIdp(page, 'dana');
    expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });

  test('the code that was mailed is worth nothing in another browser', async () => {
    const first = await acceptAtEvil('dana', 'dana@acme.example');
    const code = await stage.mailedCode('dana@acme.example');
    const second = await acceptAtEvil('dana', 'dana@acme.example');
    const newer = await stage.mailedCode('dana@acme.example');
    if (code !== newer) expect((await proveByCode(second.mallory, second.page, code)).status).toBe(400);
    await expectNothingLeft(stage.instance, second.before, 'secret');
    expect(first.page.url.href).not.toBe(second.page.url.href);
  });

  test('only Dana can: with her own proof the account is hers in both organizations, and each session good for one', async () => {
    const { before, mallory, page } = await acceptAtEvil('dana', 'dana@acme.example');
    const answer = await proveByCode(mallory, page, await stage.mailedCode('dana@acme.example'));
    const { claims } = await mallory.redeem(answer);
    expect(claims).toMatchObject({ sub: dana, org_id: evil.id });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(changed.identities?.added).toMatchObject([{ user_id: dana, connection_id: evil.connectionId }]);
    const elsewhere = await mallory.open({ prompt: 'none' });
    expect(elsewhere.url.searchParams.get('error')).toBe('login_required');
  });
});
