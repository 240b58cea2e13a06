/**
 * Story 02, its shadow: a member who first comes through the company's IdP *without* an organization must not lose his seat to an
 * account of his own that nobody asked for.
 */
import { beforeAll, expect, test } from 'vitest';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
let dana: string;

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
  await stage.instance.api('PATCH', `/connections/${stage.cast.acme.connectionId}/clients`, [
    { client_id: stage.cast.client.id, status: true },
  ]);
});

test('a newcomer of a connection that an organization enabled is told to name one, and nothing is left', async () => {
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const refused = await visitor.throughSso('dana', 'dana@acme.example', { organization: '' });
  expect(answerOf(refused)).toMatchObject({
    error: 'invalid_request',
    error_description: 'parameter organization is required for this connection',
  });
  expect((await stage.refusal(refused)).details.code).toBe('admit.organization_needed');
  await expectNothingLeft(stage.instance, before);
});

test('with her organization she keeps her seat, and afterwards she may come without one, as herself', async () => {
  const first = stage.visitor();
  const { claims } = await first.redeem(await first.throughSso('dana', 'dana@acme.example'));
  expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
  const second = stage.visitor();
  const without = await second.redeem(await second.throughSso('dana', 'dana@acme.example', { organization: '' }));
  expect(without.claims.sub).toBe(dana);
  expect(without.claims.org_id).toBeUndefined();
});
