/**
 * Contract of the login store: second factors. An answer counts once and never backwards, what is set up is written with the
 * login, and what a stranger planted ends with their password.
 */
import { describe, expect, test } from 'vitest';
import { ACCOUNT_ADDRESS_ID } from '../../src/domain/factors/new-factor.js';
import { hashSecret } from '../../src/kernel/ids.js';
import type { FactorUse, NewFactor } from '../../src/ports/factor-writes.js';
import type { CommitOutcome, CommitPlan, EarlyCommitPlan } from '../../src/ports/login-store.js';
import { diffSnapshots } from '../support/database.js';
import {
  AT,
  bindDana,
  bindingOf,
  EARLIER,
  knownPlan,
  LATER,
  type LoginStoreRig,
  makeWorld,
  newcomerPlan,
  passwordPlan,
  type Row,
  relyOnDana,
  silentPlan,
  type World,
} from './login-store-world.js';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const wordOf = (outcome: CommitOutcome): string => (outcome.ok ? 'ok' : outcome.conflict);
const shown = (value: Buffer) => `\\x${value.toString('hex')}`;

/** Dana's factor, stored past the store. */
export async function addFactor(rig: LoginStoreRig, world: World, id: string, fields: Row): Promise<void> {
  const row = { user_id: world.dana.userId, id, created_at: EARLIER, confirmed_at: EARLIER, vouched_by: 'mail' };
  await rig.seed.insert('factors', { ...row, ...fields });
  await rig.seed.update('users', { user_id: world.dana.userId }, { factors_revision: 1 });
}

/** Dana types their password, and has factors. */
export function factorPlan(world: World, changes: Partial<CommitPlan> = {}): CommitPlan {
  const relyAccount = { ...relyOnDana(world), passwordHash: world.dana.hash, factorsRevision: 1 };
  return passwordPlan(world, { relyAccount, ...changes });
}

const usedBy = (world: World, used: FactorUse, changes: Partial<CommitPlan> = {}): CommitPlan =>
  factorPlan(world, { factors: { used: [used] }, ...changes });

function newCredential(world: World, id: string): NonNullable<NewFactor['credential']> {
  return {
    id: `${id}-${world.key}`,
    publicKey: new Uint8Array([1, 2, 3]),
    signCount: 7,
    userHandle: `handle-${world.key}`,
    transports: ['usb'],
    deviceType: 'singleDevice',
    backedUp: false,
    rpId: 'login.example',
    aaguid: '00000000-0000-0000-0000-000000000000',
    userVerified: true,
  };
}

const application = (world: World, id = 'app'): NewFactor => ({
  id: `totp|${id}${world.key}`,
  kind: 'otp',
  secret: SECRET,
  lastStep: 50,
});
const recovery = (world: World): NewFactor => ({
  id: `recovery|${world.key}`,
  kind: 'recovery-code',
  codeHash: hashSecret(`code ${world.key}`),
});

/** Registers the tests of second factors. */
export function describeFactors(rig: () => LoginStoreRig): void {
  const apply = (plan: CommitPlan | EarlyCommitPlan) => rig().commit.apply(plan);
  const find = (world: World, connectionId = world.database, userId = world.dana.userId) =>
    rig().reads.findFactors({ userId, connectionId });

  const rowsOf = async (table: string): Promise<readonly Row[]> =>
    ((await rig().snapshot())[table] ?? []).map((row) => JSON.parse(row) as Row);

  /** Rows of this world's factors. */
  async function stored(world: World): Promise<readonly Row[]> {
    const rows = await rowsOf('factors');
    return rows.filter(({ id }) => String(id).endsWith(world.key));
  }
  async function revisionOf(world: World, userId = world.dana.userId): Promise<unknown> {
    const rows = await rowsOf('users');
    return rows.find((row) => row.user_id === userId)?.factors_revision;
  }

  /** The plan is refused with this conflict and writes nothing. */
  async function refused(plan: CommitPlan | EarlyCommitPlan, conflict: string): Promise<void> {
    const before = await rig().snapshot();
    expect(wordOf(await apply(plan))).toBe(conflict);
    expect(diffSnapshots(before, await rig().snapshot())).toEqual({});
  }

  describe('the claim of an answer', () => describeClaims(rig, { apply, refused, revisionOf, stored }));
  describe('a code by mail', () => describeMailed(rig, { apply, find, refused, stored }));
  describe('what a login sets up', () => describeEnrolment(rig, { apply, find, refused, revisionOf, stored }));
  describe('what a stranger set up', () => describePlanted(rig, { apply, find, refused, revisionOf, stored }));
  describe('reads', () => describeFactorReads(rig, { find }));
}

