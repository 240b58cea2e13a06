/**
 * Shared by the `guard` commands that talk to a tenant: options, connection, exit codes of GuardError, progress lines.
 */
import type { Command } from 'commander';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import type { Terminal } from '../../terminal/terminal.js';
import { GuardError } from '../guard/guard-error.js';
import { connectTenant, type RemoteTenant } from '../remote/tenant.js';
import { getTenantAccess, type TenantOptions } from './tenant-access.js';

export interface GuardOptions extends TenantOptions {
  readonly json?: boolean;
}

/** Attempts to send one request before a command gives up. */
const TRIES = 6;

/** Adds the options for the tenant and for JSON output. */
export function addTenantOptions(command: Command): Command {
  return command
    .option('--domain <host>', 'tenant, over https')
    .option('--client-id <id>', 'machine client of that tenant')
    .option('--client-secret <secret>', 'its secret (better in AUTH0_CLIENT_SECRET)')
    .option('--json', 'machine output');
}

/** Connects to the tenant that the command's options name. */
export async function connectGuarded(options: GuardOptions, terminal: Terminal): Promise<RemoteTenant> {
  return connectTenant(getTenantAccess(options, terminal.env), { tries: TRIES });
}

/** Runs a command's work and converts {@link GuardError} to its exit code. */
export async function withGuardErrors(work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const code = error.fault === 'use' ? EXIT.wrongUse : EXIT.otherSide;
    throw new CommandError(code, error.message, error.advice);
  }
}

/** Creates progress lines for stderr, every two seconds and at the end: done, total, rate, time left. */
export function createProgress(
  terminal: Terminal,
  label: string,
  clock: Clock = systemClock,
): (done: number, total: number) => void {
  const startedAt = clock.monotonicMs();
  let shownAt = startedAt;
  return (done, total) => {
    const now = clock.monotonicMs();
    if (now - shownAt < 2_000 && (done < total || shownAt === startedAt)) return;
    shownAt = now;
    const rate = done / Math.max(0.001, (now - startedAt) / 1_000);
    const left = Math.ceil((total - done) / Math.max(rate, 0.001));
    terminal.note(`${label}: ${done} of ${total}, ${rate.toFixed(1)}/s, ${left} s left`);
  };
}
