/**
 * Bulk imports of users: what one user of a file is, and what becomes of him. Pure: decides, and writes nothing. An import gives
 * nobody a membership, never replaces a password, and never says more about an address than its file does.
 */
import type { UserProfile, Voucher } from './account.js';
import type { Email } from './email.js';

type Metadata = Readonly<Record<string, unknown>>;

/** One user of a file, checked. */
export interface ImportedUser {
  readonly email: Email;
  readonly emailVerified: boolean;
  /** What follows `auth0|` in the user id; one is drawn when the file names none. */
  readonly subject: string | undefined;
  readonly username: string | undefined;
  readonly profile: UserProfile;
  readonly blocked: boolean;
  /** One that the password connector can check; undefined: the person has to choose a password. */
  readonly passwordHash: string | undefined;
  readonly userMetadata: Metadata | undefined;
  readonly appMetadata: Metadata | undefined;
}

export interface ImportProblem {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export interface ImportFailure {
  /** As the file has him, hashes of passwords masked. */
  readonly user: Metadata;
  readonly errors: readonly ImportProblem[];
}

/** One place of a file. */
export type ImportEntry =
  | { readonly ok: true; readonly user: ImportedUser; readonly shown: Metadata }
  | { readonly ok: false; readonly failure: ImportFailure };

/** A file: its users in order, each looked at when it is his turn; or why it is none. */
export type ImportFile =
  | { readonly ok: true; readonly total: number; readonly entries: Iterable<ImportEntry> }
  | { readonly ok: false; readonly reason: string };

/** Who is there already. */
export interface ImportGround {
  /** Who signs in with the address at this connection. */
  readonly holder:
    | { readonly userId: string; readonly email: string | undefined; readonly profile: UserProfile }
    | undefined;
  /** Somebody has the user id that the file names. */
  readonly idTaken: boolean;
  /** The connection gives its users names beside their address. */
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

/** The strategy of database connections, as it begins their user ids. */
export function toDatabaseUserId(subject: string): string {
  return `auth0|${subject}`;
}

function planUpdate(user: ImportedUser, holder: NonNullable<ImportGround['holder']>): ImportPlan {
  if (user.subject !== undefined && toDatabaseUserId(user.subject) !== holder.userId) {
    return refuse('CONFLICT', 'The user with this email has another user_id, which cannot be changed.', 'user_id');
  }
  // An address that the file calls verified must not vouch for the other address of an account that it was linked to.
  if (holder.email !== user.email) {
    return refuse('CONFLICT', 'This email signs in to a user with another email: change that user by itself.', 'email');
  }
  // Whoever holds a hash of his own making in a file would walk into the account (Auth0 refuses it too).
  if (user.passwordHash !== undefined) {
    return refuse(
      'CONFLICT',
      'A password hash was provided, but the user already has one: an import never replaces a password. Leave it out; PATCH /api/v2/users/{id} sets a new password.',
      'password_hash',
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
 * What becomes of one user. Updates reach what Auth0 lets an upsert reach: profile, metadata (each replaced as a whole) and
 * `email_verified`, which is false unless the file says otherwise; never password, address, user id, user name or block.
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

/** Says of each user who repeats an earlier one's address, id or name that he does. The first one counts, also with upsert, as at Auth0. */
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
