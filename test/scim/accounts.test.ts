/**
 * People whom a directory created, until they sign in, are linked, blocked and removed: who they become at the first sign-in, whose block is
 * whose, and what a directory may do to an account that is not its own. The way of a rollout is here as a whole: created by SCIM, linked to
 * the member whom the company has already, signed in as the same user with the same roles.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage } from '../support/stage.js';
import { type Company, personOf, startCompany } from './support.js';

const stage = useStage();
let company: Company;
let names = 0;

beforeAll(async () => {
  company = await startCompany(stage.instance, stage.cast.acme.connectionId);
});

const { api } = {
  api: <T = Json>(...args: Parameters<typeof stage.instance.api>) => stage.instance.api<T>(...args),
};
const path = (id: string) => `/users/${encodeURIComponent(id)}`;
const at = (id: string) => `/Users/${encodeURIComponent(id)}`;
const userOf = (id: string) => api(`GET`, path(id));
const ACTIVE = (value: unknown) => ({ op: 'replace', path: 'active', value });

/** Somebody new whom the directory and the identity provider know. */
function newName(): string {
  const name = `person${++names}`;
  const email = `${name}@acme.example`;
  stage.cast.people[name] = { sub: `idp-${name}`, email, email_verified: true, name: `Claimed ${name}` };
  return name;
}

async function createPerson(name: string, changes: Json = {}): Promise<string> {
  const answer = await company.create(personOf(name, changes));
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

const join = (userId: string) => api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });

async function signIn(name: string) {
  const visitor = stage.visitor();
  const answer = await visitor.throughSso(name, `${name}@acme.example`);
  return { visitor, answer };
}

async function subOf(name: string): Promise<string> {
  const { visitor, answer } = await signIn(name);
  return String((await visitor.redeem(answer)).claims.sub);
}

const codeOf = async (name: string) => (await stage.refusal((await signIn(name)).answer)).details.code;

/** Created by SCIM and linked to a member of the database, as a rollout does it. */
async function createLinked(): Promise<{ name: string; member: string; scimId: string }> {
  const name = newName();
  const member = await stage.cast.createMember(`${name}@acme.example`);
  const scimId = await createPerson(name);
  await api('POST', `${path(member)}/identities`, { provider: 'oidc', user_id: `acme-oidc|idp-${name}` });
  return { name, member, scimId };
}

describe('a person whom SCIM created', () => {
  test('is a stranger to the organization until the operator adds them, and then signs in as that user', async () => {
    const name = newName();
    const id = await createPerson(name);
    const before = await stage.instance.snapshot();
    expect(await codeOf(name)).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
    await join(id);
    expect(await subOf(name)).toBe(id);
    expect(await subOf(name)).toBe(id);
    const [identity] = (await userOf(id)).identities as Json[];
    expect(identity).not.toHaveProperty('status');
    // Data that SCIM wrote stays, bound or not.
    const found = (await company.find(`externalId eq "idp-${name}"`)).body;
    expect([found.totalResults, found.Resources[0].id, found.Resources[0].displayName]).toEqual([
      1,
      id,
      `${name} of the directory`,
    ]);
  });

  test('has the id of the logins of the connection, whichever came first', async () => {
    const place = await stage.cast.createPlace('slash', stage.cast.people, {
      enabled: { assign_membership_on_login: true },
    });
    const other = await startCompany(stage.instance, place.connectionId);
    const [first, second] = [newName(), newName()];
    // Acme has proved its domain: nobody joins another organization by an address there.
    for (const name of [first, second]) stage.cast.people[name] = { sub: `idp-${name}`, email: `${name}@x.example` };
    expect((await other.create(personOf(first))).body.id).toBe(`oidc|slash-oidc|idp-${first}`);
    const come = async (name: string) => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: place.id, connection: place.connectionName });
      return (await visitor.redeem(await visitor.signInAtIdp(page, name))).claims.sub;
    };
    expect([await come(second), await come(first)]).toEqual([
      `oidc|slash-oidc|idp-${second}`,
      `oidc|slash-oidc|idp-${first}`,
    ]);
  });

  test('that came by a login first is found, can be changed, and is 409 for a second time', async () => {
    const name = newName();
    await stage.cast.invite(`${name}@acme.example`).then(async (invitation) => {
      const visitor = stage.visitor();
      await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), name));
    });
    for (const filter of [`externalId eq "idp-${name}"`, `userName eq "${name}@acme.example"`]) {
      const { body } = await company.find(filter);
      expect(
        body.Resources.map((item: Json) => item.id),
        filter,
      ).toEqual([`oidc|acme-oidc|idp-${name}`]);
    }
    expect((await company.create(personOf(name))).status).toBe(409);
    const id = `oidc|acme-oidc|idp-${name}`;
    expect((await company.patch(id, { op: 'replace', path: 'displayName', value: 'Changed' })).status).toBe(200);
    expect((await userOf(id)).name).toBe('Changed');
  });
});

