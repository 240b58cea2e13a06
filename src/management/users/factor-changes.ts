/**
 * Changes the second factors of a user, with what belongs to each change: the lines of the log and the mail to the
 * account's owner. All of it is stored or nothing. The owner hears of every change: otherwise nobody would notice that
 * somebody added a factor of their own, or removed the owner's (NIST SP 800-63B section 6.1.2).
 */

import { countsAlone } from '../../domain/factors/factor.js';
import { MOST_OF_A_KIND, methodOf } from '../../domain/factors/new-factor.js';
import { parseEmail } from '../../domain/people/email.js';
import { newLogId } from '../../kernel/ids.js';
import { type FactorNotice, factorMails } from '../../login/factor-mail.js';
import type { AddedFactor, FactorRecord } from '../../ports/directory/factors.js';
import type { UserRecord } from '../../ports/directory/users.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { ManagementDeps } from '../api/deps.js';
import { conflict, ManagementError, noUser } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { orConflict } from '../api/wire.js';

type Deps = Pick<ManagementDeps, 'entropy' | 'origin' | 'ticketBox'>;

/** Auth0's type codes of log lines about factors, with a description. */
const LINES = {
  gd_start_enroll: 'A second factor is being set up',
  gd_enrollment_complete: 'A second factor was added',
  gd_unenroll: 'A second factor was removed',
  gd_update_device_account: 'A second factor was renamed',
} as const;

/** The parts of a call that a change needs. `isOwn`: the person makes it themselves, and the mail names their network. */
export type ChangeGround = Pick<Call, 'directory' | 'now'> & {
  readonly from: Call['from'] & { readonly language?: string | undefined };
  readonly caller: Pick<Call['caller'], 'clientId'>;
  readonly isOwn?: true;
};

/** A user whose row is locked until the transaction is over, with their factors. */
export interface LockedFactors {
  readonly user: UserRecord;
  readonly factors: readonly FactorRecord[];
}

/** Locks a user, that of the path by default, and reads their factors. Throws 404 `inexistent_user`. */
export async function lockFactors(
  { directory, params }: Call,
  userId: string = params.id ?? '',
): Promise<LockedFactors> {
  const user = await directory.users.findForUpdate(userId);
  if (user === undefined) throw noUser();
  return { user, factors: await directory.factors.list(user.userId) };
}

/** Appends the line about a factor. */
export async function logFactor(
  { entropy }: Pick<Deps, 'entropy'>,
  { directory, now, from, caller }: ChangeGround,
  type: keyof typeof LINES,
  userId: string,
  factor: Pick<FactorRecord, 'id' | 'kind'>,
): Promise<void> {
  await directory.ledger.append({
    logId: newLogId(entropy, now),
    date: now,
    type,
    description: LINES[type],
    userId,
    ...(caller.clientId !== '' && { clientId: caller.clientId }),
    ip: from.ip,
    ...(from.userAgent !== undefined && { userAgent: from.userAgent.slice(0, 512) }),
    details: { authenticator: { id: factor.id, type: methodOf(factor.kind) } },
  });
}

/** True for a factor that is set up and counts alone. */
const isRealFactor = (factor: FactorRecord) => factor.confirmedAt !== undefined && countsAlone(factor);

async function isOperator({ operators, members }: ChangeGround['directory'], userId: string): Promise<boolean> {
  const found = await operators.find();
  return found !== undefined && (await members.find(found.organizationId, userId)) !== undefined;
}

async function toMails(
  deps: Deps,
  call: ChangeGround,
  { user, factors }: LockedFactors,
  notices: readonly FactorNotice[],
): Promise<readonly OutgoingMail[]> {
  const place = { tenant: await call.directory.tenant.getSettings() };
  const isFirst = call.isOwn && !factors.some(isRealFactor);
  const stoppable = isFirst && !(await isOperator(call.directory, user.userId)) ? user.userId : undefined;
  const ip = call.isOwn && call.from.ip;
  const wish = call.from.language === undefined ? {} : { wish: { acceptLanguage: call.from.language } };
  const ground = { to: parseEmail(user.email), place, at: call.now, ip, ...wish, stoppable };
  return factorMails(deps, ground, notices);
}

const EXISTS = 'Authentication method already exists.';

/** An account has as many factors of a kind as it may have (403). */
export class TooManyFactors extends ManagementError {
  constructor() {
    super(403, 'You reached the limit of entities of this type for this user.');
  }
}

function checkRoom(present: readonly FactorRecord[], add: readonly AddedFactor[]): void {
  // A factor that is only being set up counts for nothing; the next set-up replaces it.
  const all = [...present.filter(({ confirmedAt }) => confirmedAt !== undefined), ...add];
  for (const { kind, address } of add) {
    if (address !== undefined && all.filter((one) => one.address === address).length > 1) throw conflict(EXISTS);
    if (all.filter((one) => one.kind === kind).length > MOST_OF_A_KIND[kind]) throw new TooManyFactors();
  }
}

/**
 * Returns the factors to remove. A recovery code goes with the last factor that it replaces: alone it counts for
 * nothing, and it would keep the next enrollment from making a new one.
 */
function withOrphans(present: readonly FactorRecord[], remove: readonly FactorRecord[]): readonly FactorRecord[] {
  const left = present.filter((factor) => !remove.includes(factor));
  const isAlone = remove.length > 0 && !left.some(isRealFactor);
  return isAlone ? [...remove, ...left.filter(({ kind }) => kind === 'recovery-code')] : remove;
}

/**
 * Removes and adds factors of a locked user. `notice` says what the owner is told; by default each factor by itself.
 * Returns the mails, which the caller puts into its reply. Throws 403 for too many of a kind and 409 for one that exists
 * already.
 */
export async function changeFactors(
  deps: Deps,
  call: ChangeGround,
  locked: LockedFactors,
  changes: {
    readonly remove?: readonly FactorRecord[];
    readonly add?: readonly AddedFactor[];
    readonly notice?: FactorNotice['change'];
  },
): Promise<{ readonly mail: readonly OutgoingMail[] }> {
  const { user, factors } = locked;
  const { add = [], notice } = changes;
  const remove = add.length > 0 ? (changes.remove ?? []) : withOrphans(factors, changes.remove ?? []);
  if (remove.length + add.length === 0) return { mail: [] };
  checkRoom(
    factors.filter((factor) => !remove.includes(factor)),
    add,
  );
  const { userId } = user;
  const ids = remove.map(({ id }) => id);
  await orConflict(EXISTS, call.directory.factors.change(userId, { remove: ids, add, at: call.now }));
  for (const factor of remove) await logFactor(deps, call, 'gd_unenroll', userId, factor);
  for (const factor of add) await logFactor(deps, call, 'gd_enrollment_complete', userId, factor);
  const removed: readonly FactorNotice[] =
    notice === undefined
      ? (changes.remove ?? []).map(({ kind }) => ({ change: 'removed', factor: kind }))
      : [{ change: notice }];
  const added = add.map(({ kind }): FactorNotice => ({ change: 'added', factor: kind }));
  const told = notice === 'recovery_code' ? removed : [...(remove.length > 0 ? removed : []), ...added];
  return { mail: await toMails(deps, call, locked, told) };
}
