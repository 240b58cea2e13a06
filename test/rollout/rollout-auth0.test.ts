/**
 * Story 13 on a tenant of Auth0's, as the double imitates one: identities come in by SCIM with the company's own subjects and are linked to the
 * accounts that the people have. The command is run as a user runs it; people sign in by the real login, in Auth0's order.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { runVestibule, withoutProgress } from '../cli/run-vestibule.js';
import { addCompany, type Company, numberOf } from '../support/company.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { answerOf, useStage } from '../support/stage.js';

/** `ROLLOUT_PEOPLE=1000` plays it with a thousand, every one of whom signs in. */
const SIZE = Number(process.env.ROLLOUT_PEOPLE ?? 40);
vi.setConfig({ testTimeout: 30_000 + SIZE * 1_500, hookTimeout: 60_000 + SIZE * 100 });

/** Classes that Auth0 does not have, or sees otherwise: it has no identity that waits. */
const SEEN_THERE: Readonly<Record<string, string>> = { prepared: 'linked' };

const stage = useStage({ profile: 'auth0' });
let company: Company;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-auth0-'));
  company = await addCompany(stage.instance.database.pool, stage.cast, SIZE);
  Object.assign(stage.cast.people, company.people);
  await writeFile(join(folder, 'people.csv'), company.directory);
  env = {
    VESTIBULE_URL: stage.instance.origin,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rollout = async (...args: string[]) => withoutProgress(await runVestibule(['rollout', ...args], env));
const planFile = () => join(folder, 'plan.jsonl');
const place = ['--organization', 'acme', '--connection', 'acme-oidc'];
const plan = (...more: string[]) =>
  rollout('plan', ...place, '--directory', join(folder, 'people.csv'), '--out', planFile(), ...more);

async function rolesOf(userId: string): Promise<readonly string[]> {
  const path = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(userId)}/roles`;
  return (await stage.instance.api<{ id: string }[]>('GET', path)).map(({ id }) => id).sort();
}

async function readPeople(): Promise<readonly PlanPerson[]> {
  const lines = (await readFile(planFile(), 'utf8')).trim().split('\n').slice(1, -1);
  return lines.map((line) => JSON.parse(line) as PlanPerson);
}

async function scimOfConnection(): Promise<unknown> {
  const path = `/connections/${stage.cast.acme.connectionId}/scim-configuration`;
  return stage.instance.api('GET', path, undefined, 404);
}

describe('story 13 on Auth0', () => {
  test('without subjects nothing can be prepared, and the plan says so', async () => {
    const { code, stdout } = await rollout('plan', ...place, '--out', join(folder, 'blind.jsonl'));
    expect(code).toBe(0);
    expect(stdout).toContain('no subject known');
    expect(stdout).toContain('0 to be moved');
  });

  test('the plan says the class of everybody, and writes nothing', async () => {
    const before = await stage.instance.snapshot();
    const { code, stdout, stderr } = await plan();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('On Auth0 this relies on:');
    expect(await stage.instance.snapshot()).toEqual(before);
    const found = (await readPeople()).map((person) => `${person.class} ${person.user_id ?? person.email}`).sort();
    const expected = Object.entries(company.expected).flatMap(([name, list]) =>
      list.map((one) => `${SEEN_THERE[name] ?? name} ${one}`),
    );
    expect(found).toEqual(expected.sort());
  });

  test('a pilot group, then the rest; the SCIM configuration is gone after each', async () => {
    const pilot = await rollout('apply', planFile(), '--limit', '3', '--json');
    expect(pilot).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(pilot.stdout).status).toMatchObject({ done: 3, skipped: 0, failed: 0 });
    await scimOfConnection();
    const rest = await rollout('apply', planFile());
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    await scimOfConnection();
    expect(await rollout('verify', planFile())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('everything is as planned'),
    });
  });

  test('a planned person signs in by SSO as the same user with the same roles; a stranger is out', async () => {
    const people = (await readPeople()).filter((person) => person.prepare !== undefined);
    for (const person of SIZE >= 1_000 ? people : people.slice(-1)) {
      const visitor = stage.visitor();
      const answer = await visitor.throughSso(`p${numberOf(person.user_id ?? '')}`, person.email ?? '');
      expect((await visitor.redeem(answer)).claims.sub).toBe(person.user_id);
      expect(await rolesOf(person.user_id ?? '')).toEqual(person.roles ?? []);
    }
    const refused = answerOf(await stage.visitor().throughSso('sam', 'sam@acme.example'));
    expect(refused.error).toBe('access_denied');
  });

  test('rollback leaves those who signed in to a decision, then every account is as before', async () => {
    const first = await rollout('rollback', planFile());
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('Signed in by SSO meanwhile');
    const second = await rollout('rollback', planFile(), '--used', 'undo');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const { rows } = await stage.instance.database.pool.query(
      `select i.subject from identities i join users u using (user_id)
       where i.connection_id = $1 and (i.status = 'expected' or not i.is_primary)`,
      [stage.cast.acme.connectionId],
    );
    // Those of the classes linked, prepared and other_subject were there before.
    expect(rows).toHaveLength(6);
    const { rows: left } = await stage.instance.database.pool.query(
      `select user_id from users where user_id like 'oidc|acme-oidc|idp-p%'`,
    );
    expect(left).toEqual([]);
  });
});
