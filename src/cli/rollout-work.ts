/** `vestibule rollout apply | verify | rollback | status`: a plan and its journal, carried out on the plan's own tenant. */
import { readFile } from 'node:fs/promises';
import { parseEmail } from '../domain/email.js';
import { systemClock } from '../kernel/clock.js';
import { toMessage } from '../kernel/errors.js';
import { randomAlphanumeric, systemEntropy } from '../kernel/ids.js';
import { connectTenant } from '../remote/tenant.js';
import { applyPlan, chooseWork, GroundMoved } from '../rollout/apply.js';
import { findPlace, openTenant, type Purpose } from '../rollout/connect.js';
import {
  type Journal,
  JournalError,
  openJournal,
  readJournal,
  type Standing,
  toJournalFile,
} from '../rollout/journal.js';
import { type Plan, PlanError, parsePlan } from '../rollout/plan-file.js';
import { rollBack } from '../rollout/rollback.js';
import type { Place } from '../rollout/settings.js';
import type { RolloutTenant } from '../rollout/tenant.js';
import { countStatus, isChanged } from '../rollout/totals.js';
import { verifyPlan } from '../rollout/verify.js';
import { CommandError, EXIT, type ExitCode } from './exit.js';
import { createProgress } from './progress.js';
import type { WorkOptions } from './rollout-options.js';
import { formatApply, formatDifferences, formatRollback, formatStatus } from './rollout-report.js';
import { getTenantAccess } from './tenant-access.js';
import type { World } from './world.js';

const MAKE_AGAIN = 'Make it again: vestibule rollout plan.';

async function readPlan(file: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(EXIT.wrongUse, `The plan cannot be read: ${toMessage(error)}.`, MAKE_AGAIN);
  }
  try {
    return parsePlan(text);
  } catch (error) {
    if (error instanceof PlanError) throw new CommandError(EXIT.wrongUse, `${file}: ${error.message}.`, MAKE_AGAIN);
    throw error;
  }
}

/** The tenant of the plan; another one is refused before anything is read there. */
async function reachTenant(
  plan: Plan,
  options: WorkOptions,
  purpose: Purpose,
  world: World,
  enabled: 'enabled' | 'enabled or not' = 'enabled',
): Promise<{ tenant: RolloutTenant; place: Place }> {
  const access = getTenantAccess(options, world.env);
  const { head } = plan;
  if (access.origin !== head.tenant.origin) {
    throw new CommandError(
      EXIT.wrongUse,
      `The plan is for ${head.tenant.origin}, and the credentials are for ${access.origin}.`,
      'Give the domain of the plan, or make a plan for this tenant.',
    );
  }
  const remote = await connectTenant(access, { tries: 8 });
  const place = { organizationId: head.organization.id, connectionId: head.connection.id };
  const target = { ...place, connectionName: head.connection.name, strategy: head.connection.strategy };
  const tenant = openTenant(remote, head.tenant.kind, purpose, target, systemClock);
  // Prepared identities must be removable, also where somebody has disabled the connection since.
  await findPlace(remote, head.organization.id, head.connection.id, enabled);
  return { tenant, place };
}

async function orWrongUse<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof JournalError) throw new CommandError(EXIT.wrongUse, `${error.message}.`, error.advice);
    throw error;
  }
}

/** The journal of the plan as it stands, for commands that write nothing. */
async function lookUp(file: string, plan: Plan): Promise<(id: string) => Standing | undefined> {
  const { standings } = await orWrongUse(readJournal(toJournalFile(file), plan.digest));
  return (id) => standings.get(id);
}

