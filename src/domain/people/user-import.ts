/**
 * Bulk imports of users: the checked form of a user in a file, and the decision about each. Pure: decides, and writes
 * nothing. An import creates no membership, never replaces a password, and never verifies an address that its file does
 * not call verified.
 */

import type { ForeignHash } from '../passwords/foreign-hash.js';
import type { UserProfile, Voucher } from './account.js';
import type { Email } from './email.js';

type Metadata = Readonly<Record<string, unknown>>;

/** A second factor that the person has set up elsewhere. */
export type ImportedFactor =
  | { readonly kind: 'otp' /** In base32. */; readonly secret: string }
  | { readonly kind: 'email'; readonly address: Email };

/** A user from an import file, after the checks. */
export interface ImportedUser {
  readonly email: Email;
  readonly emailVerified: boolean;
  /** The part after `auth0|` in the user id; drawn at random if the file has none. */
  readonly subject: string | undefined;
  readonly username: string | undefined;
  readonly profile: UserProfile;
  readonly blocked: boolean;
  /** A hash that the password connector can check or wrap; undefined: the person has to choose a password. */
  readonly passwordHash: string | ForeignHash | undefined;
  readonly userMetadata: Metadata | undefined;
  readonly appMetadata: Metadata | undefined;
  readonly factors: readonly ImportedFactor[];
}

export interface ImportProblem {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export interface ImportFailure {
  /** The user as written in the file, with password hashes masked. */
  readonly user: Metadata;
  readonly errors: readonly ImportProblem[];
}

/** One entry of an import file: a checked user, or why it was refused. */
export type ImportEntry =
  | { readonly ok: true; readonly user: ImportedUser; readonly shown: Metadata }
  | { readonly ok: false; readonly failure: ImportFailure };

/** A parsed file: its users in order, each checked when the iteration reaches it; or why the file cannot be used. */
export type ImportFile =
  | { readonly ok: true; readonly total: number; readonly entries: Iterable<ImportEntry> }
  | { readonly ok: false; readonly reason: string };

/** The stored data on which the decision about an entry relies. */
export interface ImportGround {
  /** The existing user with this address at this connection. */
  readonly holder:
    | { readonly userId: string; readonly email: string | undefined; readonly profile: UserProfile }
    | undefined;
  /** True when the user id in the file is already in use. */
  readonly idTaken: boolean;
  /** True when users of the connection have user names besides their address. */
  readonly hasUsernames: boolean;
}

export interface ImportChanges {
  readonly emailVouchedBy: Voucher | undefined;
  readonly profile: UserProfile;
  readonly userMetadata?: Metadata;
  readonly appMetadata?: Metadata;
}

export type ImportPlan =
  | { readonly kind: 'insert' }
  | { readonly kind: 'update'; readonly userId: string; readonly changes: ImportChanges }
  | { readonly kind: 'refuse'; readonly problems: readonly ImportProblem[] };

const refuse = (code: string, message: string, path: string): ImportPlan => ({
  kind: 'refuse',
  problems: [{ code, message, path }],
});

/** Returns the user id of a subject: the prefix is the strategy of database connections. */
export function toDatabaseUserId(subject: string): string {
  return `auth0|${subject}`;
}

function planUpdate(user: ImportedUser, holder: NonNullable<ImportGround['holder']>): ImportPlan {
  if (user.subject !== undefined && toDatabaseUserId(user.subject) !== holder.userId) {
    return refuse('CONFLICT', 'The user with this email has another user_id, which cannot be changed.', 'user_id');
  }
  // The address may belong to a linked identity: to verify it would wrongly verify the account's own address.
  if (holder.email !== user.email) {
    return refuse('CONFLICT', 'This email signs in to a user with another email: change that user by itself.', 'email');
  }
  // Attack: the author of the file enters an existing account with a password that they know. Auth0 refuses it too.
  if (user.passwordHash !== undefined) {
    return refuse(
      'CONFLICT',
      'A password hash was provided, but the user already has one: an import never replaces a password. Leave it out; PATCH /api/v2/users/{id} sets a new password.',
      'password_hash',
    );
  }
  // Attack: a client that may change users adds a factor of its own to an account, and passes the owner's challenge.
  if (user.factors.length > 0) {
    return refuse(
      'MFA_FACTORS_FAILED',
      'Unable to import factors. An import adds them to new users alone: leave mfa_factors out; POST /api/v2/users/{id}/authentication-methods adds one.',
      'mfa_factors',
    );
  }
  return {
    kind: 'update',
    userId: holder.userId,
    changes: {
      emailVouchedBy: user.emailVerified ? 'operator' : undefined,
      profile: { ...holder.profile, ...user.profile },
      ...(user.userMetadata && { userMetadata: user.userMetadata }),
      ...(user.appMetadata && { appMetadata: user.appMetadata }),
    },
  };
}

/**
 * Decides about one user. An update changes the fields that Auth0's upsert changes: profile, metadata (each replaced
 * whole) and `email_verified`, which is false unless the file says otherwise; never password, address, user id, user
 * name or block.
 */
export function planImport(user: ImportedUser, ground: ImportGround, upsert: boolean): ImportPlan {
  if (user.username !== undefined && !ground.hasUsernames) {
    return refuse('CONFLICT', 'Cannot set username for connection without requires_username.', 'username');
  }
  if (ground.holder !== undefined) {
    if (upsert) return planUpdate(user, ground.holder);
    return refuse('DUPLICATED_USER', 'A user with this email exists already.', 'email');
  }
  if (ground.idTaken) return refuse('DUPLICATED_USER', 'A user with this user_id exists already.', 'user_id');
  return { kind: 'insert' };
}

/**
 * Refuses users that repeat an earlier one's address, id or name. The first one counts, also with upsert, as at Auth0.
 */
export function* withoutRepeats(entries: Iterable<ImportEntry>): Generator<ImportEntry> {
  const seen = new Set<string>();
  for (const entry of entries) yield entry.ok ? checkRepeats(entry, seen) : entry;
}

function checkRepeats(entry: Extract<ImportEntry, { ok: true }>, seen: Set<string>): ImportEntry {
  const { email, subject, username } = entry.user;
  const named = Object.entries({ email, user_id: subject, username }).filter(([, value]) => value !== undefined);
  const repeated = named.find(([path, value]) => seen.has(`${path} ${value}`))?.[0];
  for (const [path, value] of named) seen.add(`${path} ${value}`);
  if (repeated === undefined) return entry;
  const message = `A user with this ${repeated} was already provided.`;
  const errors = [{ code: 'DUPLICATED_USER', message, path: repeated }];
  return { ok: false, failure: { user: entry.shown, errors } };
}
