/**
 * Attack: Mallory plants an account under Dana's address by a link that somebody other than this server's mail delivered, with a password of
 * her own: an invitation of Evil Corp that its application, an operator or a reader of invitations hands on, or a link for a new password that
 * the API showed. Then she waits for Acme to invite Dana, or for Dana to come.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { NEW_PASSWORD, resetPassword } from '../support/attack-steps.js';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { createMachine } from '../support/machines.js';
import { createOperatorRig } from '../support/operators.js';
import { answerOf, proveByCode, proveByPassword, useStage, wordsOf } from '../support/stage.js';

const HERS = 'Mallorys-9-own-choice';
const stage = useStage({
  people: Object.fromEntries(
    ['ada', 'bea', 'cleo', 'dot', 'eve', 'fay'].map((name) => [
      name,
      { sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true },
    ]),
  ),
});
let evil: Place;

beforeAll(async () => {
  evil = await stage.cast.createPlace('evil', {});
});

const addressOf = (name: string) => `${name}@acme.example`;

/** Evil Corp's application invites somebody and is to deliver the link itself. */
function inviteByApplication(email: string, organizationId = evil.id): Promise<Json> {
  return stage.instance.api('POST', `/organizations/${organizationId}/invitations`, {
    inviter: { name: 'Mallory' },
    invitee: { email },
    client_id: stage.cast.client.id,
    send_invitation_email: false,
  });
}

const ticketOf = (invitation: Json): string =>
  new URL(String(invitation.invitation_url)).searchParams.get('invitation') ?? '';

async function signUp(visitor: Visitor, invitation: string, organization: string): Promise<Visit> {
  const accept = await visitor.open({ invitation, organization });
  return visitor.browser.submit(await visitor.browser.submit(accept, { action: 'default' }), { password: HERS });
}

/** Mallory accepts into Evil Corp; the account's id. */
async function plant(email: string): Promise<{ userId: string; mallory: Visitor; claims: Json; refreshToken: string }> {
  const mallory = stage.visitor();
  const done = await signUp(mallory, ticketOf(await inviteByApplication(email)), evil.id);
  const { claims, refreshToken } = await mallory.redeem(done);
  return { userId: String(claims.sub), mallory, claims, refreshToken };
}

const userOf = (userId: string): Promise<Json> => stage.instance.api('GET', `/users/${encodeURIComponent(userId)}`);

/** Mallory types the password that she chose. */
const byHerPassword = (email: string, organization: string) =>
  stage.visitor().withPassword(email, HERS, { organization });

async function expectEnded(email: string, refreshToken?: string): Promise<void> {
  for (const organization of [evil.id, stage.cast.acme.id])
    expect(wordsOf(await byHerPassword(email, organization))).toContain('Wrong email or password.');
  if (refreshToken !== undefined) expect(await refresh(refreshToken)).toMatchObject({ error: 'invalid_grant' });
}

