/**
 * A rollout locks nobody out: after every single write of apply and rollback, with every setting in the plan, each person can sign in by the
 * password or by the company. The rule for the password is read from the tables, not asked of the code under test.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWrite, type Treatment } from '../support/api-proxy.js';
import { numberOf } from '../support/company.js';
import { ALL_SETTINGS, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;

beforeAll(async () => {
  rig = await startRolloutRig(stage, 24);
  Object.assign(stage.cast.people, rig.company.people);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());

/** People with a password that is accepted now: not refused by `sso_rollout`, or theirs by break-glass. */
async function listPasswordPeople(): Promise<ReadonlySet<string>> {
  const { rows } = await stage.instance.database.pool.query<{ user_id: string }>(
    `select u.user_id from members m join users u using (user_id) join password_credentials p using (user_id)
     where m.organization_id = $1 and not u.blocked and (m.break_glass or u.email is null or not exists (
       select 1 from organization_connections e join connections c on c.id = e.connection_id
       where e.organization_id = m.organization_id and e.sso_rollout = 'required'
         and split_part(u.email, '@', 2) = any(c.domain_aliases)))`,
    [stage.cast.acme.id],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** How the person comes in at the company: the identity provider vouches for the address that its own list has. */
async function explainSso(userId: string): Promise<string> {
  const { sub, email, email_verified } = rig.company.people[`p${numberOf(userId)}`] ?? { sub: '', email: '' };
  const answer = await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/explain`, {
    claims: { sub, email, email_verified },
    connection_id: stage.cast.acme.connectionId,
  });
  if (answer.outcome === 'admitted') return answer.user_id === userId ? 'in' : `in as ${answer.user_id}`;
  return answer.outcome === 'proof_required' ? 'asked' : `refused (${answer.rule})`;
}

async function listLockedOut(): Promise<readonly string[]> {
  const withPassword = await listPasswordPeople();
  const locked: string[] = [];
  for (const { user_id: userId, class: name } of rig.plan().people) {
    if (userId === null || name === 'blocked' || withPassword.has(userId)) continue;
    const way = await explainSso(userId);
    if (way !== 'in' && way !== 'asked') locked.push(`${userId} ${name}: ${way}`);
  }
  return locked;
}

/** Checks after each write, while the tool waits for its answer's successor. */
function watch(): { readonly writes: () => number; readonly found: readonly string[] } {
  let writes = 0;
  let isOpen = false;
  const found: string[] = [];
  rig.proxy.treat = async ({ method, path }): Promise<Treatment> => {
    if (isOpen) for (const line of await listLockedOut()) found.push(`after write ${writes}: ${line}`);
    isOpen = isWrite({ method, path });
    if (isOpen) writes += 1;
    return 'pass';
  };
  return { writes: () => writes, found };
}

test('at no instant of apply and rollback', async () => {
  expect(await listLockedOut()).toEqual([]);
  const applying = watch();
  await rig.apply({ remote: { timeoutMs: 20_000, most: 1 } });
  expect(await listLockedOut()).toEqual([]);
  expect({ found: applying.found, writes: applying.writes() }).toEqual({ found: [], writes: 5 });

  // The rule of the tables is the real one: a break-glass member comes in by the password, another one does not.
  const [emergency] = rig.company.expected.not_in_directory ?? [];
  const [moved] = rig.plan().people.filter((person) => person.class === 'silent' && (person.roles ?? []).length === 0);
  const passwords = await listPasswordPeople();
  expect([passwords.has(emergency ?? ''), passwords.has(moved?.user_id ?? '')]).toEqual([true, false]);
  const own = await stage.visitor().withPassword(`p${numberOf(emergency ?? '')}@acme.example`);
  expect(own.url.searchParams.get('code')).toBeTruthy();
  const refused = await stage.visitor().withPassword(moved?.email ?? '');
  expect(refused.url.searchParams.get('code')).toBeNull();

  const returning = watch();
  await rig.rollBack(undefined, { remote: { timeoutMs: 20_000, most: 1 } });
  expect(await listLockedOut()).toEqual([]);
  expect({ found: returning.found, writes: returning.writes() }).toEqual({ found: [], writes: 5 });
  await rig.reset();
}, 90_000);

test('the check would find a person who is locked out', async () => {
  const { pool } = stage.instance.database;
  const [emergency] = rig.company.expected.not_in_directory ?? [];
  const setBreakGlass = (isOn: boolean) =>
    pool.query('update members set break_glass = $2 where user_id = $1', [emergency, isOn]);
  await rig.apply();
  await setBreakGlass(false);
  delete stage.cast.people[`p${numberOf(emergency ?? '')}`];
  await pool.query(`update users set email_vouched_by = null where user_id = $1`, [emergency]);
  await stage.enablement({ link_existing_members: 'never' });
  expect(await listLockedOut()).toContainEqual(expect.stringContaining(`${emergency} not_in_directory`));
  await stage.enablement({ link_existing_members: 'verified_email' });
  await pool.query(`update users set email_vouched_by = 'mail' where user_id = $1`, [emergency]);
  await rig.rollBack();
  await rig.reset();

  // A setting that locks them out is left out of the plan: `required`, and a domain where it is required already.
  await rig.makePlan(...ALL_SETTINGS);
  expect(rig.plan().head.withheld).toMatchObject([{ id: 'sso_rollout', locksOut: 1 }]);
  await stage.enablement({ sso_rollout: 'required' });
  await rig.makePlan(...ALL_SETTINGS);
  expect(rig.plan().head.withheld).toMatchObject([{ id: 'alias:acme.example', locksOut: 1 }]);
  await rig.makePlan(...ALL_SETTINGS, '--allow-lockout');
  expect(rig.plan().head.withheld).toEqual([]);
  await rig.makePlan('--alias', 'acme.example', '--sso-rollout', 'optional');
  expect(rig.plan().head.withheld).toEqual([]);
  await stage.enablement({ sso_rollout: 'optional' });
  await setBreakGlass(true);
}, 60_000);
