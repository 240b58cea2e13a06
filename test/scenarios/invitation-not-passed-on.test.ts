/**
 * An application that does not pass on `organization` and `invitation`: the mailed link leads to it as before, and the sign-in page knows that
 * this browser opened an invitation. It offers it, to nobody else, and never continues with it by itself.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLBACK, type Invitation, PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { referenceOf, useStage, wordsOf } from '../support/stage.js';

const OFFER = 'You opened an invitation to';
const LOST = { organization: '', invitation: '' };
const clock = createManualClock();
const stage = useStage({ clock, clientFields: { organization_require_behavior: 'pre_login_prompt' } });
let dana: string;
let evil: Place;

beforeAll(async () => {
  dana = await stage.cast.createMember('dana@acme.example');
  evil = await stage.cast.createPlace('evil', {}, { domain: 'evil.example' });
});
beforeEach(() => clock.advanceMs(120_000));

/** The link in the mail of this invitation. */
async function linkOf({ ticket }: Invitation): Promise<string> {
  const mails = await stage.instance.mail();
  const found = mails.find(({ mail }) => String(mail.model.url).includes(ticket));
  return String(found?.mail.model.url);
}

const open = async (
  visitor: Visitor,
  invitation: Invitation,
  options: Parameters<Visitor['browser']['request']>[1] = {},
) => visitor.browser.request(await linkOf(invitation), options);

/** The invitation as the API shows it. */
const shown = ({ id }: Invitation, organizationId = stage.cast.acme.id): Promise<Json> =>
  stage.instance.api('GET', `/organizations/${organizationId}/invitations/${id}`);

const cookiesOf = ({ browser }: Visitor) => [...browser.cookies(new URL(stage.instance.origin).host).keys()];

