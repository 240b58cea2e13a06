/**
 * Measures the cost of a post-login Action. Runs the same logins without an Action and with one that does nothing, in
 * turn. Then it measures the first login after a deployment, and logins of other people while the Action of one
 * organization hangs.
 */
import { closedLoop, login } from './load-driver.mjs';
import { ssoScenario } from './logins.js';
import { add, measure, note, type Target } from './measure.js';

const NOTHING = 'exports.onExecutePostLogin = async (event, api) => {};';
/** Returns code that hangs for the people of one organization and does nothing for others. */
const hangsFor = (organization: string) =>
  `exports.onExecutePostLogin = async (event, api) => {
    if (event.organization.id === ${JSON.stringify(organization)}) await new Promise((resolve) => setTimeout(resolve, 1e8));
  };`;

/**
 * Rest of each of the 16 people between two logins. It keeps two processors about half busy, so the figures show the
 * time of the Action, not that of a queue.
 */
const REST_MS = 130;
const DEPLOYMENTS = 10;

/** Measures first logins after a deployment, each of which has to start a process. */
async function measureColdPool(target: Target, run: (index: number) => Promise<{ ok: boolean }>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < DEPLOYMENTS; round++) {
    await target.tenant.bindAction(`${NOTHING} // ${round}`);
    const start = performance.now();
    const { ok } = await run(round);
    times.push(performance.now() - start);
    if (!ok) note('action-cold: a login failed');
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) * 10) / 10;
  add({ name: 'action-cold', p50: at(0.5), p99: at(1) });
}

/** Measures logins of 16 people while `hanging` people of another organization wait in an Action that hangs. */
async function measureBeside(
  target: Target,
  hanging: number,
  load: { name: string; count: number; run: (index: number) => Promise<{ ok: boolean; error?: unknown }> },
): Promise<void> {
  const stuck = ssoScenario(target, 'hanging', target.tenant.hangingOrganization, { prefix: 'stuck' });
  let going = true;
  let came = 0;
  const waiting = Array.from({ length: hanging }, async (_nothing, index) => {
    for (let i = index; going; i += hanging) {
      await login(stuck, i);
      came += 1;
    }
  });
  // Waits until all of them are in the Action.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await measure(target, { ...load, concurrency: 16, first: 1 });
  if (came > 0) note(`${load.name}: ${came} of the people who should hang had an answer meanwhile`);
  going = false;
  await target.tenant.bindAction(undefined);
  await Promise.all(waiting);
}

/**
 * Runs all measurements of Actions. The people have signed in before, so that the commit is the same in every row of
 * the table.
 */
export async function measureActions(target: Target, quick: boolean): Promise<void> {
  const { tenant } = target;
  const count = quick ? 400 : 2_000;
  const scenario = ssoScenario(target, 'action', tenant.openOrganization, { prefix: 'back', users: 100 });
  const run = (index: number) => login(scenario, index);
  await closedLoop(run, { n: 200, c: 8, first: 1 });
  const rounds = [
    ['action-none', undefined],
    ['action-nothing', NOTHING],
  ] as const;
  for (const concurrency of [1, 16]) {
    for (const [name, code] of rounds) {
      await tenant.bindAction(code);
      await closedLoop(run, { n: 100, c: concurrency, first: 1 });
      const n = concurrency === 1 ? Math.ceil(count / 4) : count;
      await measure(target, { name, concurrency, count: n, first: 1, run });
    }
  }
  for (const [name, code] of rounds) {
    await tenant.bindAction(code);
    await closedLoop(run, { n: 100, c: 16, first: 1 });
    await measure(target, { name: `${name}-rested`, concurrency: 16, count, first: 1, restMs: REST_MS, run });
  }
  await measureColdPool(target, run);
  await tenant.bindAction(hangsFor(tenant.hangingOrganization));
  await closedLoop(run, { n: 100, c: 16, first: 1 });
  await measure(target, { name: 'action-nobody-hangs', concurrency: 16, count, first: 1, run });
  await measureBeside(target, 8, { name: 'action-others-hang', count, run });
}
