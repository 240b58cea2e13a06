/**
 * A plan says for each person what a second factor changes, and counts them; the people then sign in as it said.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlanHead, PlanPerson } from '../../src/tenant-tools/rollout/plan-file.js';
import { runVestibule } from '../cli/run-vestibule.js';
import { addCompany, type Company, numberOf } from '../support/company.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
let company: Company;
let folder: string;
let who: Readonly<Record<'app' | 'bare' | 'key' | 'paper' | 'linked' | 'moved' | 'left' | 'blocked', string>>;

const query = (text: string, values: unknown[]) => stage.instance.database.pool.query(text, values);
const acme = (mfa: string) => stage.instance.api('PATCH', `/organizations/${stage.cast.acme.id}`, { mfa });

async function give(userId: string, ...kinds: string[]): Promise<void> {
  for (const kind of kinds)
    await query(
      `insert into factors (user_id, id, kind, created_at, confirmed_at, vouched_by) values ($1, $2, $2, now(), now(), 'mail')`,
      [userId, kind],
    );
  await query('update users set factors_revision = 1 where user_id = $1', [userId]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-factor-'));
  company = await addCompany(stage.instance.database.pool, stage.cast, 60);
  Object.assign(stage.cast.people, company.people);
  await writeFile(join(folder, 'people.csv'), company.directory);
  const { silent = [], linked = [], not_in_directory: left = [], blocked = [] } = company.expected;
  const [app = '', bare = '', key = '', paper = ''] = silent;
  who = {
    app,
    bare,
    key,
    paper,
    linked: linked[0] ?? '',
    moved: linked[1] ?? '',
    left: left[0] ?? '',
    blocked: blocked[0] ?? '',
  };
  await give(app, 'otp', 'recovery-code');
  await give(key, 'webauthn-roaming');
  await give(paper, 'recovery-code');
  await give(who.linked, 'otp');
  // Their password ended when they were moved: the company is their only way in.
  await query(`update password_credentials set hash = '!' where user_id = $1`, [who.moved]);
  for (const name of ['otp', 'recovery-code'])
    await stage.instance.api('PUT', `/guardian/factors/${name}`, { enabled: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function plan(...more: string[]) {
  const out = join(folder, 'plan.jsonl');
  const files = ['--directory', join(folder, 'people.csv'), '--out', out, '--html', join(folder, 'plan.html')];
  const env = {
    VESTIBULE_URL: stage.instance.origin,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
  };
  const args = ['rollout', 'plan', '--organization', 'acme', '--connection', 'acme-oidc', ...files, ...more];
  const { code, stdout } = await runVestibule(args, env);
  expect(code).toBe(0);
  const [head, ...people] = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const lines = people.slice(0, -1) as PlanPerson[];
  const effects = Object.fromEntries(
    Object.entries(who).map(([name, id]) => [name, lines.find((one) => one.user_id === id)?.second_factor]),
  );
  return { stdout, head: head as PlanHead, lines, effects };
}

function countOf(lines: readonly PlanPerson[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { second_factor: effect } of lines) if (effect !== undefined) counts[effect] = (counts[effect] ?? 0) + 1;
  return counts;
}

test('an organization that asks everybody: each kind of person, and the numbers', async () => {
  await acme('required');
  const { stdout, head, lines, effects } = await plan();
  expect(effects).toEqual({
    app: 'asked',
    bare: 'refused',
    key: 'asked',
    paper: 'refused',
    linked: 'asked',
    moved: 'sets_up',
    left: 'sets_up',
    blocked: undefined,
  });
  expect(head.second_factor).toEqual({ asks: 'everybody', people: countOf(lines) });
  expect(stdout).toMatch(/^ *3 +asked for their factor /m);
  expect(stdout).toContain('refused without one');
  expect(await readFile(join(folder, 'plan.html'), 'utf8')).toContain('<table id="factors">');
  expect(JSON.parse((await plan('--json')).stdout).second_factor).toEqual(head.second_factor);
});

test('the people sign in at the company as the plan said', async () => {
  const signIn = (id: string) => stage.visitor().throughSso(`p${numberOf(id)}`, `p${numberOf(id)}@acme.example`);
  expect(wordsOf(await signIn(who.app))).toContain('Confirm that it is you');
  expect(wordsOf(await signIn(who.moved))).toContain('Set up a second step');
  expect(wordsOf(await signIn(who.bare))).toContain('A second step is missing');
});

test('the company is believed: nobody is asked there, but before an identity is bound', async () => {
  await acme('required_unless_idp');
  const { head, lines, effects } = await plan();
  expect(effects).toEqual({
    app: 'asked',
    bare: 'company_checks',
    key: 'asked',
    paper: 'company_checks',
    linked: 'company_checks',
    moved: 'company_checks',
    left: 'sets_up',
    blocked: undefined,
  });
  expect(head.second_factor).toEqual({ asks: 'unless_company', people: countOf(lines) });
});

test('nobody asks: those with a factor pass it once, at the binding', async () => {
  await acme('none');
  const { head, lines, effects } = await plan();
  expect(effects).toMatchObject({ app: 'asked', bare: 'not_asked', linked: 'not_asked', left: 'not_asked' });
  expect(head.second_factor).toEqual({ asks: 'nobody', people: countOf(lines) });
  expect(countOf(lines).asked).toBe(2);
});
