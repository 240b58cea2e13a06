/** Story 27: two first logins of one person at the same moment: one user, one identity, and both get in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import { type Instance, startInstance } from '../support/instance.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let node: Instance;
let elsewhere: Cast;

beforeAll(async () => {
  node = await startInstance({ beside: stage.instance });
  elsewhere = { ...stage.cast, instance: node };
});
afterAll(() => node.stop());

/** Everybody is at the IdP before the first one comes back. */
async function comeBackAtOnce(login: string, email: string, count: number) {
  const visitors = Array.from({ length: count }, (_item, index) =>
    index % 2 === 0 ? stage.visitor() : new Visitor(elsewhere),
  );
  const pages = await Promise.all(visitors.map(async (visitor) => visitor.type(await visitor.open(), email)));
  const before = await stage.instance.snapshot();
  const subjects = await Promise.all(
    visitors.map(async (visitor, index) => {
      const page = pages[index];
      if (!page) throw new Error('no page');
      return (await visitor.redeem(await visitor.signInAtIdp(page, login))).claims.sub;
    }),
  );
  return { subjects, changed: diffSnapshots(before, await stage.instance.snapshot()) };
}

test('a member with a password is linked once', async () => {
  const dana = await stage.cast.createMember('dana@acme.example');
  const { subjects, changed } = await comeBackAtOnce('dana', 'dana@acme.example', 2);
  expect(subjects).toEqual([dana, dana]);
  expect(changed.identities?.added).toHaveLength(1);
  expect(changed.users?.added).toHaveLength(1);
  expect(changed.users?.removed).toHaveLength(1);
});

test('a newcomer under auto-membership becomes one user', async () => {
  await stage.enablement({ assign_membership_on_login: true });
  const { subjects, changed } = await comeBackAtOnce('sam', 'sam@acme.example', 4);
  expect(new Set(subjects)).toEqual(new Set(['oidc|acme-oidc|idp-sam']));
  expect(changed.users?.added).toHaveLength(1);
  expect(changed.identities?.added).toHaveLength(1);
  expect(changed.members?.added).toHaveLength(1);
  expect(changed.sessions?.added).toHaveLength(4);
  await stage.enablement({ assign_membership_on_login: false });
});
