/** Story 33: "what would happen if … came now?" is answered without a trace of the question, and what then happens is the same. */
import { beforeAll, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { proveByCode, useStage } from '../support/stage.js';

interface Explanation {
  readonly outcome: 'admitted' | 'refused' | 'proof_required';
  readonly rule: string;
  readonly user_id?: string;
  readonly factor_required?: string;
  readonly trace: readonly { stage: string; rule: string; answer: string }[];
}

const verified = (name: string) => ({ sub: `idp-${name}`, email: `${name}@acme.example`, email_verified: true });
const stage = useStage({
  people: {
    nora: verified('nora'),
    bert: verified('bert'),
    walt: verified('walt'),
    lost: verified('lost'),
    carl: verified('carl'),
  },
});
const users: Record<string, string> = {};
let beta: Place;

beforeAll(async () => {
  const { cast, instance } = stage;
  beta = await cast.createPlace('beta', {});
  users.dana = await cast.createMember('dana@acme.example');
  users.uma = await cast.createMember('uma@acme.example', { verified: false });
  users.nora = await cast.createUser('nora@acme.example');
  users.bert = await cast.createMember('bert@acme.example');
  await instance.api('PATCH', `/users/${encodeURIComponent(users.bert)}`, { blocked: true });
  users.walt = await cast.createMember('walt@acme.example');
  await instance.api('POST', `/organizations/${beta.id}/members`, { members: [users.walt] });
  users.lost = await cast.createUser('lost@acme.example');
  users.carl = await cast.createUser('carl@acme.example');
  await instance.api('POST', `/users/${encodeURIComponent(users.carl)}/identities`, {
    provider: 'oidc',
    connection_id: cast.acme.connectionId,
    expected_email: 'carl@acme.example',
  });
  await cast.createMember('olga@gmail.example');
  await cast.createUser('paul@plain.example');
  for (const name of ['ivy', 'nora']) await cast.invite(`${name}@acme.example`);
});

async function explain(question: Record<string, unknown>): Promise<Explanation> {
  const before = await stage.instance.snapshot();
  const answer = await stage.instance.api<Explanation>(
    'POST',
    `/organizations/${stage.cast.acme.id}/explain`,
    question,
  );
  await expectNothingLeft(stage.instance, before);
  return answer;
}

/** Signs in, and returns what really happened in the words of `explain`. */
async function comeIn(login: string, email: string): Promise<Omit<Explanation, 'trace'>> {
  const visitor = stage.visitor();
  const bySso = email.endsWith('@acme.example');
  const answer = bySso ? await visitor.throughSso(login, email) : await visitor.withPassword(email);
  if (answer.url.pathname === '/u/proof') {
    const { trace } = await explain({ email });
    const asked = trace.find((item) => item.answer === 'ask');
    return { outcome: 'proof_required', rule: asked === undefined ? '?' : 'asked' };
  }
  if (answer.url.searchParams.has('code')) {
    const { claims } = await visitor.redeem(answer);
    const line = (await stage.logs()).find((item) => item.type === 's');
    return { outcome: 'admitted', rule: String(line?.details.rule), user_id: claims.sub as string };
  }
  const { code = '' } = (await stage.refusal(answer)).details;
  return { outcome: 'refused', rule: code.slice(code.indexOf('.') + 1) };
}

const cast: readonly (readonly [string, string, Explanation['outcome'], string])[] = [
  ['Ivy, invited and new', 'ivy', 'admitted', 'invited'],
  ['Dana, a member with a password', 'dana', 'admitted', 'member'],
  ['Uma, whose address is not verified', 'uma', 'proof_required', 'local_address_unverified'],
  ['Sam, a stranger', 'sam', 'refused', 'not_a_member'],
  ['Nora, who has an account and an invitation', 'nora', 'proof_required', 'account_not_in_organization'],
  ['Bert, who is blocked', 'bert', 'refused', 'user_blocked'],
  ['Walt, a member of two organizations', 'walt', 'proof_required', 'member_of_several_organizations'],
  ['somebody with an account and nothing else', 'lost', 'refused', 'not_a_member'],
  ['Carl, pre-provisioned but no member', 'carl', 'refused', 'not_a_member'],
  ['Olga, a contractor with a password', 'olga@gmail.example', 'admitted', 'member'],
  ['Paul, who has a password and no seat', 'paul@plain.example', 'refused', 'not_a_member'],
];

test.each(cast)('%s', async (_who, name, outcome, rule) => {
  const email = name.includes('@') ? name : `${name}@acme.example`;
  const told = await explain({ email });
  expect(told).toMatchObject({ outcome, rule });
  const real = await comeIn(name, email);
  expect(real.outcome).toBe(told.outcome);
  if (told.outcome !== 'proof_required') expect(real.rule).toBe(told.rule);
  // A newcomer has no id before he came.
  if (told.user_id !== undefined && told.outcome === 'admitted') expect(real.user_id).toBe(told.user_id);
  // Asked again, somebody who is in by now is told to be a member.
  const after = await explain({ email });
  expect(after.outcome).toBe(told.outcome);
  if (told.outcome === 'admitted') expect(after).toMatchObject({ rule: 'member', user_id: real.user_id });
});

test('many at once are told what each is told alone, in their order; one that cannot be answered keeps its place', async () => {
  const connection_id = stage.cast.acme.connectionId;
  const claims = { sub: 'idp-someone', email: 'dana@acme.example', email_verified: true };
  const questions = [
    ...['dana', 'nobody', 'uma', 'bert', 'walt', 'ivy'].map((name) => ({ email: `${name}@acme.example` })),
    { claims, connection_id },
    { email: 'dana@acme.example', connection_id: 'con_0000000000000000' },
    { email: 'olga@gmail.example' },
    { email: 'not an address' },
  ];
  const alone = await Promise.all(
    questions.map(async (question) => {
      const { outcome, rule, user_id } = await explain(question).catch(() => ({}) as Partial<Explanation>);
      return { outcome, rule, user_id };
    }),
  );
  const before = await stage.instance.snapshot();
  const path = `/organizations/${stage.cast.acme.id}/explain/people`;
  const { answers } = await stage.instance.api<{ answers: { error?: string }[] }>('POST', path, { people: questions });
  await expectNothingLeft(stage.instance, before);
  expect(answers.map(({ error: _, ...answer }) => answer)).toMatchObject(
    alone.map((one) => JSON.parse(JSON.stringify(one))),
  );
  expect(answers.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([
    'unknown_connection',
    'invalid_email',
  ]);
});

test('with claims as the IdP would send them: what is not verified is not taken for verified', async () => {
  const connection = { connection_id: stage.cast.acme.connectionId };
  const claims = { sub: 'idp-someone', email: 'olga@gmail.example' };
  expect(await explain({ ...connection, claims })).toMatchObject({ outcome: 'refused', rule: 'not_a_member' });
  const vouched = { ...claims, email_verified: true };
  expect(await explain({ ...connection, claims: vouched })).toMatchObject({ outcome: 'admitted', rule: 'member' });
});

test('what no login could bring is refused as the login would be: a subject that is none, a password that was ended', async () => {
  const connection = { connection_id: stage.cast.acme.connectionId };
  for (const sub of ['s'.repeat(256), 'ſam', '', 42, ['idp-dana']])
    expect(
      await explain({ ...connection, claims: { sub, email: 'dana@acme.example', email_verified: true } }),
    ).toMatchObject({
      outcome: 'refused',
      rule: 'idp_invalid',
    });
  const email = 'planted@acme.example';
  await stage.cast.createMember(email, { verified: false });
  stage.cast.people.planted = verified('planted');
  const owner = stage.visitor();
  const question = await owner.throughSso('planted', email);
  await owner.redeem(await proveByCode(owner, question, await stage.mailedCode(email)));
  expect((await stage.visitor().withPassword(email)).status).toBe(400);
  const database = { email, connection_id: stage.cast.databaseId };
  expect(await explain(database)).toMatchObject({ outcome: 'refused', rule: 'wrong_password' });
});

test('it follows the settings: auto-membership, its condition, a blocked organization', async () => {
  await stage.enablement({
    assign_membership_on_login: true,
    auto_membership_condition: 'claims.department == "sales"',
  });
  const question = (department: string) => ({
    connection_id: stage.cast.acme.connectionId,
    claims: { sub: 'idp-sam', email: 'sam@acme.example', email_verified: true, department },
  });
  expect(await explain(question('sales'))).toMatchObject({ outcome: 'admitted', rule: 'auto' });
  expect(await explain(question('legal'))).toMatchObject({ outcome: 'refused', rule: 'not_a_member' });
  stage.cast.people.sam = { sub: 'idp-sam', email: 'sam@acme.example', email_verified: true, department: 'legal' };
  expect(await comeIn('sam', 'sam@acme.example')).toMatchObject({ outcome: 'refused', rule: 'not_a_member' });
  stage.cast.people.sam = { ...stage.cast.people.sam, sub: 'idp-sam', department: 'sales' };
  expect(await comeIn('sam', 'sam@acme.example')).toMatchObject({ outcome: 'admitted', rule: 'auto' });
  await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { blocked: true });
  expect(await explain({ email: 'dana@acme.example' })).toMatchObject({
    outcome: 'refused',
    rule: 'organization_blocked',
  });
  await stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { blocked: false });
});