async function refresh(token: string): Promise<Json> {
  const { client, instance } = stage.cast;
  const response = await fetch(`${instance.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: client.id,
      client_secret: client.secret,
    }),
  });
  return (await response.json()) as Json;
}

describe('the link that an application delivers', () => {
  test('opens an account at once, and its organization alone vouches for the address', async () => {
    const { userId, claims, mallory } = await plant('own@elsewhere.example');
    expect(claims).toMatchObject({ email: 'own@elsewhere.example', email_verified: true, org_id: evil.id });
    expect((await userOf(userId)).email_verified).toBe(false);
    await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
    const again = await mallory.redeem(await mallory.open());
    expect(again.claims).toMatchObject({ sub: userId, email_verified: false, org_id: stage.cast.acme.id });
    const userinfo = async (token: string) =>
      (await fetch(`${stage.instance.origin}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).json();
    expect(await userinfo(again.accessToken)).toMatchObject({ email_verified: false });
    const there = await mallory.redeem(await mallory.open({ organization: evil.id }));
    expect(await userinfo(there.accessToken)).toMatchObject({ email_verified: true });
  });

  test('shows its seal in the answer to its creation, and in no later one', async () => {
    const made = await inviteByApplication('seal@elsewhere.example');
    const path = `/organizations/${evil.id}/invitations`;
    const read = await stage.instance.api('GET', `${path}/${made.id}`);
    const [listed] = await stage.instance.api<Json[]>('GET', path);
    expect(ticketOf(made)).toMatch(/\./);
    for (const one of [read, listed ?? {}]) {
      expect(one.invitation_url).toBeTypeOf('string');
      expect(ticketOf(one)).toBe(made.ticket_id);
    }
    const logged = JSON.stringify(await stage.logs());
    expect(logged).not.toContain(String(made.ticket_id));
  });

  test('to a reader of invitations it is a link without a seal: a code is mailed', async () => {
    const made = await inviteByApplication('read@elsewhere.example');
    const asked = await signUp(stage.visitor(), String(made.ticket_id), evil.id);
    expect(asked.url.pathname).toBe('/u/proof');
  });

  test('to an operator who invites by hand it is one without a seal, too: their own power is no proof of a mailbox', async () => {
    const { join } = await createOperatorRig(stage.instance);
    const operator = await join('olga@operator.example');
    const { status, body } = await operator.call('POST', `/organizations/${evil.id}/invitations`, {
      inviter: { name: 'Olga' },
      invitee: { email: 'hand@elsewhere.example' },
      client_id: stage.cast.client.id,
      send_invitation_email: false,
    });
    expect(status).toBe(201);
    expect(ticketOf(body)).toBe(body.ticket_id);
    const visitor = stage.visitor();
    const asked = await signUp(visitor, ticketOf(body), evil.id);
    expect(asked.url.pathname).toBe('/u/proof');
    // The owner, who reads the mail, gets in with the code, and the password is theirs.
    const code = await stage.mailedCode('hand@elsewhere.example');
    expect((await visitor.redeem(await proveByCode(visitor, asked, code))).claims.email_verified).toBe(true);
  });

  test('with a password of before it vouches for nothing elsewhere either', async () => {
    const userId = await stage.cast.createUser('twin@elsewhere.example', { verified: false });
    const made = await inviteByApplication('twin@elsewhere.example');
    const visitor = stage.visitor();
    const parameters = { invitation: ticketOf(made), organization: evil.id };
    const accept = await visitor.browser.submit(await visitor.open(parameters), { action: 'default' });
    const signIn = await visitor.browser.visit(
      `${stage.instance.origin}/u/login/password?state=${accept.url.searchParams.get('state')}`,
    );
    const { claims } = await visitor.redeem(await visitor.browser.submit(signIn, { password: PASSWORD }));
    expect(claims).toMatchObject({ sub: userId, org_id: evil.id, email_verified: true });
    expect((await userOf(userId)).email_verified).toBe(false);
  });
});

test('an invitation of Acme that waits opens nothing without its link; the link out of the mail does', async () => {
  const email = addressOf('ada');
  await plant(email);
  const invitation = await stage.cast.invite(email, { connectionId: undefined });
  expect(answerOf(await byHerPassword(email, stage.cast.acme.id))).toMatchObject({ error: 'access_denied' });
  const path = `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`;
  expect((await stage.instance.api('GET', path)).id).toBe(invitation.id);
  // Nor does a verified account of before enter without the link: somebody may have planted that one too.
  await stage.cast.createUser('old@elsewhere.example');
  const other = await stage.cast.invite('old@elsewhere.example', { connectionId: undefined });
  const without = await stage.visitor().withPassword('old@elsewhere.example');
  expect(answerOf(without)).toMatchObject({ error: 'access_denied' });
  const owner = stage.visitor();
  const page = await owner.accept(other);
  const signIn = await owner.browser.visit(
    `${stage.instance.origin}/u/login/password?state=${page.url.searchParams.get('state')}`,
  );
  const { claims } = await owner.redeem(await owner.browser.submit(signIn, { password: PASSWORD }));
  expect(claims).toMatchObject({ email: 'old@elsewhere.example', org_id: stage.cast.acme.id });
});