interface Tools {
  apply(plan: CommitPlan | EarlyCommitPlan): Promise<CommitOutcome>;
  find(world: World, connectionId?: string, userId?: string): ReturnType<LoginStoreRig['reads']['findFactors']>;
  refused(plan: CommitPlan | EarlyCommitPlan, conflict: string): Promise<void>;
  revisionOf(world: World, userId?: string): Promise<unknown>;
  stored(world: World): Promise<readonly Row[]>;
}

function describeMailed(rig: () => LoginStoreRig, tools: Pick<Tools, 'apply' | 'find' | 'refused' | 'stored'>): void {
  const { apply, find, refused, stored } = tools;
  const code = (id: string, address: string, of = 'c'): FactorUse => ({
    ...{ id, kind: 'email', mailed: { code: of + address, address } },
  });
  const own = (world: World) => code(ACCOUNT_ADDRESS_ID, world.dana.email);

  async function withApplication(fields: Row = {}): Promise<World> {
    const world = await makeWorld(rig());
    await addFactor(rig(), world, `otp${world.key}`, { kind: 'otp', ...fields });
    return world;
  }
  async function withAddress(fields: Row = {}): Promise<[World, FactorUse]> {
    const world = await withApplication();
    const address = `further@${world.key}.example`;
    await addFactor(rig(), world, `mail${world.key}`, { kind: 'email', address, ...fields });
    return [world, code(`mail${world.key}`, address)];
  }

  test('case=the account’s own address, once', async () => {
    const world = await withApplication();
    expect(await apply(usedBy(world, own(world)))).toEqual({ ok: true });
    await refused(usedBy(world, own(world)), 'factor');
    expect(await stored(world), 'it has no row').toHaveLength(1);
  });

  test.each(['idp', null])('case=its own address, which %s vouches for', async (voucher) => {
    const world = await withApplication();
    await rig().seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: voucher });
    // The voucher of the address is compared in every login.
    await refused(usedBy(world, own(world)), 'address');
  });

  test('case=an address that is not the account’s', async () => {
    const world = await withApplication();
    await refused(usedBy(world, code(ACCOUNT_ADDRESS_ID, 'mallory@evil.example')), 'factor');
  });

  test('case=a further address, which is stored as used', async () => {
    const [world, use] = await withAddress();
    expect(await apply(usedBy(world, use))).toEqual({ ok: true });
    expect(await stored(world)).toContainEqual(
      expect.objectContaining({ kind: 'email', last_used_at: '2026-03-01T10:00:00+00:00' }),
    );
  });

  test('case=one that was changed, not confirmed, removed, or is of another account', async () => {
    const [world, use] = await withAddress();
    await refused(usedBy(world, { ...use, mailed: { code: 'x', address: 'other@mail.example' } }), 'factor');
    const [unconfirmed, open] = await withAddress({ confirmed_at: null });
    await refused(usedBy(unconfirmed, open), 'factor');
    const [other] = await withAddress();
    await refused(usedBy(other, use), 'factor');
    await rig().seed.remove('factors', { id: use.id });
    await refused(usedBy(world, use), 'factor');
  });

  test('case=which addresses are read: the own one if it was proved, and the confirmed ones, each once', async () => {
    const [world] = await withAddress();
    await addFactor(rig(), world, `same${world.key}`, { kind: 'email', address: world.dana.email });
    await addFactor(rig(), world, `open${world.key}`, {
      kind: 'email',
      address: 'open@mail.example',
      confirmed_at: null,
    });
    const ids = async () => (await find(world)).mail.map(({ id }) => id);
    expect(await ids()).toEqual([ACCOUNT_ADDRESS_ID, `mail${world.key}`]);
    await rig().seed.update('users', { user_id: world.dana.userId }, { email_vouched_by: 'idp' });
    expect(await ids()).toEqual([`mail${world.key}`, `same${world.key}`]);
    expect((await find(world)).factors.map(({ kind }) => kind)).toEqual(['otp']);
  });

  test('case=a password that a link set, until a login with it passed another factor', async () => {
    const id = (world: World) => `otp${world.key}`;
    const otp = (world: World): FactorUse => ({ id: id(world), kind: 'otp', step: 101 });
    const withPassword = async (changes: (world: World) => Partial<CommitPlan>): Promise<unknown> => {
      const world = await withApplication({ confirmed_at: EARLIER, last_step: 100 });
      await addFactor(rig(), world, `mail${world.key}`, { kind: 'email', address: 'further@mail.example' });
      expect((await find(world)).isPasswordFromMail).toBe(false);
      const of = { user_id: world.dana.userId };
      await rig().seed.update('password_credentials', of, { set_by_link: true, changed_at: EARLIER });
      expect((await find(world)).isPasswordFromMail).toBe(true);
      expect((await find(world, world.sso)).isPasswordFromMail, 'of another connection').toBe(false);
      expect(await apply(factorPlan(world, changes(world)))).toEqual({ ok: true });
      return (await find(world)).isPasswordFromMail;
    };
    const used = (world: World) => ({ factors: { used: [otp(world)] } });
    expect(await withPassword(used)).toBe(false);
    const further = (world: World) => code(`mail${world.key}`, 'further@mail.example');
    expect(await withPassword((world) => ({ factors: { used: [further(world)] } })), 'a mail').toBe(true);
    expect(await withPassword(() => ({})), 'the password alone').toBe(true);
    // Attack: the owner passes the app after a sign-in at their company, and a stranger's password counts as theirs.
    const byCompany = (world: World) => ({ ...used(world), relyAccount: { ...relyOnDana(world), factorsRevision: 1 } });
    expect(await withPassword(byCompany), 'another proof').toBe(true);
    // A statement changes a row once.
    const better = (world: World) => ({
      connectionId: world.database,
      email: world.dana.email,
      hash: `better ${world.key}`,
      vouchedBy: undefined,
    });
    expect(await withPassword((world) => ({ ...used(world), password: better(world) }))).toBe(false);
    expect(await withPassword((world) => ({ password: better(world) }))).toBe(true);
    const proves = (world: World) => ({ provesPassword: world.database });
    expect(await withPassword((world) => ({ ...used(world), ...proves(world) }))).toBe(false);
    expect(await withPassword(proves)).toBe(true);
  });
}

