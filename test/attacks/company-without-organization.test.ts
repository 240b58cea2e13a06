/**
 * Attack: Dana's account was bound to Acme's identity provider, as it may be for a member. The connection is switched on for the application
 * as well. Whoever runs that provider names no organization, and would hold tokens of her whole account, good at every part of
 * the application that looks at `sub` alone, even after she left (linking rule, part 8).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({ clientFields: { organization_usage: 'allow' } });
let dana: string;
let browser: Visitor;

const enableForApplication = (connectionId: string) =>
  stage.instance.api('PATCH', `/connections/${connectionId}/clients`, [
    { client_id: stage.cast.client.id, status: true },
  ]);

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
  await enableForApplication(stage.cast.acme.connectionId);
  browser = stage.visitor();
  const { claims } = await browser.redeem(await browser.throughSso('dana', 'dana@acme.example'));
  expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
});

async function expectNoWayIn(): Promise<void> {
  const before = await stage.instance.snapshot();
  const alone = { organization: '', connection: stage.cast.acme.connectionName };
  const silent = answerOf(await browser.open({ organization: '', prompt: 'none' }));
  expect(silent, 'the open session').toMatchObject({ error: 'login_required' });
  expect(answerOf(await browser.open({ ...alone, prompt: 'none' })), 'and by name').toMatchObject({
    error: 'login_required',
  });
  expect(new URL((await browser.open({ organization: '' })).url).pathname, 'a page').toBe('/u/login/identifier');
  const anew = stage.visitor();
  const refused = await anew.signInAtIdp(await anew.open(alone), 'dana');
  expect((await stage.refusal(refused)).details.code, 'a new sign-in').toBe('admit.organization_needed');
  await expectNothingLeft(stage.instance, before);
}

describe('the company’s connection opens nothing without its organization', () => {
  test('for a member', expectNoWayIn);

  test('after she was removed', async () => {
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [dana] });
    await expectNoWayIn();
    await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [dana] });
  });

  test('an account that the connection brought itself, as long as an organization uses it', async () => {
    const invitation = await stage.cast.invite('ivy@acme.example');
    const ivy = stage.visitor();
    await ivy.redeem(await ivy.signInAtIdp(await ivy.accept(invitation), 'ivy'));
    const alone = { organization: '', connection: stage.cast.acme.connectionName, prompt: 'none' };
    expect(answerOf(await ivy.open(alone))).toMatchObject({ error: 'login_required' });
  });

  test('a connection that no organization enabled goes on to bring in the accounts that it brought', async () => {
    const lone = await stage.cast.createPlace('lone', {
      lia: { sub: 'lone-lia', email: 'lia@lone.example', email_verified: true },
    });
    await stage.instance.api('DELETE', `/organizations/${lone.id}/enabled_connections/${lone.connectionId}`);
    await enableForApplication(lone.connectionId);
    const lia = stage.visitor();
    const alone = { organization: '', connection: lone.connectionName };
    const { claims, refreshToken } = await lia.redeem(await lia.signInAtIdp(await lia.open(alone), 'lia'));
    expect(claims).toMatchObject({ sub: 'oidc|lone-oidc|lone-lia' });
    expect(answerOf(await lia.open({ ...alone, prompt: 'none' }))).toHaveProperty('code');
    await stage.instance.api('POST', `/organizations/${lone.id}/enabled_connections`, {
      connection_id: lone.connectionId,
    });
    expect(answerOf(await lia.open({ ...alone, prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    const response = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error_description: 'parameter organization is required for this connection' },
    ]);
  });
});
