/**
 * `vestibule rollout move-seat`: plans, applies or rolls back the move of one person's membership to the new identity
 * that the company's IT created for them. The plan is in a file, its journal beside it.
 */
import { readFile } from 'node:fs/promises';
import { isSubject } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import { systemClock } from '../../kernel/clock.js';
import { replaceDurably } from '../../kernel/durable-files.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import { printJson, toPrintable, wrap } from '../../terminal/lines.js';
import type { Terminal } from '../../terminal/terminal.js';
import { RemoteError } from '../remote/exchange.js';
import { connectTenant, type RemoteTenant } from '../remote/tenant.js';
import { findPlace } from '../rollout/connect.js';
import { type Journal, openJournal } from '../rollout/journal.js';
import { PlanError } from '../rollout/plan-file.js';
import { applySeat, rehearseMove, rollBackSeat, type SeatEnd, SeatMoved } from '../rollout/seat/move-seat.js';
import { makeSeatPlan, parseSeatFile, type SeatPlan, type SeatWish, toSeatFile } from '../rollout/seat/seat-plan.js';
import { toJournalEnd } from './journal-end.js';
import type { MoveSeatOptions } from './rollout-move-seat-options.js';
import { getTenantAccess } from './tenant-access.js';

const SCOPES = ['read:organizations', 'read:connections', 'read:organization_connections', 'read:users'];

interface Opened {
  readonly plan: SeatPlan;
  readonly digest: string;
  /** True when the plan was read from the file; false when it still has to be written. */
  readonly isWritten: boolean;
}

function wrongUse(message: string, advice: string): CommandError {
  return new CommandError(EXIT.wrongUse, message, advice);
}

function toWish(address: string | undefined, options: MoveSeatOptions): SeatWish {
  if (address === undefined)
    throw wrongUse("missing required argument 'address'", 'Try: vestibule rollout move-seat --help');
  const email = parseEmail(address);
  if (email === undefined)
    throw wrongUse(`${JSON.stringify(address)} is not an e-mail address.`, 'It takes a plain one: dana@acme.example.');
  const { subject, byAddress = false } = options;
  if ((subject === undefined) !== byAddress)
    throw wrongUse(
      'Say how the new account is known: --subject or --by-address, one of the two.',
      'The subject is in details.remedy of the refusal in the login log.',
    );
  if (subject !== undefined && !isSubject(subject))
    throw wrongUse('--subject takes what identity providers give.', 'It has 1 to 255 printable ASCII characters.');
  const to = subject === undefined ? { expected_email: email } : { subject };
  return { email, to, absorb: options.absorb, user: options.user };
}

async function readSeatFile(file: string): Promise<Opened | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw wrongUse(`The plan cannot be read: ${toFileReason(error, 'read', file)}.`, 'Name another file with --plan.');
  }
  try {
    return { ...parseSeatFile(text), isWritten: true };
  } catch (error) {
    if (error instanceof PlanError) throw wrongUse(`${file}: ${error.message}.`, 'Name another file with --plan.');
    throw error;
  }
}

/** Writes the plan's file completely or not at all, and to the disk before any request is sent. */
async function writeSeatFile(file: string, text: string): Promise<void> {
  try {
    await replaceDurably(file, text);
  } catch (error) {
    throw wrongUse(
      `The plan cannot be written: ${toFileReason(error, 'write', file)}.`,
      'Name another file with --plan.',
    );
  }
}

async function reach(options: MoveSeatOptions, terminal: Terminal, writes: boolean): Promise<RemoteTenant> {
  const remote = await connectTenant(getTenantAccess(options, terminal.env), { tries: 8 });
  const missing = [...SCOPES, ...(writes ? ['update:users'] : [])].filter((scope) => !remote.scopes.has(scope));
  if (missing.length === 0) return remote;
  throw wrongUse(`The client lacks: ${missing.join(' ')}.`, 'Add them to its grant for the Management API.');
}

function checkTenant(plan: SeatPlan, remote: RemoteTenant): void {
  if (plan.tenant.origin === remote.origin) return;
  throw wrongUse(
    `The plan is for ${plan.tenant.origin}, and the credentials are for ${remote.origin}.`,
    'Give the domain of the plan, or name another file with --plan.',
  );
}

/** True when the file's plan is for the same move: an earlier run is continued. */
function isSameWish({ plan }: Opened, wish: SeatWish, options: MoveSeatOptions): boolean {
  const { organization, connection } = plan;
  return (
    plan.email === wish.email &&
    JSON.stringify(plan.to) === JSON.stringify(wish.to) &&
    plan.absorb_user_id === wish.absorb &&
    (wish.user === undefined || wish.user === plan.user_id) &&
    [organization.id, organization.name].includes(options.organization ?? '') &&
    [connection.id, connection.name].includes(options.connection ?? '')
  );
}

/** Converts a refusal of the tenant to an error with exit code 1 ("no"). Throws any other error unchanged. */
function toNo(error: unknown): never {
  if (error instanceof SeatMoved)
    throw new CommandError(EXIT.no, `Nothing was changed: ${error.message}.`, error.advice);
  if (!(error instanceof RemoteError) || error.status !== 409) throw error;
  const advice =
    error.code === 'subject_is_bound'
      ? 'If it is a second account of the same person, take it in: --absorb and its id.'
      : 'docs/guides/recreated-account.md says when a membership can be moved.';
  throw new CommandError(EXIT.no, `Nothing was changed: ${error.message}`, advice);
}

