/**
 * Attack: pre-hijacking (Sudhodanan and Paverd, arXiv 2205.10174). Mallory opens an account under Victor's address, with a
 * password of her own, and waits until he links his company's sign-in to it, or until somebody invites him.
 */
import { beforeAll, expect, test } from 'vitest';
import { NEW_PASSWORD, resetPassword } from '../support/attack-steps.js';
import { PASSWORD, type Place, readMailedTicket } from '../support/cast.js';
import { answerOf, proveByCode, proveByPassword, useStage, wordsOf } from '../support/stage.js';

const HERS = 'Mallorys-9-own-choice';
const stage = useStage({
  people: {
    vic: { sub: 'idp-vic', email: 'vic@acme.example', email_verified: true },
    val: { sub: 'idp-val', email: 'val@acme.example', email_verified: true },
  },
});
let mallorys: Place;

beforeAll(async () => {
  mallorys = await stage.cast.createPlace('mallory', {
    fake: { sub: 'm1', email: 'vera@customer.example', email_verified: true },
  });
});

async function isVerified(userId: string): Promise<unknown> {
  return (await stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`)).email_verified;
}

test('the password of an account that nobody had proved ends when its owner proves the address by a code', async () => {
  const userId = await stage.cast.createMember('uma@acme.example', { verified: false });
  const owner = stage.visitor();
  const page = await owner.throughSso('uma', 'uma@acme.example');
  const { claims } = await owner.redeem(await proveByCode(owner, page, await stage.mailedCode('uma@acme.example')));
  expect(claims.sub).toBe(userId);
  const planted = await stage.visitor().withPassword('uma@acme.example', PASSWORD);
  expect(wordsOf(planted)).toContain('Wrong email or password.');
  // The owner can have a password of his own.
  await resetPassword(stage, 'uma@acme.example');
  const again = stage.visitor();
  expect((await again.redeem(await again.withPassword('uma@acme.example', NEW_PASSWORD))).claims.sub).toBe(userId);
});

test('whoever proves such an account by its password keeps the password', async () => {
  const userId = await stage.cast.createMember('val@acme.example', { verified: false });
  const owner = stage.visitor();
  await owner.redeem(await proveByPassword(owner, await owner.throughSso('val', 'val@acme.example'), PASSWORD));
  const again = stage.visitor();
  expect((await again.redeem(await again.withPassword('val@acme.example'))).claims.sub).toBe(userId);
});

test('the ticket that an answer of the Management API shows opens no account without a code by mail', async () => {
  const shown = await stage.cast.invite('sam@acme.example', { connectionId: undefined, organizationId: mallorys.id });
  const mallory = stage.visitor();
  const accept = await mallory.open({ invitation: shown.ticket, organization: mallorys.id });
  const form = await mallory.browser.submit(accept, { action: 'default' });
  expect(form.url.pathname).toBe('/u/signup');
  const before = await stage.instance.snapshot();
  const asked = await mallory.browser.submit(form, { password: HERS });
  expect(asked.url.pathname).toBe('/u/proof');
  expect(await stage.instance.snapshot()).toMatchObject({ users: before.users, members: before.members });
  // The answer is the same where there is an account: the ticket is no way to ask.
  await stage.cast.createUser('nora@elsewhere.example');
  const other = await stage.cast.invite('nora@elsewhere.example', {
    connectionId: undefined,
    organizationId: mallorys.id,
  });
  const again = stage.visitor();
  const page = await again.open({ invitation: other.ticket, organization: mallorys.id });
  const same = await again.browser.submit(await again.browser.submit(page, { action: 'default' }), {
    password: HERS,
  });
  expect(wordsOf(same).replaceAll('nora@elsewhere.example', '*')).toBe(
    wordsOf(asked).replaceAll('sam@acme.example', '*'),
  );
  // The person who reads the mail gets in with the code.
  const { claims } = await mallory.redeem(
    await proveByCode(mallory, asked, await stage.mailedCode('sam@acme.example')),
  );
  expect(claims).toMatchObject({ email: 'sam@acme.example', email_verified: true, org_id: mallorys.id });
});

test('the link out of the mail opens an account at once, and its seal cannot be made up or moved', async () => {
  const first = await stage.cast.invite('ivo@elsewhere.example', { connectionId: undefined });
  const second = await stage.cast.invite('ida@elsewhere.example', { connectionId: undefined });
  const seal = first.mailed.slice(first.ticket.length + 1);
  for (const ticket of [`${second.ticket}.${seal}`, `${first.ticket}.AAAA`, `${first.ticket}.`, `${first.mailed}A`]) {
    const answer = await stage.visitor().open({ invitation: ticket });
    expect(answerOf(answer).error_description, ticket).toBe('invitation not found or already used');
  }
  const visitor = stage.visitor();
  const answer = await visitor.browser.submit(await visitor.accept(first), { password: HERS });
  expect((await visitor.redeem(answer)).claims).toMatchObject({ email: 'ivo@elsewhere.example', email_verified: true });
  expect(await readMailedTicket(stage.instance, second.ticket)).not.toBe(second.ticket);
});

test("an invitation and an identity provider of Mallory's own do not verify the address of an account she planted", async () => {
  const planted = await stage.cast.createUser('vera@customer.example', { verified: false });
  await stage.cast.invite('vera@customer.example', { connectionId: undefined, organizationId: mallorys.id });
  const mallory = stage.visitor();
  const idp = await mallory.open({ organization: mallorys.id, connection: mallorys.connectionName });
  const page = await mallory.signInAtIdp(idp, 'fake');
  expect(page.url.pathname).toBe('/u/proof');
  await mallory.redeem(await proveByPassword(mallory, page, PASSWORD));
  expect(await isVerified(planted)).toBe(false);
  // So another organization's invitation for Vera stays Vera's.
  const real = await stage.cast.invite('vera@customer.example', { connectionId: undefined });
  const thief = await stage.visitor().withPassword('vera@customer.example', PASSWORD);
  expect(answerOf(thief)).toMatchObject({ error: 'access_denied' });
  const left = await stage.instance.api('GET', `/organizations/${stage.cast.acme.id}/invitations/${real.id}`);
  expect(left.id).toBe(real.id);
});
