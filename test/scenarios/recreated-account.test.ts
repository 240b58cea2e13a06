/**
 * A company's IT deletes an account and recreates it: the person comes with a new subject and the old address. They are refused, the log
 * says what would help, the operator moves the membership, and they are the same user with the same roles; the old account is out. And back.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, proveByCode, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const api = <T = Json>(method: string, path: string, body?: unknown, expected?: number) =>
  stage.instance.api<T>(method, path, body, expected);
let serial = 0;
let email: string;
let member: string;

/** A member with a role, bound to the subject `old-N`; the company gives the address to the subject `new-N`. */
beforeEach(async () => {
  serial += 1;
  email = `rita${serial}@acme.example`;
  stage.cast.people.old = { sub: `old-${serial}`, email, email_verified: true, name: 'Rita' };
  stage.cast.people.anew = { sub: `new-${serial}`, email, email_verified: true, name: 'Rita' };
  stage.cast.people.third = { sub: `third-${serial}`, email, email_verified: true };
  member = await stage.cast.createMember(email);
  await api('POST', `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(member)}/roles`, {
    roles: [stage.cast.roleId],
  });
  expect(await subjectOf('old')).toBe(member);
});

async function subjectOf(login: string): Promise<unknown> {
  const visitor = stage.visitor();
  return (await visitor.redeem(await visitor.throughSso(login, email))).claims.sub;
}

/** The code of the refusal, which left nothing. */
async function refusalOf(login: string) {
  const before = await stage.instance.snapshot();
  const answer = await stage.visitor().throughSso(login, email);
  const line = await stage.refusal(answer);
  await expectNothingLeft(stage.instance, before);
  return { ...line.details, answer } as Json & { code?: string; answer: typeof answer };
}

const codeOf = async (login: string) => (await refusalOf(login)).code;
const movePath = (user = member, subject = `old-${serial}`) =>
  `/users/${encodeURIComponent(user)}/identities/oidc/${encodeURIComponent(`${stage.cast.acme.connectionName}|${subject}`)}/move`;
const move = (body: Json) => api('POST', movePath(), body);
const restorePath = (id: unknown) => `/users/${encodeURIComponent(member)}/moved-identities/${id}/restore`;
const rolesOf = async () =>
  (await api<Json[]>('GET', `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(member)}/roles`)).map(
    ({ id }) => id,
  );

/** The answer to a call that is refused with this status. */
const answerTo = (status: number, path: string, body: Json) => api('POST', path, body, status);

/** Identities as they are stored, without the times of the last look. */
async function identities(): Promise<unknown> {
  const { rows } = await stage.instance.database.pool.query(
    'select to_jsonb(i) as row from identities i where user_id = $1 order by id',
    [member],
  );
  return rows;
}

