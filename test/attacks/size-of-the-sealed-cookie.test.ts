/**
 * Attack: Mallory invites addresses that she wants to know about and has her identity provider assert them. The page that asks for
 * a code is the same for all; she measures what the answer weighs, the sealed cookie above all, which hides its text but not
 * its length.
 */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const people: Record<string, { sub: string; email: string; email_verified: boolean }> = {};
let mallorys: Place;

beforeAll(async () => {
  mallorys = await stage.cast.createPlace('mallory', people);
});

const newName = () => randomBytes(6).toString('hex');

/** Length of the login's cookie and of the page, for an address that has an account or not. */
async function weigh(exists: boolean): Promise<{ cookie: number; page: number }> {
  const name = newName();
  const email = `${name}@somewhere.example`;
  people[name] = { sub: `m-${newName()}`, email, email_verified: true };
  if (exists) await stage.cast.createUser(email);
  await stage.cast.invite(email, { connectionId: undefined, organizationId: mallorys.id });
  const visitor = stage.visitor();
  const idp = await visitor.open({ organization: mallorys.id, connection: mallorys.connectionName });
  const page = await visitor.signInAtIdp(idp, name);
  expect(page.url.pathname).toBe('/u/proof');
  const cookies = [...visitor.browser.cookies(new URL(stage.instance.origin).host)];
  const sealed = cookies.filter(([key]) => key.startsWith('vestibule_login_')).map(([, value]) => value.length);
  return { cookie: sealed.reduce((sum, length) => sum + length, 0), page: page.text.length };
}

test('the cookie weighs the same with and without an account', async () => {
  const averages: number[] = [];
  for (const exists of [false, true]) {
    let sum = 0;
    for (let round = 0; round < 12; round++) sum += (await weigh(exists)).cookie;
    averages.push(sum / 12);
  }
  const [without = 0, withAccount = 0] = averages;
  // Random ids compress a little differently each time: some characters, and no more with an account than without.
  expect(Math.abs(withAccount - without), averages.join(' against ')).toBeLessThan(6);
});

test('the page weighs the same', async () => {
  expect((await weigh(true)).page).toBe((await weigh(false)).page);
});
