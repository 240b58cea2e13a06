/**
 * Attack: the wrong person is linked to an account, proves it, and waits at a page. The operator unlinks them and links the right one; the page
 * that waits must not open the account: what was proved is the subject, and not that the account has some identity.
 */
import { afterEach, expect, test } from 'vitest';
import { useStage } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
const client = (fields: Record<string, unknown>) => api('PATCH', `/clients/${stage.cast.client.id}`, fields);
afterEach(() => client({ organization_usage: 'require', organization_require_behavior: 'no_prompt' }));

test('the picker does not remember an identity in whose place another subject was linked', async () => {
  await client({ organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' });
  const beta = await stage.cast.createPlace('beta', {});
  const { connectionId, id } = stage.cast.acme;
  await api('POST', `/organizations/${beta.id}/enabled_connections`, {
    connection_id: connectionId,
    assign_membership_on_login: false,
  });
  const rosa = await stage.cast.createMember('rosa@acme.example');
  await api('POST', `/organizations/${beta.id}/members`, { members: [rosa] });
  stage.cast.people.wrong = { sub: 'idp-wrong', email: 'rosa@acme.example', email_verified: true };
  stage.cast.people.right = { sub: 'idp-right', email: 'rosa@acme.example', email_verified: true };
  const path = `/users/${encodeURIComponent(rosa)}/identities`;
  // The operator linked the wrong person.
  await api('POST', path, { provider: 'oidc', connection_id: connectionId, user_id: 'idp-wrong' });
  const first = stage.visitor();
  await first.redeem(await first.throughSso('wrong', 'rosa@acme.example'));
  const wrong = stage.visitor();
  const picker = await wrong.throughSso('wrong', 'rosa@acme.example', { organization: '' });
  expect(picker.url.pathname).toBe('/u/organization-picker');
  // and corrects it: the right one is linked, and has signed in.
  await api('DELETE', `${path}/oidc/${encodeURIComponent('acme-oidc|idp-wrong')}`);
  await api('POST', path, { provider: 'oidc', connection_id: connectionId, user_id: 'idp-right' });
  const right = stage.visitor();
  expect((await right.redeem(await right.throughSso('right', 'rosa@acme.example'))).claims.sub).toBe(rosa);
  const page = await wrong.browser.submit(picker, { organization: id });
  const code = page.url.searchParams.get('code');
  const sub = code ? (await wrong.redeem(page)).claims.sub : undefined;
  expect(sub).not.toBe(rosa);
});

test('nor does the page that asks whether it is them, with a single organization', async () => {
  await client({ organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' });
  const place = await stage.cast.createPlace(
    'solo',
    {
      wrong: { sub: 's-wrong', email: 'rita@solo.example', email_verified: true },
      right: { sub: 's-right', email: 'rita@solo.example', email_verified: true },
    },
    { domain: 'solo.example' },
  );
  const rita = await stage.cast.createMember('rita@solo.example', { organizationId: place.id });
  const path = `/users/${encodeURIComponent(rita)}/identities`;
  await api('POST', path, { provider: 'oidc', connection_id: place.connectionId, user_id: 's-wrong' });
  const first = stage.visitor();
  await first.redeem(
    await first.signInAtIdp(await first.open({ organization: place.id, connection: place.connectionName }), 'wrong'),
  );
  const wrong = stage.visitor();
  const asked = await wrong.throughSso('wrong', 'another@solo.example', { organization: '' });
  expect(asked.url.pathname).toBe('/u/login/confirm');
  await api('DELETE', `${path}/oidc/${encodeURIComponent('solo-oidc|s-wrong')}`);
  await api('POST', path, { provider: 'oidc', connection_id: place.connectionId, user_id: 's-right' });
  const right = stage.visitor();
  const there = await right.open({ organization: place.id, connection: place.connectionName });
  expect((await right.redeem(await right.signInAtIdp(there, 'right'))).claims.sub).toBe(rita);
  const page = await wrong.browser.submit(asked, { action: 'default' });
  const code = page.url.searchParams.get('code');
  const sub = code ? (await wrong.redeem(page)).claims.sub : undefined;
  expect(sub).not.toBe(rita);
});