function describeClaims(rig: () => LoginStoreRig, tools: Omit<Tools, 'find'>): void {
  const { apply, refused, revisionOf, stored } = tools;
  const otp = (step: number): FactorUse => ({ id: 'otp', kind: 'otp', step });

  async function withApplication(fields: Row = { last_step: 10 }): Promise<[World, (step: number) => FactorUse]> {
    const world = await makeWorld(rig());
    await addFactor(rig(), world, `otp${world.key}`, { kind: 'otp', ...fields });
    return [world, (step) => ({ ...otp(step), id: `otp${world.key}` })];
  }

  test('case=a code of a newer step is stored as the last one', async () => {
    const [world, use] = await withApplication();
    expect(await apply(usedBy(world, use(11)))).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([{ last_step: 11, last_used_at: '2026-03-01T10:00:00+00:00' }]);
    expect(await revisionOf(world), 'a use changes no factor').toBe(1);
  });

  test('case=the first code of all', async () => {
    const [world, use] = await withApplication({});
    expect(await apply(usedBy(world, use(1)))).toEqual({ ok: true });
  });

  test.each([10, 9])('case=a code of the stored step or an older one: %i', async (step) => {
    const [world, use] = await withApplication();
    await refused(usedBy(world, use(step)), 'factor');
  });

  test('case=a factor that is not there, is of another account, or was not confirmed', async () => {
    const [world, use] = await withApplication({ last_step: 10, confirmed_at: null });
    const [other, useOther] = await withApplication();
    await refused(usedBy(world, use(11)), 'factor');
    await refused(usedBy(world, useOther(11)), 'factor');
    await refused(usedBy(other, { ...useOther(11), id: 'none' }), 'factor');
  });

  const keyed = async (fields: Row): Promise<[World, (signCount: number, backedUp?: boolean) => FactorUse]> => {
    const world = await makeWorld(rig());
    const { id: credential_id, publicKey, signCount: _count, userHandle, ...credential } = newCredential(world, 'k');
    await addFactor(rig(), world, `key${world.key}`, {
      kind: 'webauthn-roaming',
      ...{ credential_id, public_key: Buffer.from(publicKey), user_handle: userHandle },
      credential: { ...credential, ...((fields.credential as object | undefined) ?? {}) },
      sign_count: fields.sign_count,
    });
    return [
      world,
      (signCount, backedUp = false) => ({ id: `key${world.key}`, kind: 'webauthn-roaming', signCount, backedUp }),
    ];
  };

  test.each([
    { has: 7, gives: 8 },
    { has: 0, gives: 0 },
    { has: 0, gives: 3 },
  ])('case=a counter that goes on: $has, $gives', async ({ has, gives }) => {
    const [world, use] = await keyed({ sign_count: has });
    expect(await apply(usedBy(world, use(gives, true)))).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([
      { sign_count: gives, credential: { backedUp: true, transports: ['usb'] } },
    ]);
  });

  test.each([
    { has: 7, gives: 7 },
    { has: 7, gives: 6 },
    { has: 7, gives: 0 },
  ])('case=a counter of one device that stands still or goes back: $has, $gives', async ({ has, gives }) => {
    const [world, use] = await keyed({ sign_count: has });
    await refused(usedBy(world, use(gives)), 'factor');
  });

  async function withRecovery(): Promise<[World, (code: string) => FactorUse]> {
    const world = await makeWorld(rig());
    const fields = { kind: 'recovery-code', code_hash: hashSecret('first') };
    await addFactor(rig(), world, `rec${world.key}`, fields);
    const codes = (code: string) => ({ codeHash: hashSecret(code), nextCodeHash: hashSecret(`after ${code}`) });
    return [world, (code) => ({ id: `rec${world.key}`, kind: 'recovery-code', ...codes(code) })];
  }

  test('case=a recovery code is replaced, and works once', async () => {
    const [world, use] = await withRecovery();
    const plan = () => usedBy(world, use('first'), { raisesFactors: true });
    expect(await apply(plan())).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([{ code_hash: shown(hashSecret('after first')) }]);
    expect(await revisionOf(world)).toBe(2);
    const relyAccount = { ...relyOnDana(world), passwordHash: world.dana.hash, factorsRevision: 2 };
    await refused({ ...plan(), relyAccount }, 'factor');
  });

  test('case=another recovery code', async () => {
    const [world, use] = await withRecovery();
    await refused(usedBy(world, use('other')), 'factor');
  });

  test('case=the account’s factors changed since the login was decided', async () => {
    const [world, use] = await withApplication();
    const relyAccount = { ...relyOnDana(world), passwordHash: world.dana.hash };
    await refused(usedBy(world, use(11), { relyAccount }), 'factors');
    await refused(passwordPlan(world), 'factors');
  });

  test('case=a commit before the Actions claims the answer too', async () => {
    const [world, use] = await withApplication();
    const {
      session: _none,
      code: _no,
      actions: _not,
      tellsOfLogout: _tells,
      fold: _fold,
      ...early
    } = usedBy(world, use(11));
    expect(await apply(early)).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([{ last_step: 11 }]);
    await refused(usedBy(world, use(11)), 'factor');
  });

  test('case=many logins with one code at once: one gets in', async () => {
    const [world, use] = await withApplication();
    const plans = Array.from({ length: 6 }, () => usedBy(world, use(11)));
    const words = (await Promise.all(plans.map(apply))).map(wordOf).sort();
    expect(words).toEqual([...Array(5).fill('factor'), 'ok']);
  });

  test('case=many logins with one recovery code at once: one gets in', async () => {
    const [world, use] = await withRecovery();
    const plans = Array.from({ length: 6 }, () => usedBy(world, use('first'), { raisesFactors: true }));
    const words = (await Promise.all(plans.map(apply))).map(wordOf).sort();
    expect(words.filter((word) => word === 'ok')).toHaveLength(1);
    for (const word of words) expect(['ok', 'factor', 'factors']).toContain(word);
  });

  test('case=somebody resets the factors in a transaction that is still open: the login waits and is decided again', async () => {
    const [world, use] = await withApplication();
    const held = await rig().seed.hold();
    await held.update('users', { user_id: world.dana.userId }, { factors_revision: 2 });
    await held.remove('factors', { user_id: world.dana.userId, id: `otp${world.key}` });
    const login = apply(usedBy(world, use(11)));
    await held.commit();
    expect(wordOf(await login)).toBe('factors');
  });
}