describe('active', () => {
  test('false blocks the account and ends its sessions and tokens; true opens it again', async () => {
    const name = newName();
    const id = await createPerson(name);
    await join(id);
    const { visitor, answer } = await signIn(name);
    const { refreshToken } = await visitor.redeem(answer);
    expect((await company.patch(id, ACTIVE('False'))).body.active).toBe(false);
    expect((await userOf(id)).blocked).toBe(true);
    const { rows } = await stage.instance.database.pool.query('select 1 from sessions where user_id = $1', [id]);
    expect(rows).toEqual([]);
    const renewed = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect(renewed.status).toBe(403);
    expect(await codeOf(name)).toBe('admit.user_blocked');
    expect((await company.patch(id, ACTIVE(true))).body.active).toBe(true);
    expect(await subOf(name)).toBe(id);
  });

  test('false at the creation blocks from the beginning', async () => {
    const id = await createPerson(newName(), { active: false });
    expect((await userOf(id)).blocked).toBe(true);
    expect((await company.patch(id, ACTIVE(true))).body.active).toBe(true);
  });

  test.each([
    ['before', false],
    ['after SCIM had set its own', true],
  ])('true does not take back a block that the operator set %s', async (_title, isLater) => {
    const id = await createPerson(newName());
    if (isLater) await company.patch(id, ACTIVE(false));
    await api('PATCH', path(id), { blocked: true });
    const answer = await company.patch(id, ACTIVE(true));
    expect([answer.status, answer.body.active]).toEqual([200, false]);
    expect((await userOf(id)).blocked).toBe(true);
  });

  test("false on top of the operator's block is remembered: the operator's unblocking alone opens nothing", async () => {
    const name = newName();
    const id = await createPerson(name);
    await join(id);
    await api('PATCH', path(id), { blocked: true });
    // A change of something else is no word about it.
    await company.patch(id, { op: 'replace', path: 'displayName', value: 'Blocked' });
    await api('PATCH', path(id), { blocked: false });
    expect(await subOf(name)).toBe(id);
    await api('PATCH', path(id), { blocked: true });
    await company.patch(id, ACTIVE(false));
    await api('PATCH', path(id), { blocked: false });
    expect(await codeOf(name)).toBe('admit.user_blocked');
    expect((await company.call('GET', at(id))).body.active).toBe(false);
    expect((await company.patch(id, ACTIVE(true))).body.active).toBe(true);
    expect(await subOf(name)).toBe(id);
  });

  test("false and true on top of the operator's block leave that block", async () => {
    const id = await createPerson(newName());
    await api('PATCH', path(id), { blocked: true });
    await company.patch(id, ACTIVE(false));
    expect((await company.patch(id, ACTIVE(true))).body.active).toBe(false);
    expect((await userOf(id)).blocked).toBe(true);
    await api('PATCH', path(id), { blocked: false });
    expect((await company.call('GET', at(id))).body.active).toBe(true);
  });

  test('stays as it is when a PUT leaves it out', async () => {
    const name = newName();
    const id = await createPerson(name);
    await company.patch(id, ACTIVE(false));
    expect((await company.call('PUT', at(id), personOf(name, { active: undefined }))).body.active).toBe(false);
  });
});

