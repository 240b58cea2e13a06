/**
 * What a plan does not prepare, and a rollout causes all the same: people who link themselves at the company's sign-in by a proof, to which the
 * rollout led them; and people whose subject another member has. A rollback and a plan name them. On Vestibule and on Auth0's double.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantKind } from '../../src/rollout/classify.js';
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

    const asked = await rig.run('rollback', rig.planFile);
    expect(asked.code).toBe(1);
    expect(asked.stdout).toContain('Linked themselves since the plan was made, by a proof; nothing was done to them:');
    for (const id of [moved, keeps]) expect(asked.stdout).toContain(address(id));
    expect(asked.stdout).toContain('Next: --used keep leaves them linked');
    expect([await identitiesOf(moved), await identitiesOf(keeps)]).toEqual([1, 1]);

    const kept = await rig.run('rollback', rig.planFile, '--used', 'keep');
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('they keep their sign-in by SSO');
    // The settings are as before by now: the journal alone knows whom they led.
    const undone = await rig.run('rollback', rig.planFile, '--used', 'undo', '--json');
    expect(undone.code).toBe(0);
    const { selfLinked } = JSON.parse(undone.stdout) as { selfLinked: { user_id: string; end: string }[] };
    expect(selfLinked.map(({ user_id, end }) => [user_id, end]).sort()).toEqual(
      [moved, keeps].sort().map((id) => [id, 'undone']),
    );
    expect([await identitiesOf(moved), await identitiesOf(keeps)]).toEqual([0, 0]);
    expect(await identitiesOf(idOf('linked')), 'linked before the plan').toBe(1);
    await rig.reset();
  });

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
