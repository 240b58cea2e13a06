/**
 * Stories 02 to 05, 10 and 11 on a tenant that behaves as Auth0's do, with the Action that `guard install` put there: who may enter does so
 * as the same user, strangers are refused and are no members, and nobody loses a membership that this very login did not bring.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DoubleFacts, listOpenQuestions, parseFacts } from '../../src/double/facts.js';
import { DEFAULT_TEXTS, MARK_ROLE } from '../../src/tenant-tools/guard/settings.js';
import { hasOpenssl } from '../support/certificate.js';
import { useGuardRig } from '../support/guard-rig.js';
import { answerOf } from '../support/stage.js';

const available = hasOpenssl();
if (!available) process.stderr.write('test/guard is skipped: the openssl command is not installed\n');

const REFUSED = { error: 'access_denied', error_description: DEFAULT_TEXTS.stranger };

/** Everything that is not established about Auth0, the other way round. */
const OTHER_WAY = parseFacts(
  Object.fromEntries([
    ...listOpenQuestions().map(({ name, settings }) => [name, settings[1]]),
    ...Object.entries({ rate_plan: 'none', member_removal_ms: 0, read_lag_ms: 0, action_build_ms: 0 }),
    // The cast is made by a client that no database is enabled for.
    ['user_creation', 'any_connection'],
  ]),
);

const TENANTS: readonly (readonly [string, Partial<DoubleFacts>])[] = [
  ['the likeliest tenant', {}],
  ['every open question the other way', OTHER_WAY],
  ['a tenant with delays and limits', { read_lag_ms: 400, member_removal_ms: 600, rate_plan: 'enterprise' }],
];

describe.skipIf(!available).each(TENANTS)('the guard on %s', (_tenant, facts) => {
  const rig = useGuardRig(facts);
  let dana: string;
  let longStanding: string;

  beforeAll(async () => {
    const { stage } = rig;
    dana = await stage.cast.createMember('dana@acme.example');
    longStanding = rig.employ('lou');
    await stage.enablement({ assign_membership_on_login: true });
    expect((await rig.enter('lou')).code, 'before there is a guard, auto-membership lets in').toBeDefined();
    const run = await rig.install();
    expect(run.code, run.stderr).toBe(0);
  }, 60_000);
  afterAll(async () => {
    const run = await rig.uninstall();
    expect(run.code, run.stderr).toBe(0);
  });

  test('02: a password member comes by SSO and is the same user, with the roles of before', async () => {
    const before = await rig.rolesOf(dana);
    const visitor = rig.stage.visitor();
    const { claims } = await visitor.redeem(await visitor.throughSso('dana', 'dana@acme.example'));
    expect(claims.sub).toBe(dana);
    expect(await rig.rolesOf(dana)).toEqual([...new Set([...before, MARK_ROLE.name])].sort());
    const again = rig.stage.visitor();
    expect((await again.redeem(await again.throughSso('dana', 'dana@acme.example'))).claims.sub).toBe(dana);
  });

  test('10, 11: a stranger is refused and is no member, as often as they try; 05: then they are invited', async () => {
    const sam = rig.employ('sam');
    for (const round of [1, 2]) {
      expect(await rig.enter('sam'), `round ${round}`).toMatchObject(REFUSED);
      await rig.untilNoMember(sam);
    }
    const invitation = await rig.stage.cast.invite('sam@acme.example');
    const visitor = rig.stage.visitor();
    const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), 'sam'));
    expect(claims.sub).toBe(sam);
    expect(await rig.isMember(sam)).toBe(true);
    expect((await rig.enter('sam')).code, 'and the next time').toBeDefined();
  });

  test('an invited person without a role is let in, and gets the mark', async () => {
    const gus = rig.employ('gus');
    const invitation = await rig.stage.cast.invite('gus@acme.example', { roles: [] });
    const visitor = rig.stage.visitor();
    expect(answerOf(await visitor.signInAtIdp(await visitor.accept(invitation), 'gus')).code).toBeDefined();
    expect(await rig.rolesOf(gus)).toEqual([MARK_ROLE.name]);
    expect((await rig.enter('gus')).code).toBeDefined();
  });

  test('a member of before the guard is let in, and keeps the membership', async () => {
    expect(await rig.rolesOf(longStanding)).toEqual([MARK_ROLE.name]);
    expect((await rig.enter('lou')).code).toBeDefined();
    expect(await rig.isMember(longStanding)).toBe(true);
  });

  test('somebody who was taken out comes back as a stranger, although the log knows an earlier login', async () => {
    const rex = rig.employ('rex');
    const invitation = await rig.stage.cast.invite('rex@acme.example', { roles: [] });
    const visitor = rig.stage.visitor();
    expect(answerOf(await visitor.signInAtIdp(await visitor.accept(invitation), 'rex')).code).toBeDefined();
    const { acme } = rig.stage.cast;
    await rig.stage.instance.api('DELETE', `/organizations/${acme.id}/members`, { members: [rex] });
    await rig.untilNoMember(rex);
    // The acceptance was in the same minute: the log cannot tell this coming from a login at the same time, so nothing is taken back.
    expect(await rig.enter('rex')).toMatchObject({ error: 'access_denied' });
  });

  test.each<[string, { email?: string; email_verified?: boolean }]>([
    ['the address is not verified by the company', { email_verified: false }],
    ['the address lies in no proved domain', { email: 'una@elsewhere.example' }],
  ])('no link to the account of another if %s', async (_name, more) => {
    const email = more.email ?? 'una@acme.example';
    const account = await rig.stage.cast.createMember(email);
    const una = rig.employ('una', more);
    expect(await rig.enter('una')).toMatchObject(REFUSED);
    await rig.untilNoMember(una);
    const user = await rig.stage.instance.api<{ identities: unknown[] }>(
      'GET',
      `/users/${encodeURIComponent(account)}`,
    );
    expect(user.identities).toHaveLength(1);
    await rig.stage.instance.api('DELETE', `/users/${encodeURIComponent(account)}`);
    await rig.stage.instance.api('DELETE', `/users/${encodeURIComponent(una)}`);
  });
});
