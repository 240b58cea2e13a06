/** Invitations at the double: a failed acceptance uses one up, and members are invited as each setting says. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { answerOf, type Stage, useStage } from '../support/stage.js';

/** The address of a person of Acme's identity provider. */
function person(stage: Stage, name: string): string {
  const email = `${name}@acme.example`;
  stage.cast.people[name] = { sub: `idp-${name}`, email, email_verified: true };
  return email;
}

async function listInvitations(stage: Stage): Promise<readonly unknown[]> {
  const found = await stage.instance.api<Json[]>('GET', `/organizations/${stage.cast.acme.id}/invitations`);
  return found.map(({ id }) => id);
}

/** The invited address is not that of the person who accepts. */
async function acceptAsAnother(stage: Stage) {
  const invitation = await stage.cast.invite(person(stage, 'ivy'));
  person(stage, 'other');
  const visitor = stage.visitor();
  const visit = await visitor.signInAtIdp(await visitor.accept(invitation), 'other');
  return { invitation, answer: answerOf(visit) };
}

/** A person who is a member by the company's sign-in, without a role. */
async function createSsoMember(stage: Stage, name: string): Promise<{ email: string; id: string }> {
  const email = person(stage, name);
  await stage.visitor().throughSso(name, email);
  const id = `oidc|acme-oidc|idp-${name}`;
  await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [id] }, 204);
  return { email, id };
}

/** Invites a member with a role, lets them accept, and returns the roles that they have then. */
async function rolesAfterInvitation(stage: Stage): Promise<readonly unknown[]> {
  const { email, id } = await createSsoMember(stage, 'max');
  const invitation = await stage.cast.invite(email);
  const visitor = stage.visitor();
  const visit = await visitor.signInAtIdp(await visitor.accept(invitation), 'max');
  expect(answerOf(visit).code).toBeDefined();
  expect(await listInvitations(stage), 'it is used up').not.toContain(invitation.id);
  const path = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(id)}/roles`;
  return (await stage.instance.api<Json[]>('GET', path)).map((role) => role.id);
}

describe('invitations at the double', () => {
  const stage = useStage({ profile: 'auth0' });

  test('case=a failed acceptance: fi, Auth0’s error, and the invitation is gone', async () => {
    const { invitation, answer } = await acceptAsAnother(stage);
    expect(answer).toMatchObject({
      error: 'access_denied',
      error_description: 'the specified account is not allowed to accept the current invitation',
    });
    expect(await listInvitations(stage)).not.toContain(invitation.id);
    expect((await stage.logs()).find((line) => line.type === 'fi')).toMatchObject({
      details: { invitation: { id: invitation.id, invitee: { email: 'ivy@acme.example' } } },
    });
    const again = await stage.visitor().open({ invitation: invitation.mailed });
    expect(answerOf(again).error_description).toBe('invitation not found or already used');
  });

  test('case=a member cannot be invited', async () => {
    const { email } = await createSsoMember(stage, 'max');
    await expect(stage.cast.invite(email)).rejects.toThrow('400');
    await expect(stage.cast.invite(email, { connectionId: undefined })).rejects.toThrow('400');
  });

  test('case=a member with a password may be invited to the company’s sign-in: another account', async () => {
    await stage.cast.createMember('pat@acme.example');
    const invitation = await stage.cast.invite('pat@acme.example');
    expect(await listInvitations(stage)).toContain(invitation.id);
  });
});

describe('invitations at the double, a failed acceptance keeps them', () => {
  const stage = useStage({ profile: 'auth0', facts: { failed_acceptance: 'keeps' } });

  test('case=the invitation waits', async () => {
    const { invitation } = await acceptAsAnother(stage);
    expect(await listInvitations(stage)).toContain(invitation.id);
  });
});

describe('invitations at the double, without effect for a member', () => {
  const stage = useStage({ profile: 'auth0', facts: { member_invited: 'no_op' } });

  test('case=it is used up and grants nothing', async () => {
    expect(await rolesAfterInvitation(stage)).toEqual([]);
  });
});

describe('invitations at the double, a grant of roles for a member', () => {
  const stage = useStage({ profile: 'auth0', facts: { member_invited: 'grants_roles' } });

  test('case=it is used up and grants the roles', async () => {
    expect(await rolesAfterInvitation(stage)).toEqual([stage.cast.roleId]);
  });
});
