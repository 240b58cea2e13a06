/** A rollout to a connection of Entra for many tenants: no subject of the directory is prepared, addresses are, and the plan says so. */
import { writeFile } from 'node:fs/promises';
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
