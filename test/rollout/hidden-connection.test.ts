/** A connection that its organization hides: no address leads there, so a rollout that leads a domain to it shows it, last except for the password. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runVestibule } from '../cli/run-vestibule.js';
import { MANAGEMENT_CLIENT } from '../support/instance.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-hidden-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const enablement = () => `/organizations/${stage.cast.acme.id}/enabled_connections/${stage.cast.acme.connectionId}`;
/** A plan that was applied is not written over. */
const file = (name = 'plan') => join(folder, `${name}.jsonl`);

async function rollout(...args: string[]) {
  const { stdout, stderr, code } = await runVestibule(['rollout', ...args, '--json'], {
    VESTIBULE_URL: stage.instance.origin,
    VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}
const plan = (...more: string[]) =>
  rollout('plan', '--organization', 'acme', '--connection', 'acme-oidc', '--out', file(), ...more);

test('a shown connection is left as it is', async () => {
  const { settings } = await plan('--alias', 'new.example');
  expect(settings.map(({ id }: { id: string }) => id)).toEqual(['alias:new.example']);
});

test('a hidden one is shown after the people and the domain, and hidden again by the rollback', async () => {
  await stage.instance.api('PATCH', enablement(), { show_as_button: false });
  const { settings } = await plan('--alias', 'new.example');
  expect(settings).toMatchObject([
    { id: 'alias:new.example', phase: 'close' },
    { id: 'show_as_button', phase: 'close', before: false, after: true },
  ]);
  const isShown = async () => (await stage.instance.api(`GET`, enablement())).show_as_button;
  await rollout('apply', file());
  expect(await isShown()).toBe(true);
  await rollout('rollback', file());
  expect(await isShown()).toBe(false);
});

test('without a domain to lead there it stays hidden', async () => {
  const { settings } = await plan('--auto-membership', 'on', '--out', file('other'));
  expect(settings.map(({ id }: { id: string }) => id)).toEqual(['auto_membership']);
});
