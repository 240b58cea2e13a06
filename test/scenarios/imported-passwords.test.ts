/**
 * A company brings its password base along: people sign in with the passwords that they have, with a hash that is replaced at the
 * first sign-in; people who came without one ask for a new password; nobody becomes a member by being imported.
 */
import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { beforeAll, describe, expect, test } from 'vitest';
import { FOREIGN_HASHES } from '../support/foreign-hashes.js';
import { createImporter, type Importer } from '../support/import-users.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const OLD_PASSWORD = 'The-old-one-2019';
let importer: Importer;

beforeAll(async () => {
  importer = await createImporter(stage.instance.origin, stage.cast.databaseId);
  const password_hash = await bcryptHash(OLD_PASSWORD, 10);
  const value = await argon2Hash(OLD_PASSWORD, { memoryCost: 4096, timeCost: 1 });
  const job = await importer.untilEnded(
    await importer.start([
      { email: 'ida@gmail.example', email_verified: true, user_id: 'ida', password_hash },
      { email: 'jon@gmail.example', user_id: 'jon', custom_password_hash: { algorithm: 'argon2', hash: { value } } },
      { email: 'kim@gmail.example', user_id: 'kim' },
      { email: 'lou@gmail.example', user_id: 'lou', password_hash, blocked: true },
      { email: 'mia@gmail.example', user_id: 'mia', password_hash },
    ]),
  );
  expect(job).toMatchObject({ status: 'completed', summary: { failed: 0, inserted: 5, updated: 0, total: 5 } });
  const members = ['ida', 'jon', 'kim', 'lou'].map((name) => `auth0|${name}`);
  await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members });
});

/** People of other systems: one for each algorithm. The other forms are in test/connectors/foreign-hashes.test.ts. */
const foreigners = [...new Map(FOREIGN_HASHES.map((row) => [row.custom.algorithm, row])).values()].map(
  (row, index) => ({ ...row, person: `foreigner${index}` }),
);

const hashOf = async (userId: string): Promise<string> =>
  (await stage.instance.database.pool.query('select hash from password_credentials where user_id = $1', [userId]))
    .rows[0].hash;

test.each([
  ['bcrypt', 'ida', true],
  ['argon2id of little cost', 'jon', false],
])('%s: the old password gets in, and its hash is made anew', async (_name, person, verified) => {
  const before = await hashOf(`auth0|${person}`);
  const first = stage.visitor();
  const { claims } = await first.redeem(await first.withPassword(`${person}@gmail.example`, OLD_PASSWORD));
  expect(claims).toMatchObject({ sub: `auth0|${person}`, org_id: stage.cast.acme.id, email_verified: verified });
  const after = await hashOf(`auth0|${person}`);
  expect(after).not.toBe(before);
  expect(after).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const again = stage.visitor();
  await again.redeem(await again.withPassword(`${person}@gmail.example`, OLD_PASSWORD));
});

describe('a person whom another system brought', () => {
  beforeAll(async () => {
    const people = foreigners.map(({ person, custom }) => ({
      email: `${person}@gmail.example`,
      email_verified: true,
      user_id: person,
      custom_password_hash: custom,
    }));
    const job = await importer.untilEnded(await importer.start(people));
    expect(job.summary).toMatchObject({ failed: 0, inserted: people.length });
    const members = foreigners.map(({ person }) => `auth0|${person}`);
    await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members });
  });

  test.each(foreigners)('$name: a wrong password leaves nothing, the right one a new hash', async (row) => {
    const { person, password } = row;
    const before = await stage.instance.snapshot();
    const refused = await stage.visitor().withPassword(`${person}@gmail.example`, `not ${password}`);
    expect(wordsOf(refused)).toContain('Wrong email or password.');
    await expectNothingLeft(stage.instance, before, 'secret');
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(await visitor.withPassword(`${person}@gmail.example`, password));
    expect(claims).toMatchObject({ sub: `auth0|${person}`, org_id: stage.cast.acme.id });
    expect(await hashOf(`auth0|${person}`)).toMatch(/^\$argon2id\$v=19\$m=\d+,t=2,p=1\$/);
    const again = stage.visitor();
    await again.redeem(await again.withPassword(`${person}@gmail.example`, password));
  });
});

test('a wrong password does not, and nothing is left', async () => {
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const refused = await visitor.withPassword('ida@gmail.example', 'not the password');
  expect(wordsOf(refused)).toContain('Wrong email or password.');
  await expectNothingLeft(stage.instance, before, 'secret');
});

test.each(['', '!', 'undefined', 'null'])(
  'attack: no password %j fits somebody who was imported without one',
  async (guess) => {
    const visitor = stage.visitor();
    const refused = await visitor.withPassword('kim@gmail.example', guess);
    expect(refused.status).toBe(400);
    expect(refused.url.pathname).toBe('/u/login/password');
  },
);

test('somebody without a password asks for one by mail, and is in', async () => {
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open(), 'kim@gmail.example', 'password');
  const asked = await visitor.browser.visit(linkTo(page.text, '/u/forgot-password', page.url));
  await visitor.browser.submit(asked, { username: 'kim@gmail.example' });
  const mail = (await stage.instance.mail()).map((kept) => kept.mail).find(({ to }) => to === 'kim@gmail.example');
  const reset = await visitor.browser.visit(String(mail?.model.url));
  await visitor.browser.submit(reset, { password: 'A-new-password-8' });
  const later = stage.visitor();
  const { claims } = await later.redeem(await later.withPassword('kim@gmail.example', 'A-new-password-8'));
  expect(claims.sub).toBe('auth0|kim');
});

test('somebody who is blocked stays out', async () => {
  const visitor = stage.visitor();
  const refused = await visitor.withPassword('lou@gmail.example', OLD_PASSWORD);
  expect((await stage.refusal(refused)).details.code).toBe('admit.user_blocked');
});

test('attack: imported and nothing else is no member', async () => {
  const before = await stage.instance.snapshot();
  const visitor = stage.visitor();
  const refused = await visitor.withPassword('mia@gmail.example', OLD_PASSWORD);
  expect((await stage.refusal(refused)).details.code).toBe('admit.not_a_member');
  await expectNothingLeft(stage.instance, before, 'secret');
});

function linkTo(html: string, path: string, base: URL): string {
  const found = new RegExp(`href="([^"]*${path}[^"]*)"`).exec(html)?.[1];
  if (found === undefined) throw new Error(`no link to ${path}`);
  return new URL(found.replaceAll('&amp;', '&'), base).href;
}
