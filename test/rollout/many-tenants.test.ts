/** Rollouts to connections that limit a plan, and the words of the plan: Entra for many tenants, and one that a customer made. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guidOf } from '../support/providers.js';
import { type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 20);
  const { api } = stage.instance;
  const options = { useCommonEndpoint: true, client_id: 'c', client_secret: 's' };
  const body = { name: 'acme-microsoft', strategy: 'waad', options };
  const { id } = await api('POST', '/connections?check_discovery=false', body);
  await api('POST', `/organizations/${stage.cast.acme.id}/enabled_connections`, { connection_id: id });
});
afterAll(() => rig?.stop());

test('planned by address, applied without a refusal, and told', async () => {
  const file = join(rig.folder, 'microsoft.csv');
  const addresses = rig.company.directory
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '');
  const lines = addresses.filter((one) => one !== '').map((one) => `${one},${guidOf(one)}`);
  await writeFile(file, ['email,subject', ...lines].join('\n'));
  const out = join(rig.folder, 'microsoft.jsonl');
  const place = ['--organization', 'acme', '--connection', 'acme-microsoft', '--prove-domain', 'acme.example'];
  const plan = await rig.run('plan', ...place, '--directory', file, '--out', out, '--html', `${out}.html`, '--json');
  expect([plan.stderr, plan.code]).toEqual(['', 0]);
  const { prepare, notes } = JSON.parse(plan.stdout) as { prepare: number; notes: string[] };
  expect(prepare).toBeGreaterThan(0);
  expect(notes).toEqual([expect.stringContaining('Many tenants of Entra sign in over acme-microsoft')]);
  const applied = await rig.run('apply', out, '--json');
  expect([applied.stderr, applied.code]).toEqual([expect.any(String), 0]);
  expect(JSON.parse(applied.stdout)).toMatchObject({ people: { skipped: [], failed: [] }, status: { done: prepare } });
});

test('a connection that a customer made: the plan says to take it over first, until it was', async () => {
  const { api } = stage.instance;
  const { acme } = stage.cast;
  const manage = (value: string | null) =>
    api('PATCH', `/connections/${acme.connectionId}`, { managed_by_organization: value });
  const plan = async (name: string) => {
    const out = join(rig.folder, `${name}.jsonl`);
    const place = ['--organization', 'acme', '--connection', acme.connectionName, '--out', out];
    const made = await rig.run('plan', ...place, '--html', `${out}.html`, '--json');
    expect([made.stderr, made.code]).toEqual(['', 0]);
    return { out, notes: (JSON.parse(made.stdout) as { notes?: string[] }).notes };
  };
  await manage(acme.id);
  const { out, notes } = await plan('customer');
  expect(notes).toEqual([expect.stringMatching(/^A customer’s administrator made .* Take it over first: PATCH /)]);
  expect(await readFile(`${out}.html`, 'utf8')).toContain('Take it over first');
  await manage(null);
  expect((await plan('own')).notes).toBeUndefined();
});