describe('what Mallory planted ends when the owner comes', () => {
  test('by a code, at a company that has proved the domain', async () => {
    const email = addressOf('bea');
    const { userId, refreshToken } = await plant(email);
    const invitation = await stage.cast.invite(email);
    const bea = stage.visitor();
    const page = await bea.signInAtIdp(await bea.accept(invitation), 'bea');
    expect(page.url.pathname).toBe('/u/proof');
    const { claims } = await bea.redeem(await proveByCode(bea, page, await stage.mailedCode(email)));
    expect(claims).toMatchObject({ sub: userId, email_verified: true });
    await expectEnded(email, refreshToken);
    // The owner can have a password of her own, and keeps it.
    await resetPassword(stage, email);
    expect(wordsOf(await byHerPassword(email, evil.id))).toContain('Wrong email or password.');
    const again = stage.visitor();
    const parameters = { organization: evil.id };
    expect((await again.redeem(await again.withPassword(email, NEW_PASSWORD, parameters))).claims.sub).toBe(userId);
  });

  test('by a link that this server mailed; the page says that the password ended', async () => {
    const email = addressOf('cleo');
    const { userId, refreshToken } = await plant(email);
    await stage.instance.api('POST', '/jobs/verification-email', { user_id: userId });
    const sent = (await stage.instance.mail()).find(
      ({ mail }) => mail.to === email && mail.template === 'verify_email',
    );
    const cleo = stage.visitor();
    const asked = await cleo.browser.visit(String(sent?.mail.model.url));
    // Opening the link changes nothing: a scanner of mails may have done it.
    expect((await byHerPassword(email, evil.id)).url.searchParams.get('code')).toBeTruthy();
    const done = await cleo.browser.submit(asked, { action: 'default' });
    expect(wordsOf(done)).toContain('It no longer works');
    await expectEnded(email, refreshToken);
  });

  test('by a new password that she asks for by mail', async () => {
    const email = addressOf('dot');
    const { refreshToken } = await plant(email);
    await resetPassword(stage, email, { organization: evil.id });
    await expectEnded(email, refreshToken);
  });

  test("by her company's sign-in, silently", async () => {
    const email = addressOf('eve');
    const { userId, refreshToken } = await plant(email);
    // As if Acme had added her by hand: an operator's word about the address, and not about the password.
    await stage.instance.api('PATCH', `/users/${encodeURIComponent(userId)}`, { email_verified: true });
    await stage.instance.api('DELETE', `/organizations/${evil.id}/members`, { members: [userId] });
    await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
    const eve = stage.visitor();
    expect((await eve.redeem(await eve.throughSso('eve', email))).claims.sub).toBe(userId);
    await expectEnded(email, refreshToken);
  });

  test("when the account that her company's directory created is linked to it", async () => {
    const email = addressOf('fay');
    const { userId, refreshToken } = await plant(email);
    const fay = stage.visitor();
    const invitation = await stage.cast.invite(email);
    // She has an account of her company's connection: the code was not asked, since another account is invited.
    await stage.instance.api('DELETE', `/organizations/${stage.cast.acme.id}/invitations/${invitation.id}`);
    await stage.enablement({ assign_membership_on_login: true });
    const { claims } = await fay.redeem(await fay.throughSso('fay', email));
    await stage.enablement({ assign_membership_on_login: false });
    expect(claims.sub).not.toBe(userId);
    const [provider, ...rest] = String(claims.sub).split('|');
    await stage.instance.api('POST', `/users/${encodeURIComponent(userId)}/identities`, {
      provider,
      user_id: rest.join('|'),
    });
    await expectEnded(email, refreshToken);
  });
});

