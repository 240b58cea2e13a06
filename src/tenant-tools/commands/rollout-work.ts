/** `vestibule rollout apply | verify | rollback | status`: runs a plan with its journal on the plan's own tenant. */
import { readFile } from 'node:fs/promises';
import { parseEmail } from '../../domain/people/email.js';
import { systemClock } from '../../kernel/clock.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { randomAlphanumeric, systemEntropy } from '../../kernel/ids.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import { printJson } from '../../terminal/lines.js';
import { createProgress, type Progress } from '../../terminal/progress.js';
import type { Terminal } from '../../terminal/terminal.js';
import { connectTenant } from '../remote/tenant.js';
import { applyPlan, chooseWork } from '../rollout/apply.js';
import { GroundMoved } from '../rollout/apply-settings.js';
import { findPlace, openTenant, type Purpose } from '../rollout/connect.js';
import { type Journal, openJournal, readJournal, type Standing, toJournalFile } from '../rollout/journal.js';
import { type Plan, PlanError, parsePlan } from '../rollout/plan-file.js';
import { DoorShut, rollBack } from '../rollout/rollback.js';
import type { Place } from '../rollout/settings.js';
import type { RolloutTenant } from '../rollout/tenant.js';
import { countStatus, isChanged } from '../rollout/totals.js';
import { verifyPlan } from '../rollout/verify.js';
import { toJournalEnd } from './journal-end.js';
import type { WorkOptions } from './rollout-options.js';
import {
  formatApply,
  formatDifferences,
  formatRehearsal,
  formatRollback,
  formatStatus,
  listNotes,
  listOpen,
  wrapNotes,
} from './rollout-report.js';
import { getTenantAccess } from './tenant-access.js';

const MAKE_AGAIN = 'Make it again: vestibule rollout plan.';

async function readPlan(file: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(EXIT.wrongUse, `The plan cannot be read: ${toFileReason(error, 'read', file)}.`, MAKE_AGAIN);
  }
  try {
    return parsePlan(text);
  } catch (error) {
    if (error instanceof PlanError) throw new CommandError(EXIT.wrongUse, `${file}: ${error.message}.`, MAKE_AGAIN);
    throw error;
  }
}

/** Connects to the plan's tenant; refuses another one before anything is read there. */
async function reachTenant(
  plan: Plan,
  options: WorkOptions,
  purpose: Purpose,
  terminal: Terminal,
  enabled: 'enabled' | 'enabled or not' = 'enabled',
): Promise<{ tenant: RolloutTenant; place: Place }> {
  const access = getTenantAccess(options, terminal.env);
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
  // A rollback must remove prepared identities even if the connection has been disabled since.
  await findPlace(remote, head.organization.id, head.connection.id, enabled);
  return { tenant, place };
}

async function orJournalEnd<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toJournalEnd(error);
  }
}

/** Reads the plan's journal, for commands that write nothing. */
async function lookUp(file: string, plan: Plan): Promise<(id: string) => Standing | undefined> {
  const { standings } = await orJournalEnd(readJournal(toJournalFile(file), plan.digest));
  return (id) => standings.get(id);
}

/** Runs `work` with the plan's journal open, and closes the journal even if `work` throws. */
async function withJournal<T>(file: string, plan: Plan, work: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await orJournalEnd(openJournal(toJournalFile(file), plan.digest, systemClock));
  try {
    return await work(journal);
  } finally {
    await journal.close();
  }
}

/**
 * Finds the people of `--only` in the plan. Refuses a person whom the plan does not change, since nothing would happen.
 */
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

/** Watches for Ctrl-C: the first one stops after the current step. */
function watchStop(terminal: Terminal): () => boolean {
  let stopped = false;
  void terminal.untilStopped().then(() => {
    stopped = true;
    terminal.note('Stopping after the step under way …');
  });
  return () => stopped;
}

function print(terminal: Terminal, options: WorkOptions, json: unknown, lines: readonly string[]): void {
  if (options.json === true) printJson(terminal, json, 'indented');
  else for (const line of lines) terminal.out(line);
}

/** Lists the people and settings that an apply with these options has left to do. Sends no request. */
async function rehearse(file: string, plan: Plan, options: WorkOptions, terminal: Terminal): Promise<ExitCode> {
  const standing = await lookUp(file, plan);
  const work = chooseWork({ plan, journal: { standing }, only: toOnly(plan, options), limit: options.limit });
  const people = work.map(({ user_id, email, prepare }) => ({ user_id, email, prepare }));
  const settings = plan.head.settings.filter(({ id }) => standing(`setting:${id}`)?.mark !== 'done');
  print(terminal, options, { dry_run: true, people, settings }, formatRehearsal(plan, people, settings));
  return EXIT.done;
}

/**
 * Converts the errors that stop a command: the tenant changed since the plan was made, a setting would lock people out,
 * or the journal failed. Returns other errors unchanged.
 */
