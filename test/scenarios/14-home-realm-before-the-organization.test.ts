/** `post_login_prompt`: credentials first. The sign-in of a company is one, though the application itself has not enabled it. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { PLAYED_STRATEGIES } from '../support/providers.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const later = { organization_usage: 'require', organization_require_behavior: 'post_login_prompt' };
describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy, clientFields: later });
  const withoutOne = { organization: '' };
  let dana: string;

  const client = (fields: Record<string, unknown>) =>
    stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, fields);

  beforeAll(async () => {
    dana = await stage.cast.createMember('dana@acme.example');
  });
  afterEach(() => client(later));

  test("a member's first sign-in through her company: she keeps her seat, in the organization that the connection belongs to", async () => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(withoutOne), 'dana@acme.example');
    expect(page.url.origin).toBe(stage.cast.acme.signInOrigin);
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, 'dana'));
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
    const again = stage.visitor();
    const second = await again.redeem(await again.throughSso('dana', 'dana@acme.example', withoutOne));
    expect(second.claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
  });

  test('a stranger is told so, and leaves nothing', async () => {
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const answer = await visitor.throughSso('sam', 'sam@acme.example', withoutOne);
    expect(answerOf(answer).error).toBe('access_denied');
    expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });

  test('whoever has a password all the same is offered it', async () => {
    await stage.cast.createMember('contractor@acme.example');
    const visitor = stage.visitor();
    const page = await visitor.open(withoutOne);
    expect(wordsOf(page)).toContain('password');
    const next = await visitor.type(page, 'contractor@acme.example', 'password');
    const { claims } = await visitor.redeem(await visitor.browser.submit(next, { password: PASSWORD }));
    expect(claims.org_id).toBe(stage.cast.acme.id);
  });

  test('in a login without an organization no address leads there, and whoever is on his way comes back to a refusal', async () => {
    const visitor = stage.visitor();
    const left = await visitor.type(await visitor.open(withoutOne), 'dana@acme.example');
    await client({ organization_usage: 'allow', organization_require_behavior: 'no_prompt' });
    const answer = await visitor.signInAtIdp(left, 'dana');
    expect((await stage.refusal(answer)).details.code).toBe('identify.connection_not_enabled');
    const other = stage.visitor();
    const page = await other.type(await other.open(withoutOne), 'dana@acme.example');
    expect(page.url.pathname).toBe('/u/login/password');
  });

  test('two companies list the domain and nobody has proved it: the password, since it cannot be told whose an address is', async () => {
    const { cast, instance } = stage;
    const one = await cast.createPlace('one', {}, { domain: 'shared.example' });
    await cast.createPlace('two', {});
    const two = await instance.api('GET', `/connections?strategy=${strategy}&per_page=50`);
    const found = (two as unknown as { id: string; name: string; options: object }[]).find(
      (item) => item.name === `two-${strategy}`,
    );
    await instance.api('PATCH', `/connections/${found?.id}`, {
      options: { ...found?.options, domain_aliases: ['shared.example'] },
    });
    const typed = async () => {
      const visitor = stage.visitor();
      return visitor.type(await visitor.open(withoutOne), 'joe@shared.example');
    };
    // The first has proved it.
    expect((await typed()).url.origin).toBe(one.signInOrigin);
    const place = (await instance.api('GET', '/organizations/name/one')).id;
    const domains = `/organizations/${place}/discovery-domains`;
    const { id } = await instance.api('GET', `${domains}/name/shared.example`);
    await instance.api('DELETE', `${domains}/${id}`);
    expect((await typed()).url.pathname).toBe('/u/login/password');
  });
});