async function withJournal<T>(file: string, digest: string, work: (journal: Journal) => Promise<T>): Promise<T> {
  let journal: Journal;
  try {
    journal = await openJournal(`${file}.journal`, digest, systemClock);
  } catch (error) {
    throw toJournalEnd(error);
  }
  try {
    return await work(journal);
  } catch (error) {
    return toNo(toJournalEnd(error));
  } finally {
    await journal.close();
  }
}

function toWords({ to }: SeatPlan): string {
  return 'subject' in to ? `the subject ${to.subject}` : `the first sign-in that confirms ${to.expected_email}`;
}

function print(terminal: Terminal, options: MoveSeatOptions, json: object, lines: readonly string[]): void {
  if (options.json === true) printJson(terminal, json, 'indented');
  else for (const line of lines) for (const part of wrap(toPrintable(line), terminal.width)) terminal.out(part);
}

function describe(plan: SeatPlan): readonly string[] {
  const absorbed = plan.absorb_user_id;
  return [
    `${plan.email} is ${plan.user_id} in ${plan.organization.name}, bound to the subject ${plan.from} at ${plan.connection.name}.`,
    `The membership waits for ${toWords(plan)}; ${plan.from} is refused from then on, and its sessions and tokens end.`,
    ...(absorbed === undefined ? [] : [`${absorbed} is removed, and comes back with the rollback.`]),
  ];
}

/** Returns the file's plan if it is for the same move, else a new plan that is not written yet. */
async function findPlan(file: string, remote: RemoteTenant, wish: SeatWish, options: MoveSeatOptions): Promise<Opened> {
  const found = await readSeatFile(file);
  if (found !== undefined) {
    checkTenant(found.plan, remote);
    if (isSameWish(found, wish, options)) return found;
    throw wrongUse(`${file} has the plan of another move.`, 'Name another file with --plan.');
  }
  const { organization: org = '', connection: con = '' } = options;
  const { organization, connection } = await findPlace(remote, org, con);
  const place = { organization: { id: organization.id, name: organization.name }, connection };
  const plan = await makeSeatPlan(remote, place, wish, systemClock.now());
  return { plan, digest: toSeatFile(plan).digest, isWritten: false };
}

async function apply(address: string | undefined, options: MoveSeatOptions, terminal: Terminal): Promise<ExitCode> {
  const wish = toWish(address, options);
  if (options.organization === undefined || options.connection === undefined)
    throw wrongUse(
      '--organization and --connection are needed.',
      'They say which membership it is, and where it is bound.',
    );
  const file = options.plan ?? `seat-${encodeURIComponent(wish.email).replace('%40', '@')}.jsonl`;
  const remote = await reach(options, terminal, true);
  const { plan, digest, isWritten } = await findPlan(file, remote, wish, options);
  const keepsPlan = options.dryRun !== true || options.plan !== undefined;
  if (keepsPlan && !isWritten) await writeSeatFile(file, toSeatFile(plan).text);
  if (options.dryRun === true) {
    const rehearsed = await rehearseMove(plan, remote).catch(toNo);
    print(terminal, options, { dry_run: true, plan, answer: rehearsed }, [...describe(plan), 'Nothing was changed.']);
    return EXIT.done;
  }
  const result = await withJournal(file, digest, (journal) => applySeat({ plan, remote, journal }));
  const title = result.end === 'done' ? 'The membership is moved.' : 'The membership was moved already.';
  print(terminal, options, toJson(file, plan, result), [
    ...describe(plan),
    title,
    `To take it back: vestibule rollout move-seat --rollback --plan ${file}`,
  ]);
  return EXIT.done;
}

function toJson(file: string, plan: SeatPlan, { end, identityId, answer }: SeatEnd): object {
  return { file, end, identity_id: identityId, plan, answer };
}

async function rollBack(options: MoveSeatOptions, terminal: Terminal): Promise<ExitCode> {
  const file = options.plan;
  if (file === undefined) throw wrongUse('--rollback needs the file of the move.', 'Name it with --plan.');
  const opened = await readSeatFile(file);
  if (opened === undefined) throw wrongUse(`There is no file ${file}.`, 'Name that of the move with --plan.');
  const remote = await reach(options, terminal, true);
  checkTenant(opened.plan, remote);
  const { plan, digest } = opened;
  const result = await withJournal(file, digest, (journal) =>
    rollBackSeat({ plan, remote, journal }, options.endNew === true),
  );
  const title = result.end === 'done' ? 'The old account is back as it was' : 'There was nothing to take back';
  print(terminal, options, toJson(file, plan, result), [
    `${title}: ${plan.email}, ${plan.from} at ${plan.connection.name}.`,
  ]);
  return EXIT.done;
}

/**
 * Runs the command: 0 when done, 1 when the tenant is not as planned or a person has to decide. Throws {@link
 * CommandError} and RemoteError.
 */
export function rolloutMoveSeat(
  address: string | undefined,
  options: MoveSeatOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  return options.rollback === true ? rollBack(options, terminal) : apply(address, options, terminal);
}
