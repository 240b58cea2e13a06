/**
 * `PATCH /users/{id}`. Metadata is merged at the top level. A new password or address, or a block, revokes sessions,
 * tokens and tickets.
 */
import { type Email, parseEmail } from '../../domain/people/email.js';
import { passwordChangeJob } from '../../login/tenant-code/after-commit.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { UserChanges, UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, notSupported, noUser } from '../api/errors.js';
import { namesOf, toChanges } from '../api/fields.js';
import type { Call, Wire } from '../api/operation.js';
import { changed, mergeMetadata, orConflict, present } from '../api/wire.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { PROFILE_FIELDS, USER_FIELDS, type UserSettingsBody } from './fields.js';
import { checkPassword } from './user-create.js';
import { toProfile } from './user-wire.js';

interface UpdateUserBody extends UserSettingsBody {
  readonly email?: string | null;
  readonly email_verified?: boolean;
  readonly password?: string | null;
  readonly connection?: string;
  readonly client_id?: string;
  readonly user_metadata?: Wire;
  readonly app_metadata?: Wire;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...namesOf(PROFILE_FIELDS),
  ...namesOf(USER_FIELDS),
  'email',
  'email_verified',
  'verify_email',
  'password',
  'connection',
  'client_id',
  'user_metadata',
  'app_metadata',
]);

function checkFields(body: object): void {
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw badBody(`Payload validation error: 'Additional properties not allowed: ${unknown.slice(0, 100)}'.`);
  }
}

/** Returns the database connection whose password or address the request changes. Throws 400. */
async function getOwnDatabase(call: Call, user: UserRecord, name: string | undefined): Promise<ConnectionRecord> {
  const databases = user.identities.filter((identity) => identity.strategy === 'auth0' && identity.status === 'bound');
  const chosen = name === undefined ? databases[0] : databases.find((identity) => identity.connectionName === name);
  const connection = chosen && (await call.directory.connections.find(chosen.connectionId));
  if (connection === undefined) {
    throw notSupported('Only users of a database connection have a password or an address that can be changed here.');
  }
  return connection;
}

async function changeEmail(call: Call, user: UserRecord, body: UpdateUserBody): Promise<Email | undefined> {
  if (body.email === undefined) return undefined;
  const email = parseEmail(body.email);
  if (email === undefined)
    throw badBody("Payload validation error: 'The address cannot be removed' on property email.");
  if (email === user.email) return undefined;
  await getOwnDatabase(call, user, body.connection);
  await orConflict(
    'The specified new email already exists',
    call.directory.users.renamePasswordLogin(user.userId, email),
  );
  return email;
}

interface NewPassword {
  readonly connection: ConnectionRecord;
  readonly hash: string;
}

/** Returns the hash of the password in the body. Runs before any row is locked, since hashing is slow on purpose. */
async function hashPassword(
  deps: ManagementDeps,
  call: Call,
  user: UserRecord,
  body: UpdateUserBody,
): Promise<NewPassword | undefined> {
  if (body.password === undefined || body.password === null) return undefined;
  const connection = await getOwnDatabase(call, user, body.connection);
  const address = parseEmail(body.email ?? user.email);
  if (address === undefined) throw badBody('The user has no address to sign in with.');
  const { name, givenName, familyName, nickname } = user.profile;
  const stored = { name, given_name: givenName, family_name: familyName, nickname, username: user.username };
  checkPassword(body.password, connection, { email: address, profile: { ...present(stored), ...body } });
  return { connection, hash: await deps.passwords.hash(body.password) };
}

async function changePassword(call: Call, user: UserRecord, password: NewPassword, email: Email | undefined) {
  const address = email ?? parseEmail(user.email);
  if (address === undefined) throw badBody('The user has no address to sign in with.');
  await orConflict(
    'The specified new email already exists',
    call.directory.users.putPassword(user.userId, password.connection.id, address, password.hash, call.now),
  );
}

/** Queues the job that tells Actions that an administrator has set a password. */
async function enqueueJob(
  deps: ManagementDeps,
  call: Call,
  user: UserRecord,
  connection: ConnectionRecord,
): Promise<void> {
  const request = { ...call.from, method: 'PATCH' };
  const change = { user, connection, organizationId: undefined, at: call.now, request };
  await call.directory.jobs.enqueue(passwordChangeJob(change, deps.origin, deps.entropy), call.now);
}

function changesOf(call: Call, user: UserRecord, body: UpdateUserBody, email: Email | undefined): UserChanges {
  // A new address counts as unverified, unless the caller says that it is verified.
  const verified = body.email_verified ?? (email === undefined ? undefined : false);
  return {
    ...toChanges(USER_FIELDS, body),
    ...changed<Pick<UserChanges, 'email' | 'profile' | 'userMetadata' | 'appMetadata'>>({
      email,
      profile: toProfile(user.profile, body),
      userMetadata: body.user_metadata === undefined ? undefined : mergeMetadata(user.userMetadata, body.user_metadata),
      appMetadata: body.app_metadata === undefined ? undefined : mergeMetadata(user.appMetadata, body.app_metadata),
    }),
    ...(verified === undefined ? {} : { emailVouchedBy: verified ? ('operator' as const) : undefined }),
    updatedAt: call.now,
  };
}

async function write(call: Call, userId: string, password: NewPassword | undefined): Promise<UserRecord> {
  const body = call.body as UpdateUserBody;
  // The row is locked from here on. Metadata and profile are merged into this row, not into the one that was read
  // before.
  const user = await call.directory.users.findForUpdate(userId);
  if (user === undefined) throw noUser();
  const email = await changeEmail(call, user, body);
  if (password !== undefined) await changePassword(call, user, password, email);
  const after = await call.directory.users.update(userId, changesOf(call, user, body, email));
  if (after === undefined) throw noUser();
  // Attacks: a session that was opened with the old password, or by a person who is now blocked, continues; a pending
  // password reset for the old address gives access to the account again.
  if (password !== undefined || email !== undefined || (body.blocked === true && !user.blocked)) {
    const why = password === undefined ? email && 'email-identifier-changed' : 'password-changed';
    await call.directory.users.endSessions(userId, call.now, why);
  }
  return after;
}

/** Applies the body of `PATCH /users/{id}` to the user in the path. Throws Auth0's 400, 404 and 409. */
export async function updateUser(deps: ManagementDeps, call: Call, seen: UserRecord): Promise<UserRecord> {
  const body = call.body as UpdateUserBody;
  checkFields(body);
  const password = await hashPassword(deps, call, seen, body);
  const { userId } = seen;
  const work = () => write(call, userId, password);
  const after = await (body.blocked === true ? keepWaysIn(call.directory, { userIds: [userId] }, work) : work());
  if (password !== undefined) await enqueueJob(deps, call, after, password.connection);
  return after;
}