function toStop(error: unknown): unknown {
  if (error instanceof GroundMoved)
    return new CommandError(
      EXIT.no,
      `Stopped: ${error.message}.`,
      'Make a new plan, or leave out --strict to skip them.',
    );
  if (!(error instanceof DoorShut)) return toJournalEnd(error);
  const advice = 'Roll back everybody (without --only), set it back first, or accept it with --allow-lockout.';
  return new CommandError(EXIT.no, `Nothing was done: ${error.message}.`, advice);
}

/** Runs `work` with progress lines. `again` is the command that continues after an interruption. */
async function withProgress<T>(
  again: string | undefined,
  terminal: Terminal,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = createProgress(terminal, 'people', systemClock);
  try {
    const result = await work(progress);
    progress.end();
    return result;
  } catch (error) {
    progress.end();
    const isInterrupted = !(error instanceof GroundMoved || error instanceof DoorShut);
    if (isInterrupted && again !== undefined)
      terminal.note(`Interrupted. Run it again, and it goes on: vestibule rollout ${again}`);
    throw toStop(error);
  }
}

/** Runs `apply`: 0 when everything of this run is done, 1 when something was skipped, failed or left. */
export async function rolloutApply(file: string, options: WorkOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file);
  const only = toOnly(plan, options);
  if (options.dryRun === true) return rehearse(file, plan, options, terminal);
  const { tenant, place } = await reachTenant(plan, options, 'write', terminal);
  const isStopped = watchStop(terminal);
  return withJournal(file, plan, async (journal) => {
    const result = await withProgress(`apply ${file}`, terminal, (progress) =>
      applyPlan({
        plan,
        tenant,
        place,
        journal,
        only,
        limit: options.limit,
        strict: options.strict === true,
        allowLockout: options.allowLockout === true,
        onProgress: (done, total) => progress.update(done, total),
        isStopped,
      }),
    );
    const look = (id: string) => journal.standing(id);
    const status = countStatus(plan, look);
    const json = { status, ...result, people: listOpen(plan, look) };
    print(terminal, options, json, formatApply(file, plan, status, result, look));
    const isWhole = status.skipped + status.failed + status.begun + status.undoing === 0;
    const isLeft = result.moved.length + result.lockedOut.length > 0 || result.stopped;
    return isWhole && !isLeft ? EXIT.done : EXIT.no;
  });
}

/** Runs `rollback`: 0 when everything is as before, 1 when people or settings need a decision. */
export async function rolloutRollback(file: string, options: WorkOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file);
  const only = toOnly(plan, options);
  const { tenant, place } = await reachTenant(plan, options, 'write', terminal, 'enabled or not');
  const isStopped = watchStop(terminal);
  return withJournal(file, plan, async (journal) => {
    const result = await withProgress(`rollback ${file}`, terminal, (progress) =>
      rollBack({
        plan,
        tenant,
        place,
        journal,
        only,
        used: options.used,
        allowLockout: options.allowLockout === true,
        onProgress: (done, total) => progress.update(done, total),
        isStopped,
      }),
    );
    const status = countStatus(plan, (id) => journal.standing(id));
    print(terminal, options, { status, ...result }, formatRollback(file, plan, status, result, terminal));
    const open = [...result.undecided, ...result.selfLinked.filter(({ end }) => end === 'undecided')];
    const isWhole = open.length + result.moved.length === 0 && !result.stopped;
    return isWhole ? EXIT.done : EXIT.no;
  });
}

/** Runs `verify`: 0 when everything is as planned, 1 when something differs. */
export async function rolloutVerify(file: string, options: WorkOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file);
  const standing = await lookUp(file, plan);
  const { tenant, place } = await reachTenant(plan, options, 'read', terminal);
  const result = await withProgress(undefined, terminal, (progress) =>
    verifyPlan({
      plan,
      tenant,
      place,
      standing,
      stranger: `stranger-${randomAlphanumeric(systemEntropy, 10).toLowerCase()}`,
      onProgress: (done, total) => progress.update(done, total),
    }),
  );
  const notes = listNotes(plan.head);
  print(terminal, options, { ...result, notes }, [
    ...formatDifferences(result, terminal),
    ...wrapNotes(notes, terminal),
  ]);
  return result.differences.length === 0 ? EXIT.done : EXIT.no;
}

/** Runs `status`: reads the plan and its journal and sends no request. */
export async function rolloutStatus(file: string, options: WorkOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file);
  const look = await lookUp(file, plan);
  const status = countStatus(plan, look);
  const settings = plan.head.settings.map((change) => ({
    ...change,
    mark: look(`setting:${change.id}`)?.mark ?? 'waiting',
  }));
  print(
    terminal,
    options,
    { status, settings, people: listOpen(plan, look) },
    formatStatus(file, plan, status, settings, look, terminal),
  );
  return EXIT.done;
}