describe('the link in the mail', () => {
  test('leads to the address of the application that the API shows, and the API shows no other', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const link = new URL(await linkOf(invitation));
    expect(link.origin + link.pathname).toBe(`${stage.instance.origin}/u/invitation/open`);
    const answer = await open(stage.visitor(), invitation);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store']);
    expect(invitation.url).toMatch(/^https:\/\/127\.0\.0\.1:9\/login\?invitation=/);
    const expected = new URL(invitation.url);
    expected.searchParams.set('invitation', invitation.mailed);
    expect(answer.headers.get('location')).toBe(expected.href);
  });

  test('of an invitation that was revoked or never existed: a page with the reason and a reference', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const link = await linkOf(invitation);
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`);
    const visitor = stage.visitor();
    for (const address of [link, `${stage.instance.origin}/u/invitation/open`, link.replace(/.$/, '~')]) {
      const page = await visitor.browser.visit(address);
      expect(page.status).toBe(400);
      expect(wordsOf(page)).toContain('This invitation cannot be used');
      expect((await stage.refusal(page)).details).toMatchObject({
        code: 'identify.invitation_not_found',
        reference: referenceOf(page),
      });
    }
    expect(cookiesOf(visitor)).toEqual([]);
  });

  test('counts openings by people, once a minute, and not those of programs that fetch ahead', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    expect(await shown(invitation)).not.toHaveProperty('opened');
    for (const [method, headers] of [
      ['HEAD', {}],
      ['GET', { 'sec-purpose': 'prefetch;prerender' }],
      ['GET', { purpose: 'prefetch' }],
      ['GET', { 'sec-fetch-dest': 'image' }],
      ['GET', { 'sec-fetch-dest': 'iframe' }],
    ] as const) {
      const visitor = stage.visitor();
      const answer = await open(visitor, invitation, { method, headers });
      expect([answer.status, cookiesOf(visitor)]).toEqual([302, []]);
    }
    expect(await shown(invitation)).not.toHaveProperty('opened');
    const first = clock.now().toISOString();
    await open(stage.visitor(), invitation, { headers: { 'sec-fetch-dest': 'document' } });
    await open(stage.visitor(), invitation);
    expect(await shown(invitation)).toMatchObject({ opened: { times: 1, first_at: first, last_at: first } });
    clock.advanceMs(60_000);
    const last = clock.now().toISOString();
    await Promise.all([1, 2, 3].map(() => open(stage.visitor(), invitation)));
    expect(await shown(invitation)).toMatchObject({ opened: { times: 2, first_at: first, last_at: last } });
  });
});

describe('an application that does not pass the invitation on', () => {
  test('the sign-in page offers it, and the person joins after they accept; then it is offered no more', async () => {
    const invitation = await stage.cast.invite('ivy@acme.example');
    const ivy = stage.visitor();
    await open(ivy, invitation);
    const prompt = await ivy.open(LOST);
    expect(prompt.url.pathname).toBe('/u/organization');
    expect(wordsOf(prompt)).toContain(`${OFFER} Acme`);
    const accept = await ivy.browser.submit(prompt, { action: 'invitation' });
    expect(accept.url.pathname).toBe('/u/invitation');
    expect(wordsOf(accept)).toContain('Dana Member invites you');
    const idp = await ivy.browser.submit(accept, { action: 'default' });
    const { claims } = await ivy.redeem(await ivy.signInAtIdp(idp, 'ivy'));
    expect(claims).toMatchObject({ email: 'ivy@acme.example', org_id: stage.cast.acme.id });
    const later = await ivy.open({ ...LOST, prompt: 'login' });
    expect(wordsOf(later)).not.toContain(OFFER);
  });

  test('it is offered at the organization’s own sign-in page too, and Enter in a field never chooses it', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await open(visitor, invitation);
    const page = await visitor.open({ invitation: '' });
    expect(page.url.pathname).toBe('/u/login/identifier');
    expect(wordsOf(page)).toContain(`${OFFER} Acme`);
    expect(page.forms.map(({ fields }) => fields)).toEqual([
      { action: 'invitation' },
      expect.objectContaining({ username: '', action: 'default' }),
    ]);
    const wrong = await visitor.type(page, 'no address');
    expect([wrong.status, wordsOf(wrong).includes(OFFER)]).toEqual([400, true]);
  });

  // Attack: a stranger plants an invitation for the person's own address, and an ordinary password accepts it.
  test('who looks at the offer and steps back signs in as before, and joins nobody', async () => {
    const planted = await stage.cast.invite('dana@acme.example', { organizationId: evil.id, connectionId: undefined });
    const visitor = stage.visitor();
    await open(visitor, planted);
    const page = await visitor.open(LOST);
    const offered = await visitor.browser.submit(page, { action: 'invitation' });
    expect(wordsOf(offered)).toContain('Join Evil');
    // By the address bar, past the page of the invitation.
    const state = offered.url.searchParams.get('state');
    const around = await visitor.browser.visit(`${stage.instance.origin}/u/login/password?state=${state}`);
    expect(around.url.pathname).toBe('/u/invitation');
    // And back.
    const before = await visitor.browser.visit(page.url.href);
    const signIn = await visitor.browser.submit(before, { organization: 'acme', action: 'default' });
    const { claims } = await visitor.redeem(
      await visitor.browser.submit(await visitor.type(signIn, 'dana@acme.example', 'password'), { password: PASSWORD }),
    );
    expect(claims.org_id).toBe(stage.cast.acme.id);
    const members = await stage.instance.api<Json[]>('GET', `/organizations/${evil.id}/members`);
    expect(members.map(({ user_id: id }) => id)).not.toContain(dana);
  });

  // Attack (shared computer): the next person accepts as somebody who reads the mailbox of the invited person.
  test('what the browser remembers proves no mailbox: without a company a code is mailed', async () => {
    const invitation = await stage.cast.invite('lee@plain.example', { connectionId: stage.cast.databaseId });
    const next = stage.visitor();
    await open(next, invitation);
    const accept = await next.browser.submit(await next.open(LOST), { action: 'invitation' });
    const form = await next.browser.submit(accept, { action: 'default' });
    const page = await next.browser.submit(form, { password: PASSWORD, name: 'Somebody' });
    expect(page.url.pathname).toBe('/u/proof');
    expect(await stage.mailedCode('lee@plain.example')).toMatch(/^\d{6}$/);
  });

  test('the operators see how often that happened, at most once a minute; silent requests do not count', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await open(visitor, invitation);
    await visitor.open({ ...LOST, prompt: 'none' });
    expect(await shown(invitation)).not.toHaveProperty('came_without');
    const at = clock.now().toISOString();
    await visitor.open(LOST);
    await visitor.open(LOST);
    expect(await shown(invitation)).toMatchObject({ came_without: { times: 1, last_at: at } });
    clock.advanceMs(60_000);
    await visitor.open(LOST);
    expect(await shown(invitation)).toMatchObject({ came_without: { times: 2 }, opened: { times: 1 } });
    const { invitations } = await stage.instance.api<{ invitations: Json[] }>(
      'GET',
      `/organizations/${stage.cast.acme.id}/invitations?include_totals=true`,
    );
    expect(invitations.find(({ id }) => id === invitation.id)).toMatchObject({ came_without: { times: 2 } });
  });

  test('a refused login changes nothing but the counts, and those outside of it', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const sam = stage.visitor();
    await open(sam, invitation);
    const page = await sam.open({ invitation: '' });
    expect(await shown(invitation)).toMatchObject({ opened: { times: 1 }, came_without: { times: 1 } });
    const before = await stage.instance.snapshot();
    const refused = await sam.signInAtIdp(await sam.type(page, 'sam@acme.example'), 'sam');
    expect((await stage.refusal(refused)).details.code).toBe('admit.not_a_member');
    await expectNothingLeft(stage.instance, before);
  });
});

describe('an application that passes it on', () => {
  test('is not counted, and the browser forgets the invitation', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await open(visitor, invitation);
    const page = await visitor.open({ invitation: invitation.mailed });
    expect(page.url.pathname).toBe('/u/invitation');
    expect(wordsOf(await visitor.open(LOST))).not.toContain(OFFER);
    expect(await shown(invitation)).not.toHaveProperty('came_without');
  });
});

describe('nothing is offered', () => {
  test('to another browser, at another application, for another organization, or after a logout', async () => {
    const invitation = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await open(visitor, invitation);
    expect(wordsOf(await stage.visitor().open(LOST))).not.toContain(OFFER);
    const other = await stage.instance.api('POST', '/clients', {
      name: 'Other',
      app_type: 'regular_web',
      callbacks: [CALLBACK],
      organization_usage: 'require',
      organization_require_behavior: 'pre_login_prompt',
    });
    const elsewhere = await visitor.open({ ...LOST, client_id: String(other.client_id) });
    expect([elsewhere.url.pathname, wordsOf(elsewhere).includes(OFFER)]).toEqual(['/u/organization', false]);
    expect(await shown(invitation)).not.toHaveProperty('came_without');
    expect(wordsOf(await visitor.open({ ...LOST, organization: evil.id }))).not.toContain(OFFER);
    expect(wordsOf(await visitor.open(LOST))).toContain(OFFER);
    await visitor.browser.request(`${stage.instance.origin}/v2/logout?client_id=${stage.cast.client.id}`);
    expect(wordsOf(await visitor.open(LOST))).not.toContain(OFFER);
  });

  test('once the invitation was revoked or has expired, on a page that was open before as well', async () => {
    const revoked = await stage.cast.invite('new@acme.example');
    const visitor = stage.visitor();
    await open(visitor, revoked);
    const page = await visitor.open(LOST);
    expect(wordsOf(page)).toContain(OFFER);
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/invitations/${revoked.id}`);
    expect(wordsOf(await visitor.open(LOST))).not.toContain(OFFER);
    const still = await visitor.browser.submit(page, { action: 'invitation' });
    expect([still.url.pathname, wordsOf(still).includes(OFFER)]).toEqual(['/u/organization', false]);
    const expiring = await stage.cast.invite('later@acme.example');
    clock.advanceMs(604_800_000 - 60_000);
    const late = stage.visitor();
    await open(late, expiring);
    expect(wordsOf(await late.open(LOST))).toContain(OFFER);
    clock.advanceMs(60_000);
    expect(wordsOf(await late.open(LOST))).not.toContain(OFFER);
    const after = stage.visitor();
    const answer = await open(after, expiring);
    expect([answer.status, cookiesOf(after)]).toEqual([302, []]);
    expect(await shown(expiring)).toMatchObject({ opened: { times: 1 } });
  });
});

