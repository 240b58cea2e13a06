/** `vestibule guard sweep plan`, `apply` and `rollback`: options and output; src/tenant-tools/guard does the work. */

import { systemClock } from '../../kernel/clock.js';
import { EXIT, type ExitCode } from '../../terminal/exit.js';
import { formatTable, printJson, toPrintable } from '../../terminal/lines.js';
import type { Terminal } from '../../terminal/terminal.js';
import { applySweep } from '../guard/sweep-apply.js';
import { formatSweep, readSweep, type SweepPerson, type SweepPlan, writeSweep } from '../guard/sweep-file.js';
import { openJournal } from '../guard/sweep-journal.js';
import { planSweep, SWEEP_APPLY_SCOPES, SWEEP_PLAN_SCOPES } from '../guard/sweep-plan.js';
import { rollBackSweep } from '../guard/sweep-rollback.js';
import { checkScopes, getOrganization } from '../guard/tenant-reads.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { connectGuarded, createProgress, type GuardOptions, withGuardErrors } from './guard-tenant.js';
import { getTenantAccess } from './tenant-access.js';

export interface SweepPlanOptions extends GuardOptions {
  readonly organization: string;
  readonly out?: string;
  readonly includeUnexplained?: boolean;
  readonly minAge: number;
}

export interface SweepApplyOptions extends GuardOptions {
  readonly deleteUsers?: boolean;
}

export interface SweepRollbackOptions extends GuardOptions {
  readonly withoutDeleted?: boolean;
}

async function connectWith(
  scopes: readonly string[],
  options: GuardOptions,
  terminal: Terminal,
): Promise<RemoteTenant> {
  terminal.note(`Scopes of the command: ${[...scopes].sort().join(' ')}`);
  const tenant = await connectGuarded(options, terminal);
  checkScopes(tenant, scopes, 'The machine client of the command');
  return tenant;
}

function showPeople(people: readonly SweepPerson[], terminal: Terminal): void {
  if (people.length === 0) return;
  const rows = people.map(({ action, email, user_id, why }) => [
    action,
    toPrintable(email || user_id),
    toPrintable(why),
  ]);
  for (const line of formatTable(['action', 'person', 'why'], rows, terminal.width)) terminal.out(line);
}

async function runPlan(options: SweepPlanOptions, terminal: Terminal): Promise<ExitCode> {
  const tenant = await connectWith(SWEEP_PLAN_SCOPES, options, terminal);
  const organization = await getOrganization(tenant, options.organization);
  const made = await planSweep(tenant, organization, {
    now: systemClock.now(),
    minAgeMs: options.minAge * 1_000,
    includeUnexplained: options.includeUnexplained === true,
    progress: createProgress(terminal, 'examined'),
  });
  const { text, plan } = formatSweep(made.head, made.people);
  if (options.out !== undefined) await writeSweep(options.out, text);
  const { totals } = plan.head;
  if (options.json === true) {
    printJson(terminal, { file: options.out ?? null, digest: plan.digest, totals, people: plan.people }, 'indented');
    return EXIT.done;
  }
  const removals = plan.people.filter(({ action }) => action === 'remove').length;
  const members = `${totals.members ?? 0} members of ${toPrintable(organization.name)}`;
  terminal.out(`${members}: ${removals} to remove, ${plan.people.length - removals} for a human to look at.`);
  showPeople(plan.people, terminal);
  const protectedOnes = plan.people.filter(({ evidence }) => evidence.second_factor).length;
  if (protectedOnes > 0)
    terminal.out(
      `${protectedOnes} of them set up a second factor. A removal leaves it on the account; --delete-users deletes it.`,
    );
  if (options.out === undefined) terminal.note('No file was written: --out FILE writes the plan that apply takes.');
  else terminal.out(`The plan is ${options.out}. Next: vestibule guard sweep apply ${options.out}`);
  return EXIT.done;
}

/**
 * Reads the plan before any request to the tenant, so that a wrong file name is reported even if the credentials are
 * missing.
 */
function readPlan(file: string, options: GuardOptions, terminal: Terminal): Promise<SweepPlan> {
  return readSweep(file, getTenantAccess(options, terminal.env).origin);
}

async function runApply(file: string, options: SweepApplyOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file, options, terminal);
  const scopes = [...SWEEP_APPLY_SCOPES, ...(options.deleteUsers === true ? ['delete:users'] : [])];
  const tenant = await connectWith(scopes, options, terminal);
  const journal = await openJournal(file, plan.digest);
  try {
    const end = await applySweep({
      tenant,
      plan,
      journal,
      now: () => systemClock.now(),
      deleteUsers: options.deleteUsers === true,
      progress: createProgress(terminal, 'removed'),
    });
    if (options.json === true) printJson(terminal, end, 'indented');
    else {
      const users = end.deleted > 0 ? ` ${end.deleted} users deleted.` : '';
      terminal.out(`${end.removed} members removed, ${end.skipped.length} kept after all.${users}`);
      for (const { user_id, why } of end.skipped) terminal.out(`  kept: ${toPrintable(user_id)} ${toPrintable(why)}`);
    }
    return EXIT.done;
  } finally {
    await journal.close();
  }
}

async function runRollback(file: string, options: SweepRollbackOptions, terminal: Terminal): Promise<ExitCode> {
  const plan = await readPlan(file, options, terminal);
  const tenant = await connectWith(SWEEP_APPLY_SCOPES, options, terminal);
  const journal = await openJournal(file, plan.digest);
  try {
    const end = await rollBackSweep({
      tenant,
      plan,
      journal,
      now: () => systemClock.now(),
      withoutDeleted: options.withoutDeleted === true,
      progress: createProgress(terminal, 'put back'),
    });
    if (options.json === true) printJson(terminal, end, 'indented');
    else {
      terminal.out(`${end.restored} members put back, ${end.already} were members already.`);
      for (const userId of end.lost) terminal.out(`  does not exist any more: ${toPrintable(userId)}`);
    }
    return end.lost.length === 0 ? EXIT.done : EXIT.no;
  } finally {
    await journal.close();
  }
}

/** Runs `guard sweep plan`. Throws CommandError and RemoteError. */
export function guardSweepPlan(options: SweepPlanOptions, terminal: Terminal): Promise<ExitCode> {
  return withGuardErrors(() => runPlan(options, terminal));
}

/** Runs `guard sweep apply`. Throws CommandError and RemoteError; running it again continues. */
export function guardSweepApply(file: string, options: SweepApplyOptions, terminal: Terminal): Promise<ExitCode> {
  return withGuardErrors(() => runApply(file, options, terminal));
}

/**
 * Runs `guard sweep rollback`: 0 if all members are restored, 1 if some users no longer exist. Throws CommandError and
 * RemoteError.
 */
export function guardSweepRollback(file: string, options: SweepRollbackOptions, terminal: Terminal): Promise<ExitCode> {
  return withGuardErrors(() => runRollback(file, options, terminal));
}