describe('a password that its owner set, or a client that may set passwords, stays', () => {
  test('one that was set after the mailbox was proved', async () => {
    const email = 'hal@acme.example';
    stage.cast.people.hal = { sub: 'idp-hal', email, email_verified: true };
    const invitation = await stage.cast.invite(email, { connectionId: undefined, organizationId: evil.id });
    const hal = stage.visitor();
    const page = await hal.accept(invitation, { organization: evil.id });
    const { claims } = await hal.redeem(await hal.browser.submit(page, { password: PASSWORD }));
    const later = await stage.cast.invite(email);
    const sso = stage.visitor();
    const asked = await sso.signInAtIdp(await sso.accept(later), 'hal');
    const bound = await sso.redeem(await proveByCode(sso, asked, await stage.mailedCode(email)));
    expect(bound.claims.sub).toBe(claims.sub);
    const again = stage.visitor();
    const parameters = { organization: evil.id };
    expect((await again.redeem(await again.withPassword(email, PASSWORD, parameters))).claims.sub).toBe(claims.sub);
  });

  test('one that the Management API set with the address, at a silent binding', async () => {
    const email = 'ina@acme.example';
    stage.cast.people.ina = { sub: 'idp-ina', email, email_verified: true };
    const userId = await stage.cast.createMember(email);
    const ina = stage.visitor();
    expect((await ina.redeem(await ina.throughSso('ina', email))).claims.sub).toBe(userId);
    const again = stage.visitor();
    expect((await again.redeem(await again.withPassword(email))).claims.sub).toBe(userId);
  });

  test('one that proves the account beside the company’s sign-in', async () => {
    const email = 'jo@acme.example';
    stage.cast.people.jo = { sub: 'idp-jo', email, email_verified: true };
    const { userId } = await plant(email);
    const jo = stage.visitor();
    const page = await jo.signInAtIdp(await jo.accept(await stage.cast.invite(email)), 'jo');
    expect((await jo.redeem(await proveByPassword(jo, page, HERS))).claims.sub).toBe(userId);
    const again = stage.visitor();
    const parameters = { organization: evil.id };
    expect((await again.redeem(await again.withPassword(email, HERS, parameters))).claims.sub).toBe(userId);
  });
});

describe('links that the Management API shows', () => {
  const weak = () => createMachine(stage.instance, 'weak', ['create:user_tickets', 'read:users']);

  test('a link that verifies an address takes the scope that may do so at once', async () => {
    const userId = await stage.cast.createUser('kim@elsewhere.example', { verified: false });
    const { call } = await weak();
    for (const [path, body] of [
      ['/tickets/email-verification', { user_id: userId }],
      ['/tickets/password-change', { user_id: userId, mark_email_as_verified: true }],
    ] as const) {
      const { status, body: answer } = await call('POST', path, body);
      expect(status, path).toBe(403);
      expect(answer).toMatchObject({ errorCode: 'insufficient_scope' });
    }
  });

  test('a password that is set by such a link of a client that may not set passwords ends as any other that nobody vouches for', async () => {
    const email = 'lea@acme.example';
    stage.cast.people.lea = { sub: 'idp-lea', email, email_verified: true };
    const userId = await stage.cast.createMember(email);
    const { body } = await (await weak()).call('POST', '/tickets/password-change', { user_id: userId });
    const { ticket } = body as { ticket: string };
    const mallory = stage.visitor();
    const done = await mallory.browser.submit(await mallory.browser.visit(ticket), { password: HERS });
    expect(done.status).toBe(200);
    const lea = stage.visitor();
    expect((await lea.redeem(await lea.throughSso('lea', email))).claims.sub).toBe(userId);
    expect(wordsOf(await byHerPassword(email, stage.cast.acme.id))).toContain('Wrong email or password.');
  });
});
