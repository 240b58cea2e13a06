/**
 * A page offers only a way that leads somewhere, and speaks only of what is on it. That must not tell whether an address has an account:
 * an offer depends on the settings and on what the person is doing, never on the account.
 */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { linkOf, linksOf, proveByCode, sameForAll, useStage, wordsOf, wrongCode } from '../support/stage.js';

const stage = useStage();
const OFFER = 'I have a password here';
const offers = (page: Visit) => wordsOf(page).includes(OFFER);

/** Opens the invitation by the link that an operator copied, and chooses a password: a code is asked for. */
async function joinByCopiedLink(visitor: Visitor, email: string): Promise<Visit> {
  const { ticket } = await stage.cast.invite(email, { connectionId: undefined });
  const page = await visitor.browser.submit(await visitor.open({ invitation: ticket }), {});
  return visitor.browser.submit(page, { name: 'Somebody', password: PASSWORD });
}

describe('the password beside a mailed code', () => {
  test('is not offered to invited people who have just chosen one, with an account or without; the code lets them in', async () => {
    await stage.cast.createUser('known@plain.example');
    const pages: string[] = [];
    for (const email of ['known@plain.example', 'unknown@plain.example']) {
      const page = await joinByCopiedLink(stage.visitor(), email);
      expect([page.url.pathname, offers(page)]).toEqual(['/u/proof', false]);
      pages.push(sameForAll(page, email));
    }
    expect(pages[0]).toBe(pages[1]);
    const visitor = stage.visitor();
    const page = await joinByCopiedLink(visitor, 'uta@plain.example');
    const { claims } = await visitor.redeem(
      await proveByCode(visitor, page, await stage.mailedCode('uta@plain.example')),
    );
    expect(claims).toMatchObject({ email: 'uta@plain.example', org_id: stage.cast.acme.id });
  });

  test('an address of the form by hand shows the code, and a password that is posted counts as a wrong code', async () => {
    const visitor = stage.visitor();
    const page = await joinByCopiedLink(visitor, 'ute@plain.example');
    expect(wordsOf(await visitor.browser.visit(`${page.url.href}&method=password`))).toContain('Six digits');
    const answer = await visitor.browser.submit(page, { code: '', action: 'password' });
    expect([answer.status, wordsOf(answer).includes('This code is wrong')]).toEqual([400, true]);
    expect((await proveByCode(visitor, page, wrongCode(await stage.mailedCode('ute@plain.example')))).status).toBe(400);
  });

  test("is offered beside a company's sign-in to everybody, in words that are true without an account", async () => {
    const place: Place = await stage.cast.createPlace('delta', {
      none: { sub: 'd-2', email: 'none@delta.example', email_verified: true },
    });
    const options = { organizationId: place.id, connectionId: place.connectionId };
    const invitation = await stage.cast.invite('none@delta.example', options);
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.accept(invitation, { organization: place.id }), 'none');
    expect([page.url.pathname, offers(page)]).toEqual(['/u/proof', true]);
  });
});

describe('an address that leads nowhere', () => {
  const databaseOff = () =>
    stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.databaseId}`);
  beforeAll(databaseOff);
  afterEach(() => stage.enablement({ pilot_emails: null }));

  test('is told of another way where one stands below', async () => {
    const other = await stage.cast.createPlace('epsilon', {});
    const path = `/organizations/${stage.cast.acme.id}/enabled_connections`;
    await stage.instance.api('POST', path, { connection_id: other.connectionId, assign_membership_on_login: false });
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), 'olga@plain.example');
    expect(wordsOf(page)).toContain('Check it, or choose another way below. ');
    expect(wordsOf(page)).toContain('Continue with');
    await stage.instance.api('DELETE', `${path}/${other.connectionId}`);
  });

  test('is told of none where none does: a pilot group has no button', async () => {
    await stage.enablement({ pilot_emails: ['dana@acme.example'] });
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), 'olga@plain.example');
    expect(wordsOf(page)).not.toContain('below');
    expect(wordsOf(page)).not.toContain('Continue with');
    expect(wordsOf(page)).toContain('Check it, or ask an administrator of your organization.');
  });
});

test('too many wrong passwords: the page that advises a new password leads to it, for any address', async () => {
  const { id } = stage.cast.acme;
  const path = `/organizations/${id}/enabled_connections`;
  const body = { connection_id: stage.cast.databaseId, assign_membership_on_login: false };
  await stage.instance.api('POST', path, body);
  for (const email of ['olga@plain.example', 'nobody@plain.example']) {
    for (let tries = 0; tries < 10; tries += 1) await stage.visitor().withPassword(email, 'not the password');
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email, 'not the password');
    expect([page.status, linksOf(page)[0]]).toEqual([429, 'Reset your password']);
    const form = await visitor.browser.visit(linkOf(page, 'Reset your password'));
    expect([form.status, wordsOf(form).includes('Send the link')]).toEqual([200, true]);
  }
});