test('what step 1 refuses is refused: an organization without a way in, a blocked one, whatever connection follows from the address', async () => {
  const { instance } = stage;
  const bare = await instance.api('POST', '/organizations', { name: 'bare' });
  const ask = (question: Record<string, unknown>) =>
    instance.api<Explanation>('POST', `/organizations/${bare.id}/explain`, question);
  const closed = await ask({ email: 'dana@acme.example' });
  expect(closed).toMatchObject({ outcome: 'refused', rule: 'no_connections' });
  expect(closed.trace.at(-1)).toMatchObject({ stage: 'identify', answer: 'refuse' });
  await instance.api('PATCH', `/organizations/${bare.id}`, { blocked: true });
  expect(await ask({ email: 'dana@acme.example' })).toMatchObject({ outcome: 'refused', rule: 'organization_blocked' });
});

test('an organization that limits its applications: as through one that it lets in, and refused when it lists none', async () => {
  const path = `/organizations/${stage.cast.acme.id}`;
  await stage.instance.api('PATCH', path, { is_app_entitlement_active: true });
  const question = { email: 'dana@acme.example' };
  expect(await explain(question)).toMatchObject({ outcome: 'refused', rule: 'application_not_entitled' });
  const clients = [{ client_id: stage.cast.client.id, use_for_member_access: true }];
  await stage.instance.api('POST', `${path}/clients`, { clients });
  expect(await explain(question)).toMatchObject({ outcome: 'admitted', rule: 'member' });
  await stage.instance.api('PATCH', path, { is_app_entitlement_active: false });
  await stage.instance.api('DELETE', `${path}/clients`, { clients: [stage.cast.client.id] });
});