describe('linked to a member of the organization', () => {
  test('the person signs in as that member, with the same roles, auto-membership off', async () => {
    const { name, member, scimId } = await createLinked();
    await api('POST', `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(member)}/roles`, {
      roles: [stage.cast.roleId],
    });
    await api('GET', path(scimId), undefined, 404);
    const expected = ((await userOf(member)).identities as Json[])[1];
    expect(expected).toMatchObject({ user_id: `acme-oidc|idp-${name}`, status: 'expected' });
    expect(await subOf(name)).toBe(member);
    const roles = await api<Json[]>(
      'GET',
      `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(member)}/roles`,
    );
    expect(roles.map((role) => role.id)).toEqual([stage.cast.roleId]);
    expect((await userOf(member)).identities).toHaveLength(2);
    expect(await subOf(name)).toBe(member);
  });

  test('SCIM knows them by the id that it was given, and is told nothing about the account', async () => {
    const { name, member, scimId } = await createLinked();
    await api('PATCH', path(member), { blocked: true, name: 'Private Name' });
    for (const filter of [`externalId eq "idp-${name}"`, `id eq "${scimId}"`]) {
      const { body } = await company.find(filter);
      expect(body.Resources.map((item: Json) => item.id)).toEqual([scimId]);
      expect(JSON.stringify(body)).not.toMatch(/auth0\||Private Name|"active":false/);
    }
    expect((await company.call('GET', at(member))).status).toBe(404);
  });

  test('a change by SCIM changes nothing of the account', async () => {
    const { member, scimId } = await createLinked();
    const before = await userOf(member);
    const answer = await company.patch(
      scimId,
      { op: 'replace', path: 'displayName', value: 'Renamed' },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'mallory@acme.example' },
    );
    expect([answer.status, answer.body.displayName]).toEqual([200, 'Renamed']);
    const { identities, ...account } = await userOf(member);
    expect({ ...account, identities: before.identities }).toEqual(before);
    expect(identities).toHaveLength(2);
  });

  test.each([
    ['before the first sign-in', false],
    ['after it', true],
  ])('active: false closes the way in by the connection and no other, %s', async (_title, isBound) => {
    const { name, member, scimId } = await createLinked();
    if (isBound) expect(await subOf(name)).toBe(member);
    expect((await company.patch(scimId, ACTIVE(false))).body.active).toBe(false);
    expect((await userOf(member)).blocked).toBeFalsy();
    const through = await stage.instance.database.pool.query(
      'select 1 from sessions where user_id = $1 and connection_id = $2',
      [member, stage.cast.acme.connectionId],
    );
    expect(through.rows).toEqual([]);
    expect(await codeOf(name)).toBe('admit.user_blocked');
    const visitor = stage.visitor();
    const answer = await visitor.withPassword(`${name}@acme.example`);
    expect((await visitor.redeem(answer)).claims.sub).toBe(member);
    expect((await company.patch(scimId, ACTIVE(true))).body.active).toBe(true);
    expect(await subOf(name)).toBe(member);
  });

  test('DELETE removes the identity that SCIM made, and never the account', async () => {
    const { name, member, scimId } = await createLinked();
    expect(await subOf(name)).toBe(member);
    expect((await company.call('DELETE', at(scimId))).status).toBe(204);
    expect((await userOf(member)).identities).toHaveLength(1);
    expect((await company.call('GET', at(scimId))).status).toBe(404);
  });

  test('an identity that the operator prepared is shown, can be closed, and cannot be deleted', async () => {
    const name = newName();
    const member = await stage.cast.createMember(`${name}@acme.example`);
    await api('POST', `${path(member)}/identities`, {
      provider: 'oidc',
      connection_id: stage.cast.acme.connectionId,
      user_id: `idp-${name}`,
    });
    const found = (await company.find(`externalId eq "idp-${name}"`)).body.Resources;
    expect(found.map((item: Json) => item.id)).toEqual([`oidc|acme-oidc|idp-${name}`]);
    expect((await company.create(personOf(name))).status).toBe(409);
    // Written by SCIM or not: the identity stays the operator's.
    await company.patch(found[0].id, { op: 'replace', path: 'displayName', value: 'Adopted' });
    expect((await company.call('DELETE', at(found[0].id))).status).toBe(403);
    await company.patch(found[0].id, ACTIVE(false));
    expect(await codeOf(name)).toBe('admit.user_blocked');
    expect((await userOf(member)).identities).toHaveLength(2);
  });

  test('case=an address that SCIM writes into a person who waits is not verified by what was proved of the one before', async () => {
    const name = newName();
    const member = await stage.cast.createMember(`${name}@acme.example`);
    const scimId = await createPerson(name);
    await api('PATCH', path(scimId), { email_verified: true });
    await api('POST', `${path(member)}/identities`, { provider: 'oidc', user_id: `acme-oidc|idp-${name}` });
    const victim = `victim-of-${name}@acme.example`;
    await company.patch(scimId, { op: 'replace', path: 'emails[type eq "work"].value', value: victim });
    await api('DELETE', `${path(member)}/identities/oidc/${encodeURIComponent(`acme-oidc|idp-${name}`)}`);
    expect(await userOf(scimId)).toMatchObject({ email: victim, email_verified: false });
  });

  test('an account that SCIM had blocked stays closed for the connection when it is linked', async () => {
    const name = newName();
    const member = await stage.cast.createMember(`${name}@acme.example`);
    const scimId = await createPerson(name, { active: false });
    await api('POST', `${path(member)}/identities`, { provider: 'oidc', user_id: `acme-oidc|idp-${name}` });
    expect((await company.call('GET', at(scimId))).body.active).toBe(false);
    expect(await codeOf(name)).toBe('admit.user_blocked');
    expect((await userOf(member)).blocked).toBeFalsy();
  });

  test.each([
    ['waits still', false, true],
    ['has signed in', true, true],
    ['is inactive', false, false],
  ])('unlinked, a person who %s is their own SCIM user again', async (_title, isBound, isActive) => {
    const { name, member, scimId } = await createLinked();
    if (isBound) expect(await subOf(name)).toBe(member);
    if (!isActive) await company.patch(scimId, ACTIVE(false));
    await api('DELETE', `${path(member)}/identities/oidc/${encodeURIComponent(`acme-oidc|idp-${name}`)}`);
    const user = await userOf(scimId);
    expect([user.email, user.email_verified, user.blocked ?? false]).toEqual([
      `${name}@acme.example`,
      isBound,
      !isActive,
    ]);
    expect((await company.call('GET', at(scimId))).body).toMatchObject({ id: scimId, active: isActive });
    await company.patch(scimId, ACTIVE(true));
    await join(scimId);
    expect(await subOf(name)).toBe(scimId);
  });

  test("unlinked from an account that the operator blocked, a person whom SCIM closed out stays so after the operator's block", async () => {
    const { name, member, scimId } = await createLinked();
    await company.patch(scimId, ACTIVE(false));
    await api('PATCH', path(member), { blocked: true });
    await api('DELETE', `${path(member)}/identities/oidc/${encodeURIComponent(`acme-oidc|idp-${name}`)}`);
    expect((await userOf(scimId)).blocked).toBe(true);
    await join(scimId);
    await api('PATCH', path(scimId), { blocked: false });
    expect((await company.call('GET', at(scimId))).body.active).toBe(false);
    expect(await codeOf(name)).toBe('admit.user_blocked');
    expect((await company.patch(scimId, ACTIVE(true))).body.active).toBe(true);
    expect(await subOf(name)).toBe(scimId);
  });

  test('a person who waits is not linked to an account that has an identity at the connection', async () => {
    const { member } = await createLinked();
    const name = newName();
    await createPerson(name);
    await api('POST', `${path(member)}/identities`, { provider: 'oidc', user_id: `acme-oidc|idp-${name}` }, 409);
  });
});

