/**
 * Writes one user of a bulk import: the account with its identity and credential, or the changes of an upsert, together
 * with the count of the job, in one short transaction. Stores all of that or nothing. Decides nothing
 * (src/domain/people/user-import.ts). Hashes of another system are wrapped in argon2id before the transaction, since
 * that takes as long as checking a password.
 */

import { newFactorId } from '../../domain/factors/new-factor.js';
import { ENDED_HASH } from '../../domain/people/account.js';
import {
  type ImportEntry,
  type ImportedUser,
  type ImportFailure,
  type ImportProblem,
  planImport,
  toDatabaseUserId,
} from '../../domain/people/user-import.js';
import { Fault } from '../../kernel/errors.js';
import { type Entropy, newDatabaseSubject } from '../../kernel/ids.js';
import type { HashWrapper } from '../../ports/connector.js';
import type { ImportLease, UserImportJob } from '../../ports/directory/user-imports.js';
import {
  Conflict,
  type Directory,
  type DirectoryStore,
  MissingReference,
  UnstorableValue,
} from '../../ports/directory.js';

/** Thrown when another node has taken over the job: this node's work must not be counted. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface ImportedBy {
  readonly job: Pick<UserImportJob, 'id' | 'connectionId' | 'upsert'>;
  readonly hasUsernames: boolean;
  readonly lease: ImportLease;
  readonly leaseUntil: Date;
  readonly at: Date;
  readonly entropy: Entropy;
  readonly passwords: HashWrapper;
  /** Reports an error that the import does not expect. */
  readonly onSurprise: (error: unknown) => void;
}

/** A user of the file, with the password hash to store. */
type ReadyUser = ImportedUser & { readonly passwordHash: string | undefined };

async function readyUser(user: ImportedUser, { passwords }: ImportedBy): Promise<ReadyUser> {
  const { passwordHash } = user;
  return {
    ...user,
    passwordHash: typeof passwordHash === 'object' ? await passwords.wrap(passwordHash) : passwordHash,
  };
}

async function insertUser({ users, factors }: Directory, user: ReadyUser, by: ImportedBy): Promise<void> {
  const subject = user.subject ?? newDatabaseSubject(by.entropy);
  const userId = toDatabaseUserId(subject);
  await users.create({
    userId,
    email: user.email,
    emailVouchedBy: user.emailVerified ? 'operator' : undefined,
    username: user.username,
    phoneNumber: undefined,
    profile: user.profile,
    blocked: user.blocked,
    userMetadata: user.userMetadata ?? {},
    appMetadata: user.appMetadata ?? {},
    createdAt: by.at,
    updatedAt: by.at,
  });
  await users.addIdentity({
    id: newDatabaseSubject(by.entropy),
    userId,
    connectionId: by.job.connectionId,
    status: 'bound',
    issuer: '',
    subject,
    expectedEmail: undefined,
    isPrimary: true,
    profile: {},
    boundBy: `import:${by.job.id}`,
    at: by.at,
  });
  // Without a hash the stored credential matches no password: its owner can ask for a new one, and nobody can guess it.
  await users.putPassword(userId, by.job.connectionId, user.email, user.passwordHash ?? ENDED_HASH, by.at);
  const add = user.factors.map((factor) => ({ ...factor, id: newFactorId(by.entropy, factor.kind) }));
  await factors.change(userId, { add, at: by.at });
}

const OF_OPERATOR: ImportProblem = {
  code: 'CONFLICT',
  message:
    'This account is of an operator of this tenant: an import does not change it. An owner changes it by itself.',
  path: 'email',
};

/**
 * True for an operator's account, which only callers with every scope may write (ADR 0062). A job no longer knows its
 * caller's scopes. Attack: a caller that may import users changes whether the address of an operator is verified, by
 * importing that address into a customers' database in which the operator's account also has a password.
 */
function isOperator({ operators }: Directory, userId: string): Promise<boolean> {
  const things = { organizationIds: [], userIds: [userId], connectionIds: [], connectionNames: [], clientIds: [] };
  return operators.concerns(things, '');
}

async function applyUser(
  directory: Directory,
  user: ReadyUser,
  by: ImportedBy,
): Promise<'inserted' | 'updated' | readonly ImportProblem[]> {
  const { users } = directory;
  const holderId = await users.findPasswordUser(by.job.connectionId, user.email);
  const holder = holderId === undefined ? undefined : await users.find(holderId);
  const idTaken = user.subject !== undefined && (await users.find(toDatabaseUserId(user.subject))) !== undefined;
  const plan = planImport(user, { holder, idTaken, hasUsernames: by.hasUsernames }, by.job.upsert);
  if (plan.kind === 'refuse') return plan.problems;
  if (plan.kind === 'update') {
    if (await isOperator(directory, plan.userId)) return [OF_OPERATOR];
    await users.update(plan.userId, { ...plan.changes, updatedAt: by.at });
    return 'updated';
  }
  await insertUser(directory, user, by);
  return 'inserted';
}

/**
 * Returns the reason why the database refuses one user. Rethrows faults of the database itself, which are not the
 * file's mistake.
 */
function toProblem(error: unknown, by: ImportedBy): ImportProblem {
  if (error instanceof LeaseLost || error instanceof Fault) throw error;
  // Another request created a user with the same address or id at this moment.
  if (error instanceof Conflict) return { code: 'DUPLICATED_USER', message: 'The user already exists.' };
  if (error instanceof MissingReference)
    return { code: 'CONNECTION_NOT_FOUND', message: 'The connection does not exist.' };
  if (error instanceof UnstorableValue) return { code: 'INVALID_FORMAT', message: 'A value is out of range.' };
  // An unexpected error of one user must not stop the import of the users after them.
  by.onSurprise(error);
  return {
    code: 'NOT_STORED',
    message: 'The user could not be stored; the log of the server names the kind of error.',
  };
}

/**
 * Imports one user and counts them. Throws {@link LeaseLost} when another node has the job and {@link Fault} when the
 * database failed. In both cases nothing was written, unless only the answer to the commit was lost; the stored
 * `position` shows that.
 */
export async function importUser(
  store: DirectoryStore,
  entry: ImportEntry,
  position: number,
  by: ImportedBy,
): Promise<void> {
  const advance = async (directory: Directory, outcome: 'inserted' | 'updated' | ImportFailure) => {
    const counted = await directory.imports.advance({ lease: by.lease, leaseUntil: by.leaseUntil, position, outcome });
    if (!counted) throw new LeaseLost(by.job.id);
  };
  const fail = (failure: ImportFailure) => store.transaction((directory) => advance(directory, failure));
  if (!entry.ok) return fail(entry.failure);
  try {
    const user = await readyUser(entry.user, by);
    await store.transaction(async (directory) => {
      const outcome = await applyUser(directory, user, by);
      await advance(directory, typeof outcome === 'string' ? outcome : { user: entry.shown, errors: outcome });
    });
  } catch (error) {
    await fail({ user: entry.shown, errors: [toProblem(error, by)] });
  }
}
