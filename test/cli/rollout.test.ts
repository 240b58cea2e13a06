/** Wrong use of `vestibule rollout`, and its machine output: what is wrong is said before the first write, in one line with the remedy. */
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isWrite, type Treatment } from '../support/api-proxy.js';
import { diffSnapshots } from '../support/database.js';
import { type RolloutRig, settle, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';
import { runVestibule } from './run-vestibule.js';

const stage = useStage();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 20);
  await rig.makePlan('--auto-membership', 'off');
});
afterAll(() => rig?.stop());
afterEach(() => rig.reset());

const planFor = (...more: string[]) =>
  rig.run(
    'plan',
    '--organization',
    'acme',
    '--connection',
    'acme-oidc',
    '--out',
    join(rig.folder, 'new.jsonl'),
    ...more,
  );

function expectWrong(run: { code: number | null; stdout: string; stderr: string }, says: string): void {
  expect(run.stderr).toContain(says);
  expect(run.stderr).not.toMatch(/^ {4}at /m);
  expect(run.stderr).not.toContain(rig.env.VESTIBULE_MANAGEMENT_CLIENT_SECRET);
  expect(run.stdout).toBe('');
  expect(run.code).toBe(2);
}

/** Runs `work`, which must write nothing on the tenant; that a client signed in is counted there and logged. */
async function expectNoWrite(work: () => Promise<void>): Promise<void> {
  const before = settle(await rig.snapshot(), 'somebody signed in');
  await work();
  expect(rig.proxy.seen.filter(isWrite)).toEqual([]);
  expect(diffSnapshots(before, settle(await rig.snapshot(), 'somebody signed in'))).toEqual({});
}

