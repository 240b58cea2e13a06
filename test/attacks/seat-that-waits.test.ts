/**
 * Attacks on a membership that was moved and waits for its person: by another company's identity provider, by an address that nobody vouches for, by a
 * second account, by a login that was under way, and by the old account in every way that is open to it.
 */
import { beforeEach, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
const api = (...call: Parameters<typeof stage.instance.api>) => stage.instance.api(...call);
const ROUNDS = 5;
let serial = 0;
let email: string;
let member: string;

beforeEach(async () => {
  serial += 1;
  await seat(`rita${serial}@acme.example`, `${serial}`);
});

/** A member who is bound to `old-N`; the identity provider also has `new-N` and `third-N` with the same address. */
async function seat(address: string, name: string): Promise<void> {
  email = address;
  for (const login of ['old', 'new', 'third'])
    stage.cast.people[login] = { sub: `${login}-${name}`, email, email_verified: true };
  member = await stage.cast.createMember(email);
  const visitor = stage.visitor();
  await visitor.redeem(await visitor.throughSso('old', email));
}

async function move(body: Json): Promise<string> {
  const identity = encodeURIComponent(`${stage.cast.acme.connectionName}|${stage.cast.people.old?.sub}`);
  const path = `/users/${encodeURIComponent(member)}/identities/oidc/${identity}/move`;
  return (await api('POST', path, body)).identity_id as string;
}

/** The user who is let in; undefined for a refusal. */
async function whoEnters(login: string): Promise<unknown> {
  const visitor = stage.visitor();
  const answer = await visitor.throughSso(login, email);
  return answer.url.searchParams.has('code') ? (await visitor.redeem(answer)).claims.sub : undefined;
}

async function atPlace(place: Place, login: string): Promise<{ answer: Visit; sub: unknown }> {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: place.id, connection: place.connectionName });
  const answer = await visitor.signInAtIdp(page, login);
  const isIn = answer.url.searchParams.has('code');
  return { answer, sub: isIn ? (await visitor.redeem(answer)).claims.sub : undefined };
}

test.each(['subject', 'expected_email'] as const)('not by the IdP of another organization (%s)', async (by) => {
  const liar = { sub: `new-${serial}`, email, email_verified: true };
  const beta = await stage.cast.createPlace(
    `beta${serial}`,
    { liar },
    { enabled: { assign_membership_on_login: true } },
  );
  await api('POST', `/organizations/${beta.id}/members`, { members: [member] });
  await move({ [by]: by === 'subject' ? liar.sub : email });
  const { sub } = await atPlace(beta, 'liar');
  expect(sub).not.toBe(member);
  expect(await whoEnters('new'), 'the seat still waits for its person').toBe(member);
});

test('not by an address that nobody vouches for', async () => {
  const address = `pia${serial}@plain.example`;
  const people = {
    old: { sub: 'p-old', email: address, email_verified: true },
    anew: { sub: 'p-new', email: address, email_verified: true },
    liar: { sub: 'p-liar', email: address, email_verified: false },
  };
  const place = await stage.cast.createPlace(`plain${serial}`, people, {
    enabled: { assign_membership_on_login: true },
  });
  const { sub: pia } = await atPlace(place, 'old');
  const identity = encodeURIComponent(`${place.connectionName}|p-old`);
  await api('POST', `/users/${encodeURIComponent(String(pia))}/identities/oidc/${identity}/move`, {
    expected_email: address,
  });
  expect((await atPlace(place, 'liar')).sub).not.toBe(pia);
  expect((await atPlace(place, 'anew')).sub).toBe(pia);
});

test('of two new accounts that come at the same moment, one has the seat and the other nothing', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await seat(`twins${serial}-${round}@acme.example`, `${serial}-${round}`);
    await move({ expected_email: email });
    const entered = await Promise.all([whoEnters('new'), whoEnters('third')]);
    expect(entered.filter((who) => who === member)).toHaveLength(1);
    expect(entered.filter((who) => who === undefined)).toHaveLength(1);
  }
});

test('a login of the old account that was under way is refused, and one that was faster ends', async () => {
  const waiting = stage.visitor();
  const page = await waiting.type(await waiting.open(), email);
  await move({ subject: `new-${serial}` });
  expect((await stage.refusal(await waiting.signInAtIdp(page, 'old'))).details.code).toBe('resolve.seat_moved');
  for (let round = 0; round < ROUNDS; round += 1) {
    await seat(`quick${serial}-${round}@acme.example`, `${serial}-q${round}`);
    const visitor = stage.visitor();
    const atIdp = await visitor.type(await visitor.open(), email);
    await Promise.all([visitor.signInAtIdp(atIdp, 'old'), move({ subject: `new-${serial}-q${round}` })]);
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
    const { rows } = await stage.instance.database.pool.query(
      `select 'session' as kind from sessions where user_id = $1 and connection_id = $2
       union all select 'code' from authorization_codes where user_id = $1 and connection_id = $2`,
      [member, stage.cast.acme.connectionId],
    );
    expect(rows).toEqual([]);
    expect(await whoEnters('old')).toBeUndefined();
    expect(await whoEnters('new')).toBe(member);
  }
});

test('the way back and the first sign-in of the new account at the same moment: one of the two, never both', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await seat(`back${serial}-${round}@acme.example`, `${serial}-b${round}`);
    const id = await move({ subject: `new-${serial}-b${round}` });
    const path = `/users/${encodeURIComponent(member)}/moved-identities/${id}/restore`;
    await Promise.all([whoEnters('new').catch(() => 'ended'), api('POST', path, {}).catch(() => {})]);
    const { rows } = await stage.instance.database.pool.query(
      `select subject from identities where user_id = $1 and connection_id = $2 and status = 'bound'`,
      [member, stage.cast.acme.connectionId],
    );
    const isBack = rows[0]?.subject === `old-${serial}-b${round}`;
    expect(rows).toHaveLength(1);
    expect(await whoEnters('old')).toBe(isBack ? member : undefined);
    expect(await whoEnters('new')).toBe(isBack ? undefined : member);
  }
});

test('the old account gets in neither linked to another user nor after its user was merged', async () => {
  await move({ subject: `new-${serial}` });
  const other = { sub: 'other', email: `other${serial}@gamma.example`, email_verified: true };
  const gamma = await stage.cast.createPlace(
    `gamma${serial}`,
    { other },
    { enabled: { assign_membership_on_login: true } },
  );
  const primary = String((await atPlace(gamma, 'other')).sub);
  await api('POST', `/organizations/${stage.cast.acme.id}/members`, { members: [primary] });
  const [provider = '', id = ''] = member.split('|');
  await api('POST', `/users/${encodeURIComponent(primary)}/identities`, { provider, user_id: id });
  expect(await whoEnters('old'), 'the moved identity went along').toBeUndefined();
  expect(await whoEnters('new')).toBe(primary);
  const moved = await stage.instance.api<Json[]>('GET', `/users/${encodeURIComponent(primary)}/moved-identities`);
  expect(moved).toMatchObject([{ subject: `old-${serial}` }]);
});
