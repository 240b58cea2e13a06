/**
 * Plays story 13: fifty people of Globex are planned, moved, verified and moved back. Uses the rollout's own library
 * against the running server over its Management API. Plan and journal are in the data directory. Decides nothing about
 * any login.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../../src/compose/server.js';
import { systemClock } from '../../src/kernel/clock.js';
import { randomAlphanumeric, systemEntropy } from '../../src/kernel/ids.js';
import { connectTenant, type RemoteTenant } from '../../src/tenant-tools/remote/tenant.js';
import { applyPlan } from '../../src/tenant-tools/rollout/apply.js';
import type { Ground } from '../../src/tenant-tools/rollout/classify.js';
import { findPlace, openTenant } from '../../src/tenant-tools/rollout/connect.js';
import { parseDirectory } from '../../src/tenant-tools/rollout/directory-file.js';
import { type Journal, openJournal, readJournal } from '../../src/tenant-tools/rollout/journal.js';
import { makePlan } from '../../src/tenant-tools/rollout/make-plan.js';
import { type Plan, parsePlan, toPlanLines } from '../../src/tenant-tools/rollout/plan-file.js';
import { rollBack } from '../../src/tenant-tools/rollout/rollback.js';
import { type Place, writeSettings } from '../../src/tenant-tools/rollout/settings.js';
import type { RolloutTenant } from '../../src/tenant-tools/rollout/tenant.js';
import { countStatus } from '../../src/tenant-tools/rollout/totals.js';
import { verifyPlan } from '../../src/tenant-tools/rollout/verify.js';
import { signInAt } from '../actions/walker.js';
import type { Addresses } from '../addresses.js';
import { GLOBEX, listEmployees, STRANGERS, toDirectory } from '../company/employees.js';
import { dismissPeople, hirePeople } from '../company/hire.js';
import { compare, type LedgerRow, type Snapshot, snapshot } from '../ledger.js';
import type { Operator, Tenant } from '../operator.js';
import { nothingBut } from '../stage/judge.js';
import { judgeBack, judgeStopped, judgeVisits } from './judge.js';
import type { RolloutState, Visit } from './state.js';

export interface RolloutDeps {
  readonly server: Pick<Server, 'pool'>;
  readonly operator: Operator;
  readonly tenant: Tenant;
  readonly addresses: Addresses;
  /** The demo's data directory. */
  readonly dataDir: string;
}

export const COUNT = 50;
/** People in a call. The command uses a thousand; with a tenth of the company readers can watch the progress. */
const BATCH = 5;
/** Number of the call after which the tool is stopped, before its journal records the answer. */
const FATAL_CALL = 4;
/** Numbers of the people who sign in after the rollout: an editor, and two approvers. */
const VISITORS = [1, 5, 10];

class Stopped extends Error {}

/** Data that the steps of one play pass on. */
interface Stage {
  readonly deps: RolloutDeps;
  readonly state: RolloutState;
  readonly remote: RemoteTenant;
  readonly place: Place;
  readonly tenant: RolloutTenant;
  readonly file: string;
}

async function openStage(deps: RolloutDeps, state: RolloutState, paceMs: number): Promise<Stage> {
  const { origin, client } = deps.operator;
  const remote = await connectTenant({ origin, clientId: client.id, clientSecret: client.secret }, { tries: 3 });
  const found = await findPlace(remote, GLOBEX.name, GLOBEX.connection);
  const place = { organizationId: found.organization.id, connectionId: found.connection.id };
  const target = { ...place, connectionName: found.connection.name, strategy: found.connection.strategy };
  const tenant = openTenant(remote, 'vestibule', 'write', target, systemClock);
  const folder = join(deps.dataDir, 'story-13');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const slowly: RolloutTenant = {
    ...tenant,
    batch: BATCH,
    async prepare(subjects, journal) {
      await sleep(paceMs);
      await tenant.prepare(subjects, journal);
    },
    async undo(people, journal, used) {
      await sleep(paceMs);
      await tenant.undo(people, journal, used);
    },
  };
  return { deps, state, remote, place, tenant: slowly, file: join(folder, 'rollout.jsonl') };
}

/**
 * Creates Globex before its move: fifty people with passwords, auto-membership on, nobody led to the company's sign-in.
 */
async function hire({ deps, remote, place, state }: Stage): Promise<void> {
  const { operator, tenant } = deps;
  const settings = {
    sso_rollout: 'optional',
    show_as_button: false,
    [`alias:${GLOBEX.domain}`]: false,
    [`domain:${GLOBEX.domain}`]: null,
  };
  const wanted = Object.entries({ ...settings, auto_membership: true });
  for (const [id, value] of wanted) await writeSettings(remote, place, [{ id, value }]);
  await dismissPeople(operator, tenant.globexId);
  const workplace = { organizationId: tenant.globexId, otherId: tenant.acmeId, ...tenant };
  await hirePeople(operator, workplace, COUNT, (done) => state.progress('hire', done, COUNT));
}

async function plan({ remote, place, tenant, file }: Stage): Promise<Plan> {
  const found = await findPlace(remote, GLOBEX.name, GLOBEX.connection);
  const directory = parseDirectory(toDirectory(COUNT)).entries;
  const domains = new Set([GLOBEX.domain]);
  const ground: Ground = { kind: 'vestibule', directory, domains, provedDomains: domains, overruled: new Set() };
  const { head, lines } = await makePlan({
    tenant,
    place,
    ground,
    wanted: {
      [`domain:${GLOBEX.domain}`]: 'verified',
      [`alias:${GLOBEX.domain}`]: true,
      show_as_button: true,
      auto_membership: false,
    },
    allowLockout: false,
    onProgress: () => {},
    head: {
      made_at: systemClock.now().toISOString(),
      tenant: { origin: remote.origin, kind: 'vestibule' },
      organization: found.organization,
      connection: found.connection,
      directory: { file: 'people.csv', people: directory.size },
    },
  });
  await writeFile(file, [...toPlanLines(head, lines), ''].join('\n'));
  return parsePlan(await readFile(file, 'utf8'));
}

