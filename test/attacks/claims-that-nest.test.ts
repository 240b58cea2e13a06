/**
 * Attack: somebody who controls an identity provider signs an ID token whose claims nest a thousand levels deep and more. Code that walks them
 * later (a condition, an Action's event, the cookie that waits for a code) runs out of stack, and the login ends in a 500. It is refused
 * with its token: one line, and the name of the check.
 */
import { expect, test } from 'vitest';
import { referenceOf, useStage } from '../support/stage.js';

const stage = useStage();

test.each([
  ['deep', JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)],
  ['many', Array.from({ length: 11_000 }, () => 1)],
])('claims that are %s end in a refusal', async (name, groups) => {
  const person = { sub: 'n1', email: `nora@${name}.example`, email_verified: true, groups };
  const place = await stage.cast.createPlace(
    name,
    { nora: person },
    { enabled: { assign_membership_on_login: true, auto_membership_condition: '"staff" in claims.groups' } },
  );
  const visitor = stage.visitor();
  const idp = await visitor.open({ organization: place.id, connection: place.connectionName });
  const page = await visitor.signInAtIdp(idp, 'nora');
  expect(page.status).toBe(502);
  expect(referenceOf(page)).toMatch(/^V-/);
  const line = await stage.refusal(page);
  expect(line.details).toMatchObject({ code: 'authenticate.idp_invalid' });
  expect(JSON.stringify(line.details)).toContain('id_token.size');
});
