/** Story 32: a person who is refused quotes a number; the administrator finds stage, rule and evidence by it, and invites with one call. */
import { beforeAll, expect, test } from 'vitest';
import { answerOf, referenceOf, useStage } from '../support/stage.js';

const stage = useStage();

beforeAll(async () => {
  await stage.cast.createMember('dana@acme.example');
});

test('from the number to the invitation to being in', async () => {
  const sam = stage.visitor();
  const refused = await sam.throughSso('sam', 'sam@acme.example');
  expect(answerOf(refused).error_reference).toBe(referenceOf(refused));
  const line = await stage.refusal(refused);
  const found = await stage.instance.api('GET', `/logs?q=reference:${referenceOf(refused)}`);
  expect(found).toMatchObject([{ details: { reference: referenceOf(refused), code: 'admit.not_a_member' } }]);
  expect(line).toMatchObject({ type: 'f', organization_id: stage.cast.acme.id });
  const stages = (line.details.trace ?? []).map((item) => item.stage);
  expect([...new Set(stages)]).toEqual(['identify', 'authenticate', 'resolve', 'admit']);
  const last = line.details.trace?.at(-1);
  expect(last).toMatchObject({ stage: 'admit', rule: 'not_a_member', answer: 'refuse' });
  const invitation = await stage.cast.invite(String(last?.evidence.email));
  const { claims } = await sam.redeem(await sam.signInAtIdp(await sam.accept(invitation), 'sam'));
  expect(claims).toMatchObject({ email: 'sam@acme.example', org_id: stage.cast.acme.id });
});

test('an admitted login has its trace as well, through to the commit', async () => {
  const dana = stage.visitor();
  await dana.redeem(await dana.throughSso('dana', 'dana@acme.example'));
  const line = (await stage.logs()).find((item) => item.type === 's');
  expect(line?.details).toMatchObject({ rule: 'member' });
  expect(line?.details.trace).toContainEqual(
    expect.objectContaining({ stage: 'resolve', rule: 'silent_or_proof', answer: 'pass' }),
  );
  expect(line?.details.trace?.at(-1)).toMatchObject({ stage: 'commit', rule: 'one_transaction' });
});

test('no line holds a secret: no password, code, token, state or nonce', async () => {
  const visitor = stage.visitor();
  await visitor.withPassword('dana@acme.example', 'A-wrong-secret-7');
  await visitor.redeem(await visitor.withPassword('dana@acme.example'));
  const rows = (await stage.instance.snapshot()).logs?.join('\n') ?? '';
  for (const secret of [
    'A-wrong-secret-7',
    'Correct-horse-7-battery',
    'app-nonce',
    'app-state',
    stage.cast.idp.clientSecret,
  ])
    expect(rows.includes(secret), `the log holds ${secret}`).toBe(false);
});
