/** Linking and unlinking at the double, with both settings of what Auth0's documentation leaves open. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../support/instance.js';
import { answerOf, type Stage, useStage } from '../support/stage.js';

const userPath = (id: string) => `/users/${encodeURIComponent(id)}`;

/** A member with a password, and a second account of the same person from the company, which is an editor of Acme. */
async function createTwo(stage: Stage, name: string) {
  const { cast, instance } = stage;
  const { api } = instance;
  const email = `${name}@acme.example`;
  const primary = await cast.createUser(email);
  cast.people[name] = { sub: `idp-${name}`, email, email_verified: true };
  expect(answerOf(await stage.visitor().throughSso(name, email)).error).toBe('access_denied');
  const secondary = `oidc|acme-oidc|idp-${name}`;
  const members = `/organizations/${cast.acme.id}/members`;
  await api('POST', members, { members: [secondary] }, 204);
  await api('POST', `${members}/${encodeURIComponent(secondary)}/roles`, { roles: [cast.roleId] }, 204);
  await api('PATCH', userPath(secondary), { app_metadata: { seat: 7 }, user_metadata: { theme: 'dark' } });
  return { primary, secondary, email, members };
}

const link = (stage: Stage, primary: string, body: Json, expected?: number) =>
  stage.instance.api('POST', `${userPath(primary)}/identities`, body, expected);

describe('linking at the double', () => {
  const stage = useStage({ profile: 'auth0' });
  const organizationsOf = (id: string) => stage.instance.api<Json[]>('GET', `${userPath(id)}/organizations`);

  test('case=the secondary is gone, its metadata and memberships with it; a login by it is one of the primary', async () => {
    const { primary, secondary, email, members } = await createTwo(stage, 'lena');
    await link(stage, primary, { provider: 'oidc', user_id: 'acme-oidc|idp-lena' }, 201);
    await stage.instance.api('GET', userPath(secondary), undefined, 404);
    const after = await stage.instance.api('GET', userPath(primary));
    expect(after).not.toHaveProperty('app_metadata');
    expect(after).not.toHaveProperty('user_metadata');
    expect(after.identities).toMatchObject([
      { provider: 'auth0' },
      { provider: 'oidc', user_id: 'acme-oidc|idp-lena' },
    ]);
    expect(await organizationsOf(primary)).toEqual([]);
    expect(answerOf(await stage.visitor().throughSso('lena', email)).error_description).toContain(
      `user ${primary} is not`,
    );
    await stage.instance.api('POST', members, { members: [primary] }, 204);
    const visitor = stage.visitor();
    expect((await visitor.redeem(await visitor.throughSso('lena', email))).claims.sub).toBe(primary);
  });

  test.each([
    ['by the subject alone', 'idp-kim'],
    ['by connection and subject', 'acme-oidc|idp-kim'],
    ['by the whole id', 'oidc|acme-oidc|idp-kim'],
  ])('case=with connection_id, named %s', async (_how, id) => {
    const name = `kim${id.length}`;
    const { primary } = await createTwo(stage, name);
    const body = {
      provider: 'oidc',
      user_id: id.replace('idp-kim', `idp-${name}`),
      connection_id: stage.cast.acme.connectionId,
    };
    await link(stage, primary, body, 201);
    expect((await stage.instance.api('GET', userPath(primary))).identities).toHaveLength(2);
  });

  test('case=unlinked, the secondary is a user of its own again, without metadata and memberships', async () => {
    const { primary, secondary, email } = await createTwo(stage, 'nora');
    await link(stage, primary, { provider: 'oidc', user_id: 'acme-oidc|idp-nora' }, 201);
    const identity = encodeURIComponent('acme-oidc|idp-nora');
    await stage.instance.api('DELETE', `${userPath(primary)}/identities/oidc/${identity}`, undefined, 200);
    const again = await stage.instance.api('GET', userPath(secondary));
    expect(again).toMatchObject({ user_id: secondary, email });
    expect(again).not.toHaveProperty('app_metadata');
    expect(again).not.toHaveProperty('user_metadata');
    expect(await organizationsOf(secondary)).toEqual([]);
  });
});

describe('linking at the double, memberships merged', () => {
  const stage = useStage({ profile: 'auth0', facts: { secondary_memberships: 'merged' } });

  test('case=the primary has the memberships and roles of the secondary', async () => {
    const { primary, members } = await createTwo(stage, 'lena');
    await link(stage, primary, { provider: 'oidc', user_id: 'acme-oidc|idp-lena' }, 201);
    expect(await stage.instance.api('GET', `${members}/${encodeURIComponent(primary)}/roles`)).toMatchObject([
      { id: stage.cast.roleId },
    ]);
  });

  test('case=a user who is deleted hands nothing on', async () => {
    const { secondary, members } = await createTwo(stage, 'mia');
    await stage.instance.api('DELETE', userPath(secondary), undefined, 204);
    const left = await stage.instance.api<Json[]>('GET', members);
    expect(left.map(({ user_id }) => user_id)).not.toContain(secondary);
  });
});
