/** Story 25: the wrong account accepts an invitation. Refused, and the invitation survives. */
import { beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, linkOf, useStage } from '../support/stage.js';

const stage = useStage();
const MISMATCH = 'the specified account is not allowed to accept the current invitation';

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
  await stage.cast.createUser('paul@plain.example');
});

/** Refused with Auth0's text, logged as a failed invitation, nothing left, and the right person still gets in with it. */
async function expectMismatch(
  answer: Awaited<ReturnType<ReturnType<typeof stage.visitor>['open']>>,
  before: Awaited<ReturnType<typeof stage.instance.snapshot>>,
  involved: 'identity' | 'secret' = 'identity',
): Promise<void> {
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied', error_description: MISMATCH, state: 'app-state' });
  expect(await stage.refusal(answer)).toMatchObject({ type: 'fi', details: { code: 'admit.invitation_mismatch' } });
  await expectNothingLeft(stage.instance, before, involved);
}

test("Sam, a stranger, and Dana, a member, accept Ivy's invitation at the IdP; then Ivy does", async () => {
  const invitation = await stage.cast.invite('ivy@acme.example');
  const before = await stage.instance.snapshot();
  for (const login of ['sam', 'dana']) {
    const visitor = stage.visitor();
    await expectMismatch(await visitor.signInAtIdp(await visitor.accept(invitation), login), before);
  }
  const ivy = stage.visitor();
  const { claims } = await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
  expect(claims.sub).toBe('oidc|acme-oidc|idp-ivy');
});

test('the right address by another way in than the invitation names', async () => {
  const invitation = await stage.cast.invite('quinn@acme.example');
  const before = await stage.instance.snapshot();
  const quinn = stage.visitor();
  const page = await quinn.accept(invitation, { connection: 'Username-Password-Authentication' });
  expect(page.url.pathname).toBe('/u/signup');
  await expectMismatch(await quinn.browser.submit(page, { password: 'A-long-enough-1-secret' }), before, 'secret');
});

test('an account with a password that has another address', async () => {
  const invitation = await stage.cast.invite('rosa@plain.example', { connectionId: undefined });
  const before = await stage.instance.snapshot();
  const paul = stage.visitor();
  const page = await paul.accept(invitation);
  expect(page.url.pathname).toBe('/u/signup');
  const typed = await paul.browser.visit(linkOf(page, 'I have an account already'));
  const answer = await paul.browser.submit(typed, { username: 'paul@plain.example', password: PASSWORD });
  await expectMismatch(answer, before, 'secret');
});
