/** Story 26: one invitation, used twice at the same moment, on two nodes. One membership; the other browser is told clearly. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { type Instance, startInstance } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let node: Instance;
let elsewhere: Cast;

beforeAll(async () => {
  node = await startInstance({ beside: stage.instance });
  elsewhere = { ...stage.cast, instance: node };
});
afterAll(() => node.stop());

const pairs: readonly (readonly [string, string, string])[] = [
  ['the same person', 'rita', 'rita'],
  ['two subjects of the IdP with one address', 'rolf', 'rolf2'],
];

test.each(pairs)('%s in two browsers: one gets in, the other reads that it was used', async (_name, one, two) => {
  const email = `${one}@acme.example`;
  stage.cast.people[one] = { sub: `idp-${one}`, email, email_verified: true };
  stage.cast.people[two] ??= { sub: `idp-${two}`, email, email_verified: true };
  const invitation = await stage.cast.invite(email);
  const left = stage.visitor();
  const right = new Visitor(elsewhere);
  const pages = [await left.accept(invitation), await right.accept(invitation)] as const;
  const before = await stage.instance.snapshot();
  const answers = await Promise.all([left.signInAtIdp(pages[0], one), right.signInAtIdp(pages[1], two)]);

  const told = answers.map(answerOf);
  expect(told.filter((item) => item.code !== undefined)).toHaveLength(1);
  expect(told.find((item) => item.error !== undefined)).toMatchObject({
    error: 'invalid_request',
    error_description: 'invitation not found or already used',
  });
  const refused = answers.find((answer) => answer.url.searchParams.has('error'));
  if (refused) expect((await stage.refusal(refused)).details.code).toBe('identify.invitation_not_found');
  const changed = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed.users?.added).toHaveLength(1);
  expect(changed.identities?.added).toHaveLength(1);
  expect(changed.members?.added).toHaveLength(1);
  expect(changed.sessions?.added).toHaveLength(1);
  expect(changed.authorization_codes?.added).toHaveLength(1);
  expect(changed.invitations?.added).toHaveLength(1);
});

test('one browser that sends the last step twice: one login, the second is told that it is finished', async () => {
  await stage.cast.createMember('twice@plain.example');
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open(), 'twice@plain.example');
  const other = stage.visitor(visitor.browser.clone());
  const before = await stage.instance.snapshot();
  const send = (who: Visitor) => who.browser.submit(page, { password: 'Correct-horse-7-battery' });
  const answers = await Promise.all([send(visitor), send(other)]);
  const refused = answers.filter((answer) => answer.status !== 0);
  expect(refused).toHaveLength(1);
  expect(refused[0]?.status).toBe(409);
  if (refused[0]) expect((await stage.refusal(refused[0])).details.code).toBe('commit.replayed');
  const changed = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed.sessions?.added).toHaveLength(1);
  expect(changed.authorization_codes?.added).toHaveLength(1);
  expect(changed.login_receipts?.added).toHaveLength(1);
});
