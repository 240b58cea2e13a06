/**
 * Story 02, its shadow: a member who first comes through the company's IdP *without* an organization must not lose their membership to an
 * account of their own that nobody asked for.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy, clientFields: { organization_usage: 'allow' } });
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

  test('with her organization she keeps her seat; without one the company’s sign-in does not open her account (linking rule, part 8)', async () => {
    const first = stage.visitor();
    const { claims } = await first.redeem(await first.throughSso('dana', 'dana@acme.example'));
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
    const before = await stage.instance.snapshot();
    const second = stage.visitor();
    const refused = await second.throughSso('dana', 'dana@acme.example', { organization: '' });
    expect((await stage.refusal(refused)).details.code).toBe('admit.organization_needed');
    const silent = await first.open({ organization: '', prompt: 'none' });
    expect(answerOf(silent)).toMatchObject({ error: 'login_required' });
    await expectNothingLeft(stage.instance, before);
    const password = await second.redeem(
      await second.withPassword('dana@acme.example', undefined, { organization: '' }),
    );
    expect(password.claims.sub, 'her password does').toBe(dana);
  });
});