describe('help', () => {
  test.each([['plan'], ['apply'], ['status'], ['verify'], ['rollback']])(
    'rollout %s --help fits one screen of 80 x 24',
    async (name) => {
      const run = await rig.run(name, '--help');
      const lines = run.stdout.trimEnd().split('\n');
      expect(run.code).toBe(0);
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
  );

  test('a real process: rollout alone is wrong use', async () => {
    expectWrong(await runVestibule(['rollout']), 'Usage: vestibule rollout');
  });
});

describe('wrong use of plan', () => {
  test.each([
    { args: ['plan', '--connection', 'acme-oidc'], says: "'--organization <name>' not specified" },
    { args: ['plan', '--organization', 'acme'], says: "'--connection <name>' not specified" },
    {
      args: ['plan', '--organization', 'acme', '--connection', 'c', '--prove-domain', 'gmail.com'],
      says: 'gmail.com gives mailboxes to the public',
    },
    {
      args: ['plan', '--organization', 'acme', '--connection', 'c', '--alias', 'co.uk'],
      says: 'co.uk is an ending under which the public gets names',
    },
    { args: ['plan', '--organization', 'acme', '--connection', 'c', '--alias', 'a b'], says: 'It takes a domain' },
    { args: ['plan', '--organization', 'acme', '--connection', 'c', '--sso-rollout', 'on'], says: 'required' },
    { args: ['apply'], says: "missing required argument 'plan'" },
    { args: ['apply', 'absent.jsonl'], says: 'The plan cannot be read' },
    { args: ['apply', 'p', '--limit', '0'], says: 'from 1' },
    { args: ['rollback', 'p', '--used', 'maybe'], says: 'keep, undo' },
    { args: ['move', 'p'], says: "unknown command 'move'" },
  ])('case=$says', async ({ args, says }) => {
    expectWrong(await rig.run(...args), says);
  });

  test('unknown organization, connection, a database, one that is not enabled', async () => {
    await expectNoWrite(async () => {
      const run = (organization: string, connection: string) =>
        rig.run('plan', '--organization', organization, '--connection', connection);
      expectWrong(await run('nobody', 'acme-oidc'), 'no organization "nobody"');
      expectWrong(await run('acme', 'nobody'), 'no connection named "nobody"');
      expectWrong(await run('acme', 'Username-Password-Authentication'), 'no company signs in there');
      expectWrong(await run('elsewhere', 'acme-oidc'), 'is not enabled for elsewhere');
    });
  });

  test('every bad line of the directory is listed with its number, and nothing is asked', async () => {
    const file = join(rig.folder, 'bad.csv');
    const lines = ['email,subject,active', 'p1@acme.example,s1,true', 'no address,s2,true', 'p3@acme.example,s1,true'];
    await writeFile(
      file,
      [...lines, 'p4@acme.example,s4,perhaps', 'p1@acme.example,s5,true', '"open,s6,true'].join('\n'),
    );
    const run = await planFor('--directory', file);
    expectWrong(run, '5 bad lines in');
    for (const number of [3, 4, 5, 6, 7]) expect(run.stderr).toContain(`${file}:${number}: `);
    expect(run.stderr).not.toContain(`${file}:2: `);
    expect(rig.proxy.seen).toEqual([]);
  });

  test('a folder that is not there is said before anything is read', async () => {
    const out = join(rig.folder, 'absent', 'plan.jsonl');
    expectWrong(
      await rig.run('plan', '--organization', 'acme', '--connection', 'acme-oidc', '--out', out),
      'cannot be written',
    );
    expect(rig.proxy.seen).toEqual([]);
  });

  test('a plan that was applied is not overwritten', async () => {
    await rig.run('apply', rig.planFile, '--limit', '1');
    const before = await readFile(rig.planFile, 'utf8');
    const args = ['--organization', 'acme', '--connection', 'acme-oidc', '--out', rig.planFile];
    expectWrong(await rig.run('plan', ...args), 'nothing can be rolled back');
    expect(await readFile(rig.planFile, 'utf8')).toBe(before);
    await rig.run('rollback', rig.planFile);
  });
});

describe('a client without the scopes', () => {
  const FEW = ['read:organizations', 'read:users'];
  let env: Record<string, string>;
  beforeAll(async () => {
    const { api } = stage.instance;
    const client = await api('POST', '/clients', { name: 'Narrow', app_type: 'non_interactive' });
    const audience = `${stage.instance.origin}/api/v2/`;
    await api('POST', '/client-grants', { client_id: client.client_id, audience, scope: FEW });
    env = {
      ...rig.env,
      VESTIBULE_MANAGEMENT_CLIENT_ID: String(client.client_id),
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: String(client.client_secret),
    };
  });

  test('plan and apply name what is missing, before the first write', async () => {
    await expectNoWrite(async () => {
      const plan = [
        'plan',
        '--organization',
        'acme',
        '--connection',
        'acme-oidc',
        '--out',
        join(rig.folder, 'x.jsonl'),
      ];
      for (const args of [plan, ['apply', rig.planFile], ['rollback', rig.planFile]]) {
        const run = await runVestibule(['rollout', ...args], env);
        expectWrong(run, 'The client lacks');
        expect(run.stderr).toContain('read:organization_members');
        expect(run.stderr.includes('update:users')).toBe(args[0] !== 'plan');
        for (const scope of FEW) expect(run.stderr).not.toContain(`${scope} `);
      }
    });
  }, 60_000);
});

describe('a plan that does not fit', () => {
  const file = () => join(rig.folder, 'other.jsonl');
  const change = async (edit: (text: string) => string) =>
    writeFile(file(), edit(await readFile(rig.planFile, 'utf8')));

  test.each([
    {
      name: 'changed',
      edit: (text: string) => text.replace('p13@acme.example', 'p14@acme.example'),
      says: 'was changed',
    },
    { name: 'cut', edit: (text: string) => text.split('\n').slice(0, -2).join('\n'), says: 'was cut off' },
    {
      name: 'of another version',
      edit: (text: string) => text.replace('"vestibule_rollout":1', '"vestibule_rollout":2'),
      says: 'has version 2',
    },
    { name: 'no plan', edit: () => '{"a":1}\n{"b":2}\n', says: 'is no plan' },
    { name: 'empty', edit: () => '', says: 'is no plan' },
  ])('case=$name', async ({ edit, says }) => {
    await change(edit);
    await expectNoWrite(async () => {
      for (const name of ['apply', 'rollback', 'verify', 'status']) expectWrong(await rig.run(name, file()), says);
    });
    expect(rig.proxy.seen).toEqual([]);
  });

  test('of another tenant: nothing is asked there', async () => {
    const elsewhere = { ...rig.env, VESTIBULE_URL: stage.instance.origin };
    const run = await runVestibule(['rollout', 'apply', rig.planFile], elsewhere);
    expectWrong(run, `The plan is for ${rig.proxy.origin}`);
  });

  test('with the journal of another plan', async () => {
    await rig.run('apply', rig.planFile, '--limit', '1');
    await planFor();
    await copyFile(`${rig.planFile}.journal`, join(rig.folder, 'new.jsonl.journal'));
    for (const name of ['apply', 'rollback', 'verify', 'status']) {
      expectWrong(await rig.run(name, join(rig.folder, 'new.jsonl')), 'is the journal of another plan');
    }
    await rm(join(rig.folder, 'new.jsonl.journal'));
    await rig.run('rollback', rig.planFile);
  });

  test('--only with somebody whom the plan does not move', async () => {
    for (const name of ['apply', 'rollback'])
      expectWrong(await rig.run(name, rig.planFile, '--only', 'nobody@acme.example'), 'moves nobody who is');
    expect(rig.proxy.seen).toEqual([]);
    const moved = rig.plan().people.find((person) => person.prepare !== undefined);
    const run = await rig.run('apply', rig.planFile, '--only', moved?.email?.toUpperCase() ?? '', '--json');
    expect(JSON.parse(run.stdout).status).toMatchObject({ done: 1 });
    await rig.run('rollback', rig.planFile);
  });
});

test('two at once: the second is refused while the first works', async () => {
  let goOn = (): void => {};
  const isHeld = new Promise<void>((held) => {
    rig.proxy.treat = async ({ path }): Promise<Treatment> => {
      if (path.includes('/people')) {
        held();
        await new Promise<void>((resolve) => (goOn = resolve));
      }
      return 'pass';
    };
  });
  const first = rig.start('apply', rig.planFile);
  await isHeld;
  rig.proxy.treat = () => 'pass';
  const second = await rig.run('apply', rig.planFile);
  expectWrong(second, `process ${first.process.pid} works on this plan`);
  goOn();
  expect((await first.ended).code).toBe(0);
  expect((await rig.run('rollback', rig.planFile)).code).toBe(0);
}, 60_000);

async function countIdentities(): Promise<unknown> {
  return (await stage.instance.database.pool.query('select count(*) from identities')).rows;
}

test('a connection that was disabled since: apply is refused, rollback still takes back', async () => {
  const { api } = stage.instance;
  const path = `/organizations/${stage.cast.acme.id}/enabled_connections`;
  const before = await countIdentities();
  await rig.run('apply', rig.planFile);
  await api('DELETE', `${path}/${stage.cast.acme.connectionId}`);
  expectWrong(await rig.run('apply', rig.planFile), 'is not enabled');
  const back = await rig.run('rollback', rig.planFile, '--json');
  expect(JSON.parse(back.stdout)).toMatchObject({ status: { waiting: 0, done: 0 }, moved: [{ now: null }] });
  expect(back.code).toBe(1);
  await api('POST', path, { connection_id: stage.cast.acme.connectionId, assign_membership_on_login: true });
  expect(await countIdentities()).toEqual(before);
});

test('--json is pure JSON on stdout, for each command', async () => {
  const out = join(rig.folder, 'json.jsonl');
  const plan = [
    'plan',
    '--organization',
    'acme',
    '--connection',
    'acme-oidc',
    '--out',
    out,
    '--auto-membership',
    'off',
  ];
  const runs = [
    await rig.run(...plan, '--directory', join(rig.folder, 'people.csv'), '--json'),
    await rig.run('apply', out, '--dry-run', '--json'),
    await rig.run('apply', out, '--limit', '2', '--json'),
    await rig.run('apply', out, '--json'),
    await rig.run('status', out, '--json'),
    await rig.run('verify', out, '--json'),
    await rig.run('rollback', out, '--json'),
  ];
  for (const run of runs) {
    expect(run.stderr).toBe('');
    expect(typeof JSON.parse(run.stdout)).toBe('object');
  }
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('attack=the name of an organization obeyed by a terminal: plan, apply, status, verify and rollback', async () => {
  const path = `/organizations/${stage.cast.acme.id}`;
  const { display_name: before } = await stage.instance.api('GET', path);
  const name = 'Acme\u001b[2J\u009b31m\u202e\nDone: everything is as planned.';
  await stage.instance.api('PATCH', path, { display_name: name });
  try {
    const file = join(rig.folder, 'hostile.jsonl');
    const steps = [
      ['apply', file, '--limit', '1'],
      ['status', file],
      ['verify', file],
      ['rollback', file],
    ];
    const plan = await rig.run('plan', '--organization', 'acme', '--connection', 'acme-oidc', '--out', file);
    const runs = [plan];
    for (const step of steps) runs.push(await rig.run(...step));
    expect(plan.stdout).toContain('Acme·[2J·31m··Done');
    for (const { stdout, stderr } of runs)
      expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toMatch(/^Done: everything/m);
  } finally {
    await stage.instance.api('PATCH', path, { display_name: before });
  }
});
