/**
 * Effects that a plan does not prepare, and a rollout causes all the same: people who link themselves at the company's sign-in by a proof, to which the
 * rollout led them; and people whose subject another member has. A rollback and a plan name them. On Vestibule and on Auth0's double.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantKind } from '../../src/tenant-tools/rollout/classify.js';
import { numberOf } from '../support/company.js';
import { ALL_SETTINGS, ALL_SETTINGS_OF_AUTH0, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { proveByCode, useStage } from '../support/stage.js';

describe.each<[TenantKind, readonly string[]]>([
  ['vestibule', ALL_SETTINGS],
  ['auth0', ALL_SETTINGS_OF_AUTH0],
])('on %s', (kind, settings) => {
  const stage = useStage(kind === 'auth0' ? { profile: 'auth0' } : {});
  let rig: RolloutRig;
  const query = (text: string, ...values: unknown[]) => stage.instance.database.pool.query(text, values);
  const idOf = (name: string, at = 0) => rig.company.expected[name]?.at(at) ?? '';
  const address = (id: string) => `p${numberOf(id)}@acme.example`;
  beforeAll(async () => {
    rig = await startRolloutRig(stage, 20, kind);
    Object.assign(stage.cast.people, rig.company.people);
  });
  afterAll(() => rig?.stop());

  /** Gives `id` an identity at the connection, as the guard's Action does on Auth0 for people who prove the old account. */
  const bind = (id: string, subject: string) =>
    query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, profile, bound_at, created_at)
       values ($1, 'self', $2, 'bound', $3, $4, '{}', now(), now())`,
      ...[id, stage.cast.acme.connectionId, stage.cast.idp.issuer, subject],
    );

  async function linkThemselves(id: string): Promise<void> {
    const login = `p${numberOf(id)}`;
    if (kind === 'auth0') {
      await bind(id, `idp-${login}`);
      return;
    }
    const visitor = stage.visitor();
    const page = await visitor.signInAtIdp(await visitor.open({ connection: stage.cast.acme.connectionName }), login);
    expect(page.url.pathname).toBe('/u/proof');
    const { claims } = await visitor.redeem(
      await proveByCode(visitor, page, await stage.mailedCode(`${login}@acme.example`)),
    );
    expect(claims.sub).toBe(id);
  }

  /** Gives `id` an identity as an operator does on either kind of tenant: another account there, linked by the API. */
  async function linkByOperator(id: string): Promise<void> {
    const { connectionName: connection, connectionId } = stage.cast.acme;
    const subject = `idp-p${numberOf(id)}`;
    const account = `oidc|${connection}|${subject}`;
    await query(
      `insert into users (user_id, email, created_at, updated_at) values ($1, $2, now(), now())`,
      account,
      address(id),
    );
    await query(
      `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, bound_by, bound_at, created_at)
       values ($1, 'theirs', $2, 'bound', $3, $4, true, '{}', 'newcomer', now(), now())`,
      ...[account, connectionId, stage.cast.idp.issuer, subject],
    );
    const user = await stage.instance.api('GET', `/users/${encodeURIComponent(account)}`);
    const [identity] = user.identities as { provider: string; user_id: string }[];
    await stage.instance.api('POST', `/users/${encodeURIComponent(id)}/identities`, {
      provider: identity?.provider,
      user_id: identity?.user_id,
    });
  }

  const identitiesOf = async (id: string) =>
    (
      await query(
        'select subject from identities where user_id = $1 and connection_id = $2',
        id,
        stage.cast.acme.connectionId,
      )
    ).rows.length;

  test('rollback names those who linked themselves, waits for a decision, and takes back what the rollout caused', async () => {
    await rig.makePlan(...settings);
    await rig.apply();
    const [moved, keeps] = [idOf('several_organizations'), idOf('unverified')];
    for (const id of [moved, keeps]) await linkThemselves(id);
    const byOperator = idOf('blocked');
    await linkByOperator(byOperator);

    const asked = await rig.run('rollback', rig.planFile);
    expect(asked.code).toBe(1);
    const who = kind === 'auth0' ? 'by the guard or by somebody else' : 'Linked themselves since the plan was made';
    expect(asked.stdout).toContain(who);
    for (const id of [moved, keeps]) expect(asked.stdout).toContain(address(id));
    expect(asked.stdout.includes(address(byOperator)), 'named only where it cannot be told').toBe(kind === 'auth0');
    expect(asked.stdout).toContain('Next: --used keep leaves them linked');
    expect([await identitiesOf(moved), await identitiesOf(keeps)]).toEqual([1, 1]);

    if (kind === 'auth0') await expectNothingTaken([moved, keeps, byOperator]);
    else await expectTaken([moved, keeps]);
    expect(await identitiesOf(byOperator), 'linked by an operator').toBe(1);
    expect(await identitiesOf(idOf('linked')), 'linked before the plan').toBe(1);
    await query("delete from identities where id = 'theirs'");
    await rig.reset();
  }, 120_000);

  /** Auth0 does not tell who linked: whatever is decided, that is for a person to do. */
  async function expectNothingTaken(ids: readonly string[]): Promise<void> {
    const undo = await rig.run('rollback', rig.planFile, '--used', 'undo');
    expect([undo.code, undo.stdout.includes('Unlink those by hand')]).toEqual([1, true]);
    for (const id of ids) expect(await identitiesOf(id)).toBe(1);
    const [first] = ids;
    await query("delete from identities where id = 'self' and user_id = $1", first);
    const kept = await rig.run('rollback', rig.planFile, '--used', 'keep', '--json');
    expect(kept.code).toBe(0);
    const { selfLinked } = JSON.parse(kept.stdout) as { selfLinked: { user_id: string; end: string }[] };
    expect(selfLinked.map(({ user_id, end }) => [user_id, end]).sort()).toEqual(
      ids.map((id) => [id, id === first ? 'undone' : 'kept']).sort(),
    );
    await query("delete from identities where id = 'self'");
  }

  async function expectTaken(ids: readonly string[]): Promise<void> {
    const kept = await rig.run('rollback', rig.planFile, '--used', 'keep');
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('they keep their sign-in by SSO');
    // The settings are as before by now: the journal alone knows whom they led.
    const undone = await rig.run('rollback', rig.planFile, '--used', 'undo', '--json');
    expect(undone.code).toBe(0);
    const { selfLinked } = JSON.parse(undone.stdout) as { selfLinked: { user_id: string; end: string }[] };
    expect(selfLinked.map(({ user_id, end }) => [user_id, end]).sort()).toEqual(
      [...ids].sort().map((id) => [id, 'undone']),
    );
    for (const id of ids) expect(await identitiesOf(id)).toBe(0);
  }

  test('a plan calls nobody silent whose subject another member has, and names both', async () => {
    const [person, holder] = [idOf('silent'), idOf('silent', -1)];
    await bind(holder, `idp-p${numberOf(person)}`);
    // The directory lists the member who has the subject without one: nothing is said about them.
    const directory = rig.company.directory.replace(
      `${address(holder)},idp-p${numberOf(holder)}`,
      `${address(holder)},`,
    );
    await writeFile(join(rig.folder, 'people.csv'), directory);
    const { stdout } = await rig.makePlan(...settings);
    const line = rig.plan().people.find(({ user_id }) => user_id === person);
    expect(line).toMatchObject({
      class: 'subject_taken',
      evidence: { held_by: holder, held_by_email: address(holder) },
    });
    expect(line).not.toHaveProperty('prepare');
    expect(stdout).toContain(`${address(person)}: subject of another member, ${address(holder)}`);
    const { head, people } = rig.plan();
    expect(head.totals.subject_taken).toBe(1);
    expect(head.prepare).toBe(people.filter((one) => one.prepare !== undefined).length);
    await query("delete from identities where id = 'self' and user_id = $1", holder);
    await writeFile(join(rig.folder, 'people.csv'), rig.company.directory);
  });
});