describe('refused, and the operator is told what helps', () => {
  test('in the log and by explain; the person reads nothing of it', async () => {
    const { code, remedy, answer } = await refusalOf('anew');
    expect(code).toBe('admit.not_a_member');
    expect(remedy).toMatchObject({
      kind: 'move_seat',
      user_id: member,
      connection_id: stage.cast.acme.connectionId,
      former_subject: `old-${serial}`,
      subject: `new-${serial}`,
      call: `POST /api/v2${movePath()} {"subject":"new-${serial}"}`,
      command: `vestibule rollout move-seat '${email}' --organization 'acme' --connection 'acme-oidc' --subject 'new-${serial}'`,
    });
    expect(`${answer.url.href} ${wordsOf(answer)}`).not.toMatch(/move|seat|auth0\|/);
    const explained = await api('POST', `/organizations/${stage.cast.acme.id}/explain`, {
      connection_id: stage.cast.acme.connectionId,
      claims: { sub: `new-${serial}`, email, email_verified: true },
    });
    expect(explained).toMatchObject({ outcome: 'refused', rule: 'not_a_member', remedy: { user_id: member } });
  });

  test('not where nobody vouches for the address: anybody could write it', async () => {
    const place = await stage.cast.createPlace(`plain${serial}`, {
      first: { sub: 'p-1', email: `pia${serial}@plain.example`, email_verified: true },
      liar: { sub: 'p-2', email: `pia${serial}@plain.example`, email_verified: false },
    });
    await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
    const enter = async (login: string) => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: place.id, connection: place.connectionName });
      return visitor.signInAtIdp(page, login);
    };
    expect(answerOf(await enter('first'))).toHaveProperty('code');
    await stage.enablement({ assign_membership_on_login: false }, place.id, place.connectionId);
    const { details } = await stage.refusal(await enter('liar'));
    expect(details.code).toBe('admit.not_a_member');
    expect(details).not.toHaveProperty('remedy');
  });

  test('also where nobody is bound yet and another subject is expected: the seat is not had by the address', async () => {
    const address = `rolf${serial}@acme.example`;
    stage.cast.people.wrong = { sub: `wrong-${serial}`, email: address, email_verified: true };
    stage.cast.people.right = { sub: `right-${serial}`, email: address, email_verified: true };
    const rolf = await stage.cast.createMember(address);
    const identitiesOf = `/users/${encodeURIComponent(rolf)}/identities`;
    const expectation = { provider: 'oidc', connection_id: stage.cast.acme.connectionId, user_id: `right-${serial}` };
    await api('POST', identitiesOf, expectation);
    const enter = (login: string) => stage.visitor().throughSso(login, address);
    const before = await stage.instance.snapshot();
    const { details } = await stage.refusal(await enter('wrong'));
    await expectNothingLeft(stage.instance, before);
    expect(details).toMatchObject({
      code: 'admit.not_a_member',
      remedy: { kind: 'expect_subject', user_id: rolf, former_subject: `right-${serial}`, subject: `wrong-${serial}` },
    });
    // The remedy is the two calls that it names.
    const { call } = details.remedy as { call: string };
    const [, withdrawn = '', written = '', body = ''] =
      /^DELETE \/api\/v2(\S+), then POST \/api\/v2(\S+) (.*)$/.exec(call) ?? [];
    await api('DELETE', withdrawn);
    await api('POST', written, JSON.parse(body));
    const visitor = stage.visitor();
    expect((await visitor.redeem(await visitor.throughSso('wrong', address))).claims.sub).toBe(rolf);
  });

  test('and an invitation of the address says whose it is', async () => {
    const invite = (address: string) => ({
      inviter: { name: 'Olga' },
      invitee: { email: address },
      client_id: stage.cast.client.id,
      connection_id: stage.cast.acme.connectionId,
    });
    const path = `/organizations/${stage.cast.acme.id}/invitations`;
    const { existing_member: found, ...rest } = await api('POST', path, invite(email));
    expect(found).toMatchObject({ user_id: member, bound: true, connection: 'acme-oidc' });
    expect((found as Json).remedy).toContain(movePath());
    expect(rest, 'it is an invitation like any other').toMatchObject({ invitee: { email } });
    expect(await api('POST', path, invite('nobody@acme.example'))).not.toHaveProperty('existing_member');
  });
});