function describeEnrolment(rig: () => LoginStoreRig, tools: Tools): void {
  const { apply, find, refused, revisionOf, stored } = tools;
  const enrols = (world: World, enrolled: readonly NewFactor[], changes: Partial<CommitPlan> = {}): CommitPlan =>
    passwordPlan(world, { factors: { enrolled }, raisesFactors: true, ...changes });

  test('case=an existing account: the rows, a higher version, and nothing else', async () => {
    const world = await makeWorld(rig());
    const before = await rig().snapshot();
    expect(await apply(enrols(world, [application(world), recovery(world)]))).toEqual({ ok: true });
    const changed = diffSnapshots(before, await rig().snapshot());
    expect(Object.keys(changed).sort()).toEqual(
      ['authorization_codes', 'factors', 'login_receipts', 'logs', 'members', 'sessions', 'users'].sort(),
    );
    const rows = await stored(world);
    const same = { user_id: world.dana.userId, confirmed_at: '2026-03-01T10:00:00+00:00', vouched_by: null };
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual(expect.objectContaining({ ...same, kind: 'otp', last_step: 50, code_hash: null }));
    expect(rows).toContainEqual(
      expect.objectContaining({ ...same, kind: 'recovery-code', last_used_at: null, secret_sealed: null }),
    );
    expect(JSON.stringify(rows), 'the secret is sealed').not.toContain(SECRET);
    expect(await revisionOf(world)).toBe(1);
    const ground = await find(world);
    expect(ground).toMatchObject({ revision: 1, hasOtherWaysIn: false });
    expect(ground.factors.find(({ kind }) => kind === 'otp')).toEqual({
      id: application(world).id,
      kind: 'otp',
      secret: SECRET,
      lastStep: 50,
    });
  });

  test('case=a new account, in the statement that creates it', async () => {
    const world = await makeWorld(rig());
    const plan = newcomerPlan(world, { factors: { enrolled: [application(world), recovery(world)] } });
    expect(await apply(plan)).toEqual({ ok: true });
    expect((await stored(world)).map(({ user_id, vouched_by }) => [user_id, vouched_by])).toEqual([
      [plan.userId, 'idp'],
      [plan.userId, 'idp'],
    ]);
    expect(await revisionOf(world, plan.userId)).toBe(1);
  });

  test('case=an authenticator, as it was registered', async () => {
    const world = await makeWorld(rig());
    const credential = newCredential(world, 'cred');
    const factor = { id: `passkey|${world.key}`, kind: 'passkey', credential } as const;
    expect(await apply(enrols(world, [factor]))).toEqual({ ok: true });
    expect((await find(world)).factors).toEqual([{ id: factor.id, kind: 'passkey', credential }]);
  });

  test.each([
    { password: 'operator', voucher: 'operator' },
    { password: 'mail', voucher: 'mail' },
    { password: null, voucher: null },
  ])('case=the voucher is that of the password: $password', async ({ password, voucher }) => {
    const world = await makeWorld(rig());
    await rig().seed.update('password_credentials', { user_id: world.dana.userId }, { vouched_by: password });
    expect(await apply(enrols(world, [application(world)]))).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([{ vouched_by: voucher }]);
  });

  test.each([
    { identity: 'mail', voucher: 'mail' },
    { identity: null, voucher: 'idp' },
  ])('case=the voucher is that of the identity: $identity', async ({ identity, voucher }) => {
    const world = await makeWorld(rig());
    await bindDana(rig().seed, world, { email_vouched_by: identity });
    expect(await apply(knownPlan(world, { factors: { enrolled: [application(world)] }, raisesFactors: true }))).toEqual(
      { ok: true },
    );
    expect(await stored(world)).toMatchObject([{ vouched_by: voucher }]);
  });

  test('case=the password of this login is proved by mail at once', async () => {
    const world = await makeWorld(rig());
    expect(await apply(enrols(world, [application(world)], { provesPassword: world.database }))).toEqual({ ok: true });
    expect(await stored(world)).toMatchObject([{ vouched_by: 'mail' }]);
  });

  test('case=a second application, and a credential that another account has', async () => {
    const world = await makeWorld(rig());
    const credential = newCredential(world, 'cred');
    const key = { id: `key|${world.key}`, kind: 'webauthn-roaming', credential } as const;
    expect(await apply(enrols(world, [application(world), key]))).toEqual({ ok: true });
    await refused(factorPlan(world, { factors: { enrolled: [application(world, 'two')] } }), 'factors');
    await refused(newcomerPlan(world, { factors: { enrolled: [{ ...key, id: `x|${world.key}` }] } }), 'factor');
  });

  test('case=many enrolments at once: one is written, and the others decide again', async () => {
    const world = await makeWorld(rig());
    const plans = Array.from({ length: 6 }, (_none, index) => {
      const credential = newCredential(world, `c${index}`);
      return enrols(world, [{ id: `k${index}${world.key}`, kind: 'webauthn-roaming', credential }]);
    });
    const words = (await Promise.all(plans.map(apply))).map(wordOf).sort();
    expect(words).toEqual([...Array(5).fill('factors'), 'ok']);
    expect(await stored(world)).toHaveLength(1);
    expect(await revisionOf(world)).toBe(1);
  });

  test('case=a login that is refused writes no factor', async () => {
    const world = await makeWorld(rig());
    const relyAccount = { ...relyOnDana(world), member: false };
    await refused(enrols(world, [application(world)], { relyAccount }), 'membership');
    await refused(enrols(world, [application(world)], { relyFingerprint: 'c0.e1' }), 'connection');
  });

  test('case=the organization asks for a factor since the login was decided', async () => {
    const world = await makeWorld(rig());
    const required = { rule: 'required', accepts: [] } as const;
    await refused(passwordPlan(world, { relySecondFactor: required }), 'organization');
    await rig().seed.update('organizations', { id: world.organization }, { mfa: 'required', mfa_factors: ['otp'] });
    await refused(passwordPlan(world), 'organization');
    await refused(passwordPlan(world, { relySecondFactor: required }), 'organization');
    await refused(
      passwordPlan(world, { relySecondFactor: { rule: 'required_unless_idp', accepts: ['otp'] } }),
      'organization',
    );
    expect(await apply(passwordPlan(world, { relySecondFactor: { ...required, accepts: ['otp'] } }))).toEqual({
      ok: true,
    });
    // The list is kept while nobody is asked, and decides nothing.
    await rig().seed.update('organizations', { id: world.organization }, { mfa: 'none' });
    expect(await apply(passwordPlan(world))).toEqual({ ok: true });
  });

  test('case=the session and the code remember the factor', async () => {
    const world = await makeWorld(rig());
    const passed = { name: 'mfa', type: 'otp', timestamp: AT, revision: 1 } as const;
    const plan = enrols(world, [application(world)]);
    const code = { ...plan.code, factorPassed: true };
    expect(await apply({ ...plan, code, factors: { ...plan.factors, passed } })).toEqual({ ok: true });
    const { sessionHash } = plan.session;
    const session = await rig().reads.findSession({ userId: world.dana.userId, sessionHash, now: AT });
    expect(session?.factor).toEqual({ kind: 'otp', at: AT, revision: 1 });
  });
}

