/**
 * Attack: somebody signed in by an identity that an operator unlinks (it was linked to the wrong person), and is at the
 * organization picker. The account is not theirs any more, so they are sent to sign in again, as the person they are now.
 */
import { expect, test } from 'vitest';
import { answerOf, proveByCode, useStage } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
});

test('the picker does not remember an identity that was unlinked', async () => {
  const { api } = stage.instance;
  const beta = await stage.cast.createPlace('beta', {});
  const { connectionId, id } = stage.cast.acme;
  await api('POST', `/organizations/${beta.id}/enabled_connections`, {
    connection_id: connectionId,
    assign_membership_on_login: false,
  });
  await api('PATCH', `/connections/${connectionId}/clients`, [{ client_id: stage.cast.client.id, status: true }]);
  const dana = await stage.cast.createMember('dana@acme.example');
  await api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
  const first = stage.visitor();
  const proof = await first.throughSso('dana', 'dana@acme.example');
  await first.redeem(await proveByCode(first, proof, await stage.mailedCode('dana@acme.example')));

  const visitor = stage.visitor();
  const picker = await visitor.throughSso('dana', 'dana@acme.example', { organization: '' });
  expect(picker.url.pathname).toBe('/u/organization-picker');
  await api('DELETE', `/users/${encodeURIComponent(dana)}/identities/oidc/${encodeURIComponent('acme-oidc|idp-dana')}`);
  const page = await visitor.browser.submit(picker, { organization: id });
  expect(page.url.origin, 'at the IdP').toBe(new URL(stage.cast.idp.issuer).origin);
  expect(answerOf(await visitor.open({ organization: id, prompt: 'none' }))).toMatchObject({ error: 'login_required' });
});
