/** Story 03, over each strategy: an employee whom the application does not know is refused, auto-membership off, and nothing is left. */
import { describe, expect, test } from 'vitest';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });

  test('Sam is refused as often as he tries, and every table is as before', async () => {
    const before = await stage.instance.snapshot();
    const sam = stage.visitor();
    for (const round of [1, 2, 3]) {
      const answer = await sam.throughSso('sam', 'sam@acme.example', { state: `round-${round}` });
      expect(answerOf(answer)).toMatchObject({
        error: 'access_denied',
        error_description: `user ${stage.cast.acme.userIdOf('idp-sam')} is not part of the ${stage.cast.acme.id} organization`,
        state: `round-${round}`,
        iss: `${stage.instance.origin}/`,
      });
      expect(await stage.refusal(answer)).toMatchObject({
        type: 'f',
        organization_id: stage.cast.acme.id,
        details: { code: 'admit.not_a_member' },
      });
      await expectNothingLeft(stage.instance, before);
    }
    const cookies = [...sam.browser.cookies(new URL(stage.instance.origin).host).keys()];
    expect(cookies, 'neither a session nor the login that ended').toEqual([]);
  });

  test('an employee who types no address but presses the button of the company is refused alike', async () => {
    const before = await stage.instance.snapshot();
    const sam = stage.visitor();
    const page = await sam.open();
    const answer = await sam.signInAtIdp(
      await sam.type(page, '', `connection:${stage.cast.acme.connectionName}`),
      'sam',
    );
    expect(answerOf(answer).error).toBe('access_denied');
    await expectNothingLeft(stage.instance, before);
  });

  test('someone without any address at the IdP is refused, and nothing is left', async () => {
    stage.cast.people.ghost = { sub: 'idp-ghost' };
    const before = await stage.instance.snapshot();
    const answer = await stage.visitor().throughSso('ghost', 'ghost@acme.example');
    expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });
});
