/**
 * Attack: a contractor whom the condition of auto-membership keeps out (`!has(claims.contractor)`) fills his profile with so many
 * claims that the one that matters does not fit into the login's cookie while a code is asked for.
 */
import { expect, test } from 'vitest';
import { answerOf, proveByCode, useStage } from '../support/stage.js';

const stage = useStage();

test('a condition does not hold for claims that were cut on the way', async () => {
  const padding = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, 'x'.repeat(40)]));
  const email = 'con@gamma.example';
  const person = { sub: 'c1', email, email_verified: true, ...padding, contractor: true };
  const place = await stage.cast.createPlace(
    'gamma',
    { con: person },
    { enabled: { assign_membership_on_login: true, auto_membership_condition: '!has(claims.contractor)' } },
  );
  const arrive = async () => {
    const visitor = stage.visitor();
    const idp = await visitor.open({ organization: place.id, connection: place.connectionName });
    return { visitor, page: await visitor.signInAtIdp(idp, 'con') };
  };
  expect(answerOf((await arrive()).page)).toMatchObject({ error: 'access_denied' });
  const invitation = await stage.cast.invite(email, { connectionId: undefined, organizationId: place.id });
  const { visitor, page } = await arrive();
  expect(page.url.pathname).toBe('/u/proof');
  await stage.instance.api('DELETE', `/organizations/${place.id}/invitations/${invitation.id}`);
  const answer = await proveByCode(visitor, page, await stage.mailedCode(email));
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
});
