/**
 * Attack: auto-membership on a condition over what the company says of a person (`!("contractor" in claims.groups)`). A session, or an account
 * that waits at the picker, brings no claims: the condition would hold for everybody, contractors included. They are sent to the company
 * again, with the organization known now, and decided about by what it says.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Place, Visitor } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage({
  clientFields: { organization_usage: 'allow', organization_require_behavior: 'post_login_prompt' },
});
const CONDITION = '!("contractor" in claims.groups)';
let club: Place;

const staff = { sub: 'idp-staff', email: 'staff@plain.example', email_verified: true, groups: ['employee'] };
const contractor = {
  sub: 'idp-contractor',
  email: 'contractor@plain.example',
  email_verified: true,
  groups: ['contractor'],
};

beforeAll(async () => {
  Object.assign(stage.cast.people, { staff, contractor });
  club = await stage.cast.createPlace('club', {});
  // The club takes everybody of Acme but contractors, by Acme's own sign-in.
  const { connectionId } = stage.cast.acme;
  await stage.instance.api('PATCH', `/connections/${connectionId}/clients`, [
    { client_id: stage.cast.client.id, status: true },
  ]);
  await stage.instance.api('POST', `/organizations/${club.id}/enabled_connections`, {
    connection_id: connectionId,
    assign_membership_on_login: true,
    auto_membership_condition: CONDITION,
  });
});

const NOWHERE_YET = { organization: '' };

/** A member whose identity at Acme's provider the operator named. */
async function knownToAcme(name: 'staff' | 'contractor', email: string): Promise<string> {
  const userId = await stage.cast.createMember(email);
  const identity = { provider: 'oidc', connection_id: stage.cast.acme.connectionId, user_id: `idp-${name}` };
  await stage.instance.api('POST', `/users/${encodeURIComponent(userId)}/identities`, identity);
  return userId;
}

const throughAcme = async (visitor: Visitor, name: string, parameters: Record<string, string> = {}) =>
  visitor.signInAtIdp(await visitor.open({ connection: stage.cast.acme.connectionName, ...parameters }), name);

async function memberOfAcme(name: 'staff' | 'contractor'): Promise<{ visitor: Visitor; userId: string }> {
  const { email } = { staff, contractor }[name];
  const [known] = await stage.instance.api<{ user_id: string }[]>(
    'GET',
    `/users-by-email?email=${encodeURIComponent(email)}`,
  );
  const userId = known?.user_id ?? (await knownToAcme(name, email));
  const visitor = stage.visitor();
  await visitor.redeem(await throughAcme(visitor, name));
  return { visitor, userId };
}

test.each(['staff', 'contractor'] as const)(
  'a session makes nobody a member, whatever a condition makes of no claims (%s)',
  async (name) => {
    const { visitor } = await memberOfAcme(name);
    const before = await stage.instance.snapshot();
    const silent = await visitor.open({ organization: club.id, prompt: 'none' });
    expect(answerOf(silent)).toMatchObject({ error: 'login_required' });
    const page = await visitor.open({ organization: club.id, connection: stage.cast.acme.connectionName });
    expect(page.url.origin, 'to the company again').toBe(new URL(stage.cast.idp.issuer).origin);
    await expectNothingLeft(stage.instance, before);
    const answer = await visitor.signInAtIdp(page, name);
    if (name === 'staff') expect((await visitor.redeem(answer)).claims).toMatchObject({ org_id: club.id });
    else expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
  },
);

test('a contractor gets no further by the picker', async () => {
  const { userId } = await memberOfAcme('contractor');
  // A member of nothing any more: the club is where they could go.
  await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
  const visitor = stage.visitor();
  const before = await stage.instance.snapshot();
  const page = await throughAcme(visitor, 'contractor', NOWHERE_YET);
  const again =
    page.url.origin === new URL(stage.cast.idp.issuer).origin ? await visitor.signInAtIdp(page, 'contractor') : page;
  expect(answerOf(again)).toMatchObject({ error: 'access_denied' });
  await expectNothingLeft(stage.instance, before);
});

test('staff get there by the picker, and are asked by the company once more', async () => {
  const { userId } = await memberOfAcme('staff');
  for (const id of [stage.cast.acme.id, club.id])
    await stage.instance.api('DELETE', `/organizations/${id}/members`, { members: [userId] });
  const visitor = stage.visitor();
  const page = await throughAcme(visitor, 'staff', NOWHERE_YET);
  expect(page.url.origin, 'the company again').toBe(new URL(stage.cast.idp.issuer).origin);
  const { claims } = await visitor.redeem(await visitor.signInAtIdp(page, 'staff'));
  expect(claims).toMatchObject({ sub: userId, org_id: club.id });
});