/** Wraps the journal so that the page shows each mark as soon as it is written. */
function watched(journal: Journal, state: RolloutState): Journal {
  return {
    ...journal,
    async append(...entries) {
      await journal.append(...entries);
      for (const { ids, mark } of entries) for (const id of ids) state.marks.set(id, mark);
    },
  };
}

/**
 * Wraps the journal so that the tool stops at the worst moment: the server has prepared people, and the journal does
 * not record it.
 */
function stopping(journal: Journal): Journal {
  let calls = 0;
  return {
    ...journal,
    append(...entries) {
      const isAnswer = entries.some(({ ids, mark }) => mark === 'done' && ids.some((id) => !id.startsWith('setting:')));
      if (isAnswer) calls += 1;
      if (calls >= FATAL_CALL) return Promise.reject(new Stopped());
      return journal.append(...entries);
    },
  };
}

async function withJournal<T>(stage: Stage, made: Plan, work: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await openJournal(`${stage.file}.journal`, made.digest, systemClock);
  try {
    return await work(watched(journal, stage.state));
  } finally {
    await journal.close();
  }
}

function apply(stage: Stage, made: Plan, step: 'apply' | 'resume', wrap: (journal: Journal) => Journal) {
  const { tenant, place, state } = stage;
  const onProgress = (done: number, total: number) => state.progress(step, done, total);
  const order = {
    plan: made,
    tenant,
    place,
    only: undefined,
    limit: undefined,
    strict: true,
    allowLockout: false,
    onProgress,
  };
  return withJournal(stage, made, async (journal) => {
    try {
      await applyPlan({ ...order, journal: wrap(journal), isStopped: () => false });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
    return countStatus(made, (id) => journal.standing(id));
  });
}

async function visit({ deps, state }: Stage): Promise<readonly Visit[]> {
  const { addresses, tenant } = deps;
  const door = { organizationId: tenant.globexId, idp: addresses.globexIdp };
  const people = [...listEmployees(COUNT).filter(({ number }) => VISITORS.includes(number)), ...STRANGERS.slice(0, 1)];
  const visits: Visit[] = [];
  for (const person of people) {
    const arrival = await signInAt(addresses, door, { ...person, key: person.login });
    const seen = { person, ...arrival };
    visits.push(seen);
    state.visits.set(person.email, seen);
    state.progress('visit', visits.length, people.length);
  }
  return visits;
}

function undo(stage: Stage, made: Plan) {
  const { tenant, place, state } = stage;
  const onProgress = (done: number, total: number) => state.progress('rollback', done, total);
  const choice = { only: undefined, used: 'undo' as const, allowLockout: false };
  const order = { plan: made, tenant, place, ...choice, onProgress, isStopped: () => false };
  return withJournal(stage, made, (journal) => rollBack({ ...order, journal }));
}

/** Plays the story from beginning to end; `state` has its progress. Passes on errors of the server and the tool. */
export async function playRollout(deps: RolloutDeps, state: RolloutState, paceMs: number): Promise<void> {
  const { pool } = deps.server;
  const stage = await openStage(deps, state, paceMs);
  const look = async (before: Snapshot): Promise<readonly LedgerRow[]> => compare(before, await snapshot(pool));
  await state.step('hire', async () => {
    await hire(stage);
    return [];
  });
  const before = await snapshot(pool);
  const made = await state.step<Plan>('plan', async (keep) => {
    const found = keep(await plan(stage));
    state.plan = found;
    return [
      { says: 'Planning wrote nothing: every table is as it was.', ok: nothingBut(await look(before), ['logs']) },
    ];
  });
  await state.step('apply', async () =>
    judgeStopped(await apply(stage, made, 'apply', stopping), await look(before), BATCH),
  );
  await state.step('resume', async () => {
    const { done, skipped, failed } = await apply(stage, made, 'resume', (journal) => journal);
    const whole = done === made.head.prepare && skipped + failed === 0;
    return [{ says: 'Run again, it goes on where it was: everybody is moved, nobody twice.', ok: whole }];
  });
  await state.step('verify', async () => {
    const stranger = `stranger-${randomAlphanumeric(systemEntropy, 10).toLowerCase()}`;
    const { tenant, place } = stage;
    const { standings } = await readJournal(`${stage.file}.journal`, made.digest);
    const standing = (id: string) => standings.get(id);
    const onProgress = (done: number, total: number) => state.progress('verify', done, total);
    const { differences } = await verifyPlan({ plan: made, tenant, place, standing, stranger, onProgress });
    return [
      { says: 'Asked for everybody, and for strangers: everything is as planned.', ok: differences.length === 0 },
    ];
  });
  const moved = await snapshot(pool);
  await state.step('visit', async () => judgeVisits(await visit(stage)));
  const visited = compare(moved, await snapshot(pool));
  await state.step('rollback', async () => {
    const { undecided, moved: changed } = await undo(stage, made);
    state.ledger = await look(before);
    return judgeBack(state.ledger, visited, undecided.length + changed.length, VISITORS.length);
  });
}