test('an account that SCIM made and a move of a seat took in comes back as SCIM wrote it', async () => {
  const [name, again] = [newName(), newName()];
  const first = await createPerson(name);
  stage.cast.people[again] = { sub: `idp-${again}`, email: `${name}@acme.example`, email_verified: true };
  const second = await createPerson(again, { emails: [{ value: `${name}@acme.example`, primary: true }] });
  for (const id of [first, second]) await join(id);
  expect(await subOf(name)).toBe(first);
  const visitor = stage.visitor();
  const answer = await visitor.throughSso(again, `${name}@acme.example`);
  expect((await visitor.redeem(answer)).claims.sub).toBe(second);
  const shown = (await company.call('GET', at(second))).body;
  const identity = `oidc/${encodeURIComponent(`acme-oidc|idp-${name}`)}`;
  const { identity_id: id } = await api(
    ...(['POST', `${path(first)}/identities/${identity}/move`] as const),
    { subject: `idp-${again}`, absorb_user_id: second },
    200,
  );
  await api('POST', `${path(first)}/moved-identities/${id}/restore`, {}, 200);
  expect((await company.call('GET', at(second))).body).toEqual(shown);
});

test('the last break-glass member is not taken away by SCIM', async () => {
  const name = newName();
  const id = await createPerson(name);
  const database = await stage.cast.createUser(`${name}@acme.example`);
  // The account is the connection's own, and has a password besides.
  await api('POST', `${path(id)}/identities`, { provider: 'auth0', user_id: database.slice('auth0|'.length) });
  await join(id);
  const members = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(id)}`;
  await api('PATCH', members, { break_glass: true });
  await stage.enablement({ sso_rollout: 'required' });
  try {
    expect((await company.patch(id, ACTIVE(false))).status).toBe(409);
    expect((await company.call('DELETE', at(id))).status).toBe(409);
    expect((await userOf(id)).blocked).toBeFalsy();
  } finally {
    await stage.enablement({ sso_rollout: 'optional' });
  }
});