// Attack: a page of a stranger opens the link of an invitation to the stranger's organization in the browser of somebody else, so that they join it.
describe('an invitation that a stranger planted in this browser', () => {
  test('changes nothing about a sign-in, is named by its organization, and joins nobody by itself', async () => {
    const planted = await stage.cast.invite('dana@acme.example', { organizationId: evil.id, connectionId: undefined });
    const visitor = stage.visitor();
    await open(visitor, planted, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' } });
    const prompt = await visitor.open(LOST);
    expect(wordsOf(prompt)).toContain(`${OFFER} Evil`);
    const page = await visitor.browser.submit(prompt, { organization: 'acme' });
    expect(wordsOf(page)).not.toContain(OFFER);
    const next = await visitor.type(page, 'dana@acme.example', 'password');
    const { claims } = await visitor.redeem(await visitor.browser.submit(next, { password: PASSWORD }));
    expect(claims).toMatchObject({ sub: dana, org_id: stage.cast.acme.id });
    expect(await stage.instance.api('GET', `/organizations/${evil.id}/members`)).toEqual([]);
    // Nor does the session of that person accept it: the next page asks.
    const again = await visitor.open({ ...LOST, prompt: 'login' });
    const asked = await visitor.browser.submit(again, { action: 'invitation' });
    expect([asked.url.pathname, wordsOf(asked).includes('Join Evil')]).toEqual(['/u/invitation', true]);
    expect(await stage.instance.api('GET', `/organizations/${evil.id}/members`)).toEqual([]);
  });

  test('a form of another site cannot choose it', async () => {
    const planted = await stage.cast.invite('dana@acme.example', { organizationId: evil.id, connectionId: undefined });
    const visitor = stage.visitor();
    await open(visitor, planted);
    const prompt = await visitor.open(LOST);
    const forged = await visitor.browser.request(prompt.forms[0]?.action ?? '', {
      method: 'POST',
      body: new URLSearchParams({ action: 'invitation' }),
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(forged.status).toBe(403);
  });
});
