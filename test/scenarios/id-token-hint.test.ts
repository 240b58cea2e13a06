/**
 * `id_token_hint` says whom the application wants to be answered about (OpenID Connect Core section 3.1.2.1). The attack: somebody else signed in
 * in the same browser since, and a silent renewal would hand the application their tokens.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let olga: Visitor;
let hints: { readonly olga: string; readonly pia: string };

async function signIn(email: string): Promise<{ visitor: Visitor; idToken: string }> {
  await stage.cast.createMember(email);
  const visitor = stage.visitor();
  const { idToken } = await visitor.redeem(await visitor.withPassword(email));
  return { visitor, idToken };
}

beforeAll(async () => {
  const first = await signIn('olga@plain.example');
  const second = await signIn('pia@plain.example');
  olga = first.visitor;
  hints = { olga: first.idToken, pia: second.idToken };
});

const forged = () => `${hints.olga.slice(0, -8)}AAAAAAAA`;

test('a session answers for the person of the hint, and for nobody else', async () => {
  expect(answerOf(await olga.open({ prompt: 'none', id_token_hint: hints.olga }))).toHaveProperty('code');
  const before = await stage.instance.snapshot();
  for (const hint of [hints.pia, forged(), 'no token']) {
    const answer = answerOf(await olga.open({ prompt: 'none', id_token_hint: hint }));
    expect(answer).toMatchObject({ error: 'login_required' });
  }
  await expectNothingLeft(stage.instance, before);
});

test('where the person can be asked, they are asked, and have to be the one of the hint', async () => {
  const page = await olga.open({ id_token_hint: hints.pia });
  expect(page.url.pathname).toBe('/u/login/identifier');
  const before = await stage.instance.snapshot();
  const wrong = await stage.visitor().withPassword('olga@plain.example', undefined, { id_token_hint: hints.pia });
  expect(answerOf(wrong)).toMatchObject({ error: 'login_required' });
  expect((await stage.refusal(wrong)).details.code).toBe('resolve.other_user');
  await expectNothingLeft(stage.instance, before, 'secret');
  const right = stage.visitor();
  await right.redeem(await right.withPassword('pia@plain.example', undefined, { id_token_hint: hints.pia }));
});

test('a hint that is none of ours keeps nobody out who can be asked', async () => {
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.withPassword('olga@plain.example', undefined, { id_token_hint: forged() }));
});