function describePlanted(rig: () => LoginStoreRig, { apply, find, revisionOf, stored }: Tools): void {
  async function planted(): Promise<World> {
    const world = await makeWorld(rig());
    const by = { nobody: null, operator: 'operator', mail: 'mail', idp: 'idp' };
    for (const [name, vouched_by] of Object.entries(by))
      await addFactor(rig(), world, `${name}|${world.key}`, { kind: 'webauthn-roaming', vouched_by });
    return world;
  }
  const left = async (world: World) => (await stored(world)).map(({ id }) => String(id).split('|')[0]).sort();
  const binds = (world: World, changes: Partial<CommitPlan>): CommitPlan => {
    const relyAccount = { ...relyOnDana(world), noOtherOrganizations: true, factorsRevision: 1 };
    return silentPlan(world, { relyAccount, raisesFactors: true, ...changes });
  };

  test('case=a binding ends the factors that nobody vouches for', async () => {
    const world = await planted();
    expect(await apply(binds(world, { endPasswords: { which: 'unvouched', keep: undefined } }))).toEqual({ ok: true });
    expect(await left(world)).toEqual(['idp', 'mail', 'operator']);
    expect(await revisionOf(world)).toBe(2);
  });

  test('case=the first proof of the mailbox ends all but those that the mailbox vouches for', async () => {
    const world = await planted();
    expect(await apply(binds(world, { endPasswords: { which: 'unmailed', keep: undefined } }))).toEqual({ ok: true });
    expect(await left(world)).toEqual(['mail']);
  });

  test('case=a login that ends no password ends no factor', async () => {
    const world = await planted();
    expect(await apply(factorPlan(world))).toEqual({ ok: true });
    expect(await left(world)).toEqual(['idp', 'mail', 'nobody', 'operator']);
    expect(await revisionOf(world)).toBe(1);
  });

  test('case=the owner sets up an application in the login that ends the planted one', async () => {
    const world = await makeWorld(rig());
    await addFactor(rig(), world, `planted|${world.key}`, { kind: 'otp', vouched_by: null });
    await addFactor(rig(), world, `code|${world.key}`, { kind: 'recovery-code', vouched_by: null });
    const plan = binds(world, {
      bind: { ...bindingOf(world, `s-${world.key}`), emailVouchedBy: 'idp' },
      endPasswords: { which: 'unvouched', keep: undefined },
      factors: { enrolled: [application(world), recovery(world)] },
    });
    expect(await apply(plan)).toEqual({ ok: true });
    expect((await find(world)).factors.map(({ id, vouchedBy }) => [id, vouchedBy]).sort()).toEqual([
      [recovery(world).id, 'idp'],
      [application(world).id, 'idp'],
    ]);
  });
}