/** Runs `work` with the journal of the plan; it is closed in any case. */
async function withJournal<T>(file: string, plan: Plan, work: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await orWrongUse(openJournal(toJournalFile(file), plan.digest, systemClock));
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

/** The people who are named, as the plan names them. One whom it does not move is refused: it would be done to nobody. */
function toOnly(plan: Plan, { only }: WorkOptions): ReadonlySet<string> | undefined {
  if (only === undefined) return undefined;
  const known = new Set(plan.people.filter(isChanged).flatMap(({ user_id, email }) => [user_id, email]));
  const named = only.map((who) => (known.has(who) ? who : (parseEmail(who) ?? who)));
  const wrong = named.find((who) => !known.has(who));
  if (wrong === undefined) return new Set(named);
  throw new CommandError(
    EXIT.wrongUse,
    `The plan moves nobody who is ${JSON.stringify(wrong)}.`,
    '--only takes an address or a user id of a person with something to prepare, as the plan has it.',
  );
}

/** The first Ctrl-C lets the step under way end. */
function watchStop(world: World): () => boolean {
  let stopped = false;
  void world.untilStopped().then(() => {
    stopped = true;
    world.note('Stopping after the step under way …');
  });
  return () => stopped;
}

function print(world: World, options: WorkOptions, json: unknown, lines: readonly string[]): void {
  if (options.json === true) world.out(JSON.stringify(json, null, 2));
  else for (const line of lines) world.out(line);
}

/** `apply`: 0 when everything of this run is done, 1 when something was skipped, failed or left. */
export async function rolloutApply(file: string, options: WorkOptions, world: World): Promise<ExitCode> {
  const plan = await readPlan(file);
  const only = toOnly(plan, options);
  if (options.dryRun === true) {
    const standing = await lookUp(file, plan);
    const work = chooseWork({ plan, journal: { standing }, only, limit: options.limit });
    const people = work.map(({ user_id, email, prepare }) => ({ user_id, email, prepare }));
    print(world, options, { dry_run: true, people, settings: plan.head.settings }, [
      ...people.map(({ user_id, email }) => `would prepare ${email ?? user_id}`),
      ...plan.head.settings.map(({ id, before, after }) => `would set ${id}: ${String(before)} -> ${String(after)}`),
      `Nothing was written. ${people.length} people would be prepared.`,
    ]);
    return EXIT.done;
  }
  const { tenant, place } = await reachTenant(plan, options, 'write', world);
  const progress = createProgress(world, 'people', systemClock);
  const isStopped = watchStop(world);
  return withJournal(file, plan, async (journal) => {
    try {
      const result = await applyPlan({
        plan,
        tenant,
        place,
        journal,
        only,
        limit: options.limit,
        strict: options.strict === true,
        onProgress: (done, total) => progress.update(done, total),
        isStopped,
      });
      progress.end();
      const status = countStatus(plan, (id) => journal.standing(id));
      print(world, options, { status, ...result }, formatApply(file, plan, status, result, journal, world));
      const isWhole = status.skipped + status.failed + status.begun === 0 && result.moved.length === 0;
      return isWhole && !result.stopped ? EXIT.done : EXIT.no;
    } catch (error) {
      progress.end();
      if (error instanceof GroundMoved) {
        throw new CommandError(
          EXIT.no,
          `Stopped: ${error.message}.`,
          'Make a new plan, or leave out --strict to skip them.',
        );
      }
      world.note(`Interrupted. Run it again, and it goes on: vestibule rollout apply ${file}`);
      throw error;
    }
  });
}

/** `rollback`: 0 when everything is as before, 1 when people or settings wait for a decision. */
export async function rolloutRollback(file: string, options: WorkOptions, world: World): Promise<ExitCode> {
  const plan = await readPlan(file);
  const only = toOnly(plan, options);
  const { tenant, place } = await reachTenant(plan, options, 'write', world, 'enabled or not');
  const progress = createProgress(world, 'people', systemClock);
  const isStopped = watchStop(world);
  return withJournal(file, plan, async (journal) => {
    const result = await rollBack({
      plan,
      tenant,
      place,
      journal,
      only,
      used: options.used,
      onProgress: (done, total) => progress.update(done, total),
      isStopped,
    });
    progress.end();
    const status = countStatus(plan, (id) => journal.standing(id));
    print(world, options, { status, ...result }, formatRollback(file, plan, status, result, world));
    const isWhole = result.undecided.length + result.moved.length === 0 && !result.stopped;
    return isWhole ? EXIT.done : EXIT.no;
  });
}

/** `verify`: 0 when everything is as planned, 1 when something differs. */
export async function rolloutVerify(file: string, options: WorkOptions, world: World): Promise<ExitCode> {
  const plan = await readPlan(file);
  const standing = await lookUp(file, plan);
  const { tenant, place } = await reachTenant(plan, options, 'read', world);
  const progress = createProgress(world, 'people', systemClock);
  const result = await verifyPlan({
    plan,
    tenant,
    place,
    standing,
    stranger: `stranger-${randomAlphanumeric(systemEntropy, 10).toLowerCase()}`,
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.end();
  print(world, options, result, formatDifferences(result, world));
  return result.differences.length === 0 ? EXIT.done : EXIT.no;
}

/** `status`: reads the plan and its journal, asks no tenant. */
export async function rolloutStatus(file: string, options: WorkOptions, world: World): Promise<ExitCode> {
  const plan = await readPlan(file);
  const look = await lookUp(file, plan);
  const status = countStatus(plan, look);
  const settings = plan.head.settings.map((change) => ({
    ...change,
    mark: look(`setting:${change.id}`)?.mark ?? 'waiting',
  }));
  print(world, options, { status, settings }, formatStatus(file, plan, status, settings, look, world));
  return EXIT.done;
}