test('a second factor: who asks for it and how, and who could not give one; the login then does the same', async () => {
  const { cast, instance } = stage;
  const { pool } = instance.database;
  const accept = (guardian: object) => pool.query('update tenant set guardian = $1', [JSON.stringify(guardian)]);
  const acme = (mfa: string) => instance.api('PATCH', `/organizations/${cast.acme.id}`, { mfa });
  const factorOf = async (question: Record<string, unknown>) => {
    const { outcome, rule, factor_required: by, trace } = await explain(question);
    const line = trace.find((item) => item.rule === 'second_factor') as { evidence?: object } | undefined;
    return { outcome, rule, by, ...line?.evidence };
  };
  const byPassword = { email: 'olga@gmail.example' };
  const admitted = { outcome: 'admitted', rule: 'member' };
  expect(await factorOf(byPassword)).toEqual({ ...admitted, by: undefined });
  await accept({ factors: { otp: true } });
  await acme('required');
  const enrols = { ...admitted, asks: 'enrol', kinds: ['otp'] };
  expect(await factorOf(byPassword)).toEqual({ ...enrols, by: 'organization', reason: 'organization' });
  const page = await stage.visitor().withPassword('olga@gmail.example');
  expect(page.url.pathname).toBe('/u/second-factor');

  // A company's sign-in sets up nothing for an account that has a password.
  expect(await factorOf({ email: 'dana@acme.example' })).toMatchObject({
    outcome: 'refused',
    rule: 'no_accepted_factor',
    by: undefined,
    other_ways_in: true,
  });
  const refused = await stage.refusal(await stage.visitor().throughSso('dana', 'dana@acme.example'));
  expect(refused.details.code).toBe('authenticate.no_accepted_factor');

  // The company's own second step counts where the organization says so.
  await acme('required_unless_idp');
  const claims = { sub: 'idp-dana', email: 'dana@acme.example', email_verified: true, amr: ['pwd', 'otp'] };
  expect(await factorOf({ connection_id: cast.acme.connectionId, claims })).toEqual({ ...admitted, by: undefined });

  await acme('none');
  await accept({ factors: { otp: true }, policies: ['all-applications'] });
  expect(await factorOf(byPassword)).toMatchObject({ ...enrols, by: 'tenant' });

  // The account has a factor, and the company's identity would be bound to it.
  await accept({});
  const gwen = await cast.createMember('gwen@acme.example');
  await pool.query(
    `insert into factors (user_id, id, kind, vouched_by, created_at, confirmed_at) values ($1, 'k', 'webauthn-roaming', 'mail', now(), now())`,
    [gwen],
  );
  await pool.query('update users set factors_revision = 1 where user_id = $1', [gwen]);
  expect(await factorOf({ email: 'gwen@acme.example' })).toMatchObject({ by: 'binding', asks: 'challenge' });
});