function describeFactorReads(rig: () => LoginStoreRig, { find }: Pick<Tools, 'find'>): void {
  test('case=only confirmed factors of this account, the newest use first', async () => {
    const world = await makeWorld(rig());
    const key = { kind: 'webauthn-roaming' };
    await addFactor(rig(), world, `never|${world.key}`, key);
    await addFactor(rig(), world, `old|${world.key}`, { ...key, last_used_at: EARLIER });
    await addFactor(rig(), world, `new|${world.key}`, { ...key, last_used_at: LATER, name: 'Blue' });
    await addFactor(rig(), world, `open|${world.key}`, { ...key, confirmed_at: null });
    const { factors } = await find(world);
    expect(factors).toEqual([
      { id: `new|${world.key}`, kind: 'webauthn-roaming', name: 'Blue', vouchedBy: 'mail' },
      { id: `old|${world.key}`, kind: 'webauthn-roaming', vouchedBy: 'mail' },
      { id: `never|${world.key}`, kind: 'webauthn-roaming', vouchedBy: 'mail' },
    ]);
    const nobody = { revision: 0, factors: [], hasOtherWaysIn: false, mail: [], isPasswordFromMail: false };
    expect(await find(world, world.sso, 'auth0|nobody')).toEqual(nobody);
  });

  test('case=another way in: a password beside the company, or another company’s identity', async () => {
    const world = await makeWorld(rig());
    expect((await find(world, world.sso)).hasOtherWaysIn, 'the password').toBe(true);
    expect((await find(world, world.database)).hasOtherWaysIn).toBe(false);
    await bindDana(rig().seed, world);
    expect((await find(world, world.database)).hasOtherWaysIn, 'the identity').toBe(true);
    await rig().seed.remove('password_credentials', { user_id: world.dana.userId });
    expect((await find(world, world.sso)).hasOtherWaysIn).toBe(false);
  });

  test('case=a secret that was moved to another person’s row does not open', async () => {
    const world = await makeWorld(rig());
    const plan = passwordPlan(world, { factors: { enrolled: [application(world)] }, raisesFactors: true });
    await rig().commit.apply(plan);
    await rig().seed.update('factors', { id: application(world).id }, { id: `moved|${world.key}` });
    await expect(find(world)).rejects.toThrow('does not open');
  });
}
