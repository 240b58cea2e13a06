/** "Who am I about to be": the address and the way out of it, on the pages that come after it is known, and on none before. */
import { expect, test } from 'vitest';
import { linkOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();

async function atTheIdp(key: string, verified = true) {
  const email = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  await stage.cast.createMember(email, { verified });
  const visitor = stage.visitor();
  return { visitor, email, page: await visitor.type(await visitor.open(), email) };
}

test('a proof that the rule asks for: back to the address', async () => {
  const { visitor, email, page } = await atTheIdp('wanda', false);
  const proof = await visitor.signInAtIdp(page, 'wanda');
  expect(proof.url.pathname).toBe('/u/proof');
  expect(wordsOf(proof)).toContain(email);
  const back = await visitor.browser.visit(linkOf(proof, 'Not you?'));
  expect(back.url.pathname).toBe('/u/login/identifier');
});

test('a proof of a new account: back to the form, unless an invitation says who it is', async () => {
  const open = { assign_membership_on_login: true, is_signup_enabled: true };
  await stage.enablement(open, stage.cast.acme.id, stage.cast.databaseId);
  const visitor = stage.visitor();
  const fields = { username: 'wim@plain.example', name: 'Wim', password: 'Another-horse-8-battery' };
  const proof = await visitor.browser.submit(await visitor.open({ screen_hint: 'signup' }), fields);
  expect(proof.url.pathname).toBe('/u/proof');
  expect((await visitor.browser.visit(linkOf(proof, 'Not you?'))).url.pathname).toBe('/u/signup');

  const invitation = await stage.cast.invite('wilma@plain.example', { connectionId: undefined });
  const invited = stage.visitor();
  // With the link that the Management API shows, the address is asked to be proved.
  const form = await invited.browser.submit(await invited.open({ invitation: invitation.ticket }), {
    action: 'default',
  });
  const asked = await invited.browser.submit(form, { password: 'Another-horse-8-battery' });
  expect(asked.url.pathname).toBe('/u/proof');
  expect(wordsOf(asked)).toContain('wilma@plain.example');
  expect(wordsOf(asked)).not.toContain('Not you?');
});

test('a refusal says whose sign-in it was, with the way to another address', async () => {
  const { visitor, email, page } = await atTheIdp('wolf');
  stage.cast.idp.next({ callback: { error: 'access_denied', code: undefined } });
  const denied = await visitor.signInAtIdp(page, 'wolf');
  expect(wordsOf(denied)).toContain(`Signing in as ${email} Not you?`);
  expect((await visitor.browser.visit(linkOf(denied, 'Not you?'))).url.pathname).toBe('/u/login/identifier');

  await stage.enablement({ sso_rollout: 'required' });
  const withPassword = await stage.visitor().withPassword(email);
  await stage.enablement({ sso_rollout: 'optional' });
  expect(wordsOf(withPassword)).toContain(`Signing in as ${email} Not you?`);
});

test('a refusal after the company’s sign-in does not name who was typed: it may have been somebody else', async () => {
  const { visitor, email, page } = await atTheIdp('walt');
  await stage.enablement({ link_existing_members: 'never' });
  await stage.enablement({ link_existing_members: 'verified_email' });
  const changed = await visitor.signInAtIdp(page, 'walt');
  expect((await stage.refusal(changed)).details.code).toBe('identify.connection_changed');
  expect(changed.status).toBe(403);
  expect(wordsOf(changed)).not.toContain(email);
});

test('when the login is over, no way leads back into it', async () => {
  const { visitor, email, page } = await atTheIdp('wera', false);
  const proof = await visitor.signInAtIdp(page, 'wera');
  let answer = proof;
  const code = await stage.mailedCode(email);
  const wrong = code === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 5; tries++) answer = await visitor.browser.submit(proof, { code: wrong, action: 'code' });
  expect((await stage.refusal(answer)).details.code).toBe('authenticate.proof_failed');
  expect(wordsOf(answer)).toContain(`Signing in as ${email}`);
  expect(wordsOf(answer)).not.toContain('Not you?');
});
