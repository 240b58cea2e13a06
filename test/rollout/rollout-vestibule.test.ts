/**
 * Story 13 on Vestibule: a company's password members are planned, moved, verified, and moved back. The command is run as a user runs it; people
 * sign in by the real login.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { runVestibule, withoutProgress } from '../cli/run-vestibule.js';
import { addCompany, type Company, numberOf } from '../support/company.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

/** `ROLLOUT_PEOPLE=1000` plays it with a thousand, every one of whom signs in. */
const SIZE = Number(process.env.ROLLOUT_PEOPLE ?? 60);
vi.setConfig({ testTimeout: 30_000 + SIZE * 1_500, hookTimeout: 60_000 + SIZE * 100 });

const stage = useStage();
let company: Company;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-'));
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

function plan(...more: string[]) {
  return rollout(
    'plan',
    '--organization',
    'acme',
    '--connection',
    'acme-oidc',
    '--directory',
    join(folder, 'people.csv'),
    '--out',
    planFile(),
    ...more,
  );
}

async function rolesOf(userId: string): Promise<readonly string[]> {
  const path = `/organizations/${stage.cast.acme.id}/members/${encodeURIComponent(userId)}/roles`;
  return (await stage.instance.api<{ id: string }[]>('GET', path)).map(({ id }) => id).sort();
}

async function readPeople(): Promise<readonly PlanPerson[]> {
  const lines = (await readFile(planFile(), 'utf8')).trim().split('\n').slice(1, -1);
  return lines.map((line) => JSON.parse(line) as PlanPerson);
}

describe('story 13: a company moves to SSO, and back', () => {
  test('the plan says the class of everybody, and writes nothing', async () => {
    const before = await stage.instance.snapshot();
    const { code, stdout, stderr } = await plan('--html', join(folder, 'plan.html'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Acme: \d+ people, \d+ to be moved to acme-oidc\. Nothing was changed\./);
    expect(await stage.instance.snapshot()).toEqual(before);
    const found: Record<string, string[]> = {};
    for (const person of await readPeople()) {
      found[person.class] = [...(found[person.class] ?? []), person.user_id ?? person.email ?? ''];
    }
    const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list].sort()]));
    expect(sorted(found)).toEqual(sorted(company.expected));
  });

  test('a pilot group, the rest, and nothing the third time', async () => {
    const pilot = await rollout('apply', planFile(), '--limit', '5', '--json');
    expect(pilot).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(pilot.stdout).status).toMatchObject({ done: 5, skipped: 0, failed: 0 });
    const rest = await rollout('apply', planFile());
    expect(rest).toMatchObject({ code: 0, stderr: '' });
    expect(rest.stdout).toMatch(/^Applied: (\d+) of \1 people done/);
    const again = await rollout('apply', planFile(), '--json');
    expect(JSON.parse(again.stdout).status).toMatchObject({ waiting: 0, begun: 0 });
  });

  test('verify finds everything as planned', async () => {
    const { code, stdout } = await rollout('verify', planFile());
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('everything is as planned') });
  });

  test('a planned person signs in by SSO as the same user with the same roles; a stranger is out', async () => {
    const people = (await readPeople()).filter((person) => person.prepare !== undefined);
    for (const person of SIZE >= 1_000 ? people : [people[0], people.at(-1)]) {
      const visitor = stage.visitor();
      const n = numberOf(person?.user_id ?? '');
      const answer = await visitor.throughSso(`p${n}`, person?.email ?? '');
      const { claims } = await visitor.redeem(answer);
      expect(claims.sub).toBe(person?.user_id);
      expect(await rolesOf(person?.user_id ?? '')).toEqual(person?.roles ?? []);
    }
    const refused = await stage.visitor().throughSso('sam', 'sam@acme.example');
    expect(refused.url.searchParams.get('error')).toBe('access_denied');
  });

  test('rollback leaves those who signed in to a decision, then everything is as before', async () => {
    const first = await rollout('rollback', planFile());
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('Signed in by SSO meanwhile');
    const second = await rollout('rollback', planFile(), '--used', 'undo');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const { rows } = await stage.instance.database.pool.query(
      `select count(*)::int as n from identities where connection_id = $1 and user_id like 'auth0|company%'`,
      [stage.cast.acme.connectionId],
    );
    // Those of the classes linked, prepared and other_subject were there before.
    expect(rows[0].n).toBe(6);
  });
});