describe('the seat is moved', () => {
  test('by the new subject: same user, same roles, and the old account is out', async () => {
    const before = await stage.instance.snapshot();
    expect(await move({ subject: `new-${serial}`, dry_run: true })).toMatchObject({ dry_run: true });
    await expectNothingLeft(stage.instance, before);
    expect(await move({ subject: `new-${serial}` })).toMatchObject({
      user_id: member,
      from: { subject: `old-${serial}`, issuer: stage.cast.acme.idp.issuer, bound_by: 'silent' },
      to: { subject: `new-${serial}` },
    });
    const [line] = await stage.logs();
    expect(line).toMatchObject({
      type: 'sapi',
      user_id: member,
      details: {
        authority: 'operator',
        from: { subject: `old-${serial}`, evidence: { domain_proved: true } },
        to: { subject: `new-${serial}` },
      },
    });
    expect(await codeOf('old')).toBe('resolve.seat_moved');
    expect(await codeOf('third'), 'with the address and another subject').toBe('admit.not_a_member');
    expect(await subjectOf('anew')).toBe(member);
    expect(await rolesOf()).toEqual([stage.cast.roleId]);
    expect(await codeOf('old'), 'also afterwards').toBe('resolve.seat_moved');
  });

  test('by the address: the old account has the same address, and gets nothing by it', async () => {
    await move({ expected_email: email });
    expect(await codeOf('old')).toBe('resolve.seat_moved');
    expect(await subjectOf('anew')).toBe(member);
    expect(await codeOf('third'), 'whoever is second finds the seat taken').toBe('admit.not_a_member');
  });

  test('what the old account held ends with it: session and refresh token', async () => {
    const visitor = stage.visitor();
    const { refreshToken } = await visitor.redeem(await visitor.throughSso('old', email));
    await move({ subject: `new-${serial}` });
    expect(answerOf(await visitor.open({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
    const response = await fetch(`${stage.instance.origin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: stage.cast.client.id,
        client_secret: stage.cast.client.secret,
      }),
    });
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('a person whom the old account opened gets no second account by it, and no invitation helps the old one', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    try {
      stage.cast.people.old = { sub: `own-${serial}`, email: `own${serial}@acme.example`, email_verified: true };
      email = `own${serial}@acme.example`;
      member = String(await subjectOf('old'));
      expect(member).toBe(`oidc|acme-oidc|own-${serial}`);
      await api('POST', movePath(member, `own-${serial}`), { subject: `new-${serial}` });
      await stage.cast.invite(email);
      expect(await codeOf('old')).toBe('resolve.seat_moved');
      stage.cast.people.anew = { sub: `new-${serial}`, email, email_verified: true };
      expect(await subjectOf('anew')).toBe(member);
    } finally {
      await stage.enablement({ assign_membership_on_login: false });
    }
  });
});

describe('and back', () => {
  test('before anybody came: every table is as it was', async () => {
    const visitor = stage.visitor();
    await visitor.throughSso('old', email);
    const before = await stage.instance.snapshot();
    const { identity_id: id } = await move({ subject: `new-${serial}` });
    await api('POST', restorePath(id), {});
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    delete changed.logs;
    // Revoked access stays revoked.
    for (const ended of ['sessions', 'authorization_codes', 'refresh_tokens']) {
      expect(changed[ended]?.added ?? []).toEqual([]);
      delete changed[ended];
    }
    expect(changed).toEqual({});
    expect(await subjectOf('old')).toBe(member);
    expect(await codeOf('anew')).toBe('admit.not_a_member');
  });

  test('after the new one came: only where the operator says so', async () => {
    const before = await identities();
    const { identity_id: id } = await move({ subject: `new-${serial}` });
    expect(await subjectOf('anew')).toBe(member);
    expect(await answerTo(409, restorePath(id), {})).toMatchObject({ errorCode: 'bound_meanwhile' });
    const answer = await api('POST', restorePath(id), { end_new_identity: true });
    expect(answer.ended).toEqual([{ status: 'bound', subject: `new-${serial}` }]);
    expect(await identities()).toEqual(before);
    expect(await subjectOf('old')).toBe(member);
    expect(await codeOf('anew')).toBe('admit.not_a_member');
    expect(await api('GET', `/users/${encodeURIComponent(member)}/moved-identities`)).toEqual([]);
  });

  test('of two moves the later one first', async () => {
    const first = await move({ subject: `new-${serial}` });
    await subjectOf('anew');
    const second = await api('POST', movePath(member, `new-${serial}`), { subject: `third-${serial}` });
    const moved = await api<Json[]>('GET', `/users/${encodeURIComponent(member)}/moved-identities`);
    expect(moved.map(({ subject }) => subject)).toEqual([`new-${serial}`, `old-${serial}`]);
    expect(await answerTo(409, restorePath(first.identity_id), {})).toMatchObject({ errorCode: 'moved_again' });
    await api('POST', restorePath(second.identity_id), {});
    expect(await subjectOf('anew')).toBe(member);
    await api('POST', restorePath(first.identity_id), { end_new_identity: true });
    expect(await subjectOf('old')).toBe(member);
  });
});

describe('a second account that a new invitation made', () => {
  /** The new subject accepts an invitation and has an account of its own with the same address. */
  async function reinvite(): Promise<string> {
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.accept(await stage.cast.invite(email)), 'anew');
    const answer = page.status === 0 ? page : await proveByCode(visitor, page, await stage.mailedCode(email));
    return String((await visitor.redeem(answer)).claims.sub);
  }

  test('is never taken in by itself; the answer says how', async () => {
    const second = await reinvite();
    for (const body of [{ subject: `new-${serial}` }, { expected_email: email }]) {
      const answer = await answerTo(409, movePath(), body);
      expect(answer.errorCode).toBe('subject_is_bound');
      expect(answer.message).toContain(JSON.stringify(second));
    }
    expect(await subjectOf('old')).toBe(member);
  });

  test('is taken in where the operator names it, and comes back whole', async () => {
    const second = await reinvite();
    const role = String((await api('POST', '/roles', { name: `of the tenant ${serial}` })).id);
    const identifier = `urn:absorbed:${serial}`;
    await api('POST', '/resource-servers', { identifier, scopes: [{ value: 'read' }] });
    const permissions = [{ resource_server_identifier: identifier, permission_name: 'read' }];
    await api('POST', `/users/${encodeURIComponent(second)}/roles`, { roles: [role] });
    await api('POST', `/users/${encodeURIComponent(second)}/permissions`, { permissions });
    await stage.instance.database.pool.query('update users set factors_revision = 3 where user_id = $1', [second]);
    const before = await stage.instance.snapshot();
    const { identity_id: id } = await move({ subject: `new-${serial}`, absorb_user_id: second });
    expect(await subjectOf('anew')).toBe(member);
    await api('GET', `/users/${encodeURIComponent(second)}`, undefined, 404);
    await api('POST', restorePath(id), { end_new_identity: true });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    const back = ['identities', 'member_roles', 'user_roles', 'user_permissions', 'moved_identities'];
    for (const table of back) expect([table, changed[table]]).toEqual([table, undefined]);
    const { added = [], removed = [] } = changed.members ?? {};
    const seats = (rows: readonly unknown[]) => rows.map((row) => ({ ...(row as Json), last_login_at: null }));
    expect(seats(added), 'but for the attendance of the sign-in').toEqual(seats(removed));
    for (const rows of [changed.users?.removed, removed])
      expect(
        rows?.map((row) => (row as Json).user_id),
        'but for the sign-in that was counted',
      ).toEqual([member]);
    expect(await subjectOf('anew')).toBe(second);
    expect(await subjectOf('old')).toBe(member);
  });

  test('is not taken in where it is more than a second seat', async () => {
    const second = await reinvite();
    const refused = async (reason: string) =>
      expect(await answerTo(409, movePath(), { subject: `new-${serial}`, absorb_user_id: second })).toMatchObject({
        errorCode: 'cannot_absorb',
        message: expect.stringContaining(reason),
      });
    const elsewhere = await stage.cast.createPlace(`beta${serial}`, {});
    await api('POST', `/organizations/${elsewhere.id}/members`, { members: [second] });
    await refused('organizations that the user does not belong to');
    await api('DELETE', `/organizations/${elsewhere.id}/members`, { members: [second] });
    const methods = `/users/${encodeURIComponent(second)}/authentication-methods`;
    await api('POST', methods, { type: 'totp', totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
    await refused('it has second factors');
    await api('DELETE', methods);
    await api('PATCH', `/users/${encodeURIComponent(second)}`, { blocked: true });
    await refused('it is blocked');
    await api('PATCH', `/users/${encodeURIComponent(second)}`, { blocked: false });
    const other = await stage.cast.createMember(`other${serial}@acme.example`);
    expect(await answerTo(409, movePath(), { subject: `new-${serial}`, absorb_user_id: other })).toMatchObject({
      errorCode: 'cannot_absorb',
    });
    expect(await subjectOf('anew')).toBe(second);
  });
});

test('wrong use is told: another identity, the same subject, what no provider gives', async () => {
  await answerTo(404, movePath(member, 'nobody'), { subject: 'x' });
  await answerTo(400, movePath(), { subject: `old-${serial}` });
  await answerTo(400, movePath(), { subject: 'two\nlines' });
  await answerTo(400, movePath(), { subject: 'a', expected_email: email });
  await answerTo(400, movePath(), {});
  const password = `/users/${encodeURIComponent(member)}/identities/auth0/${member.slice('auth0|'.length)}/move`;
  await answerTo(404, password, { subject: 'x' });
  await answerTo(404, restorePath('nothing'), {});
});
