/** `POST /users`: creates a user of a database connection with password and identity, in one transaction. */

import { checkNewPassword } from '../../domain/passwords/password-policy.js';
import { type Email, parseEmail } from '../../domain/people/email.js';
import { assert } from '../../kernel/assert.js';
import { newDatabaseSubject } from '../../kernel/ids.js';
import { registrationJob } from '../../login/tenant-code/after-commit.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, ManagementError } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Wire } from '../api/operation.js';
import { mergeMetadata, orConflict } from '../api/wire.js';
import { type ProfileBody, USER_FIELDS, type UserSettingsBody } from './fields.js';
import { toProfile } from './user-wire.js';

interface CreateUserBody extends UserSettingsBody {
  readonly connection: string;
  readonly email?: string;
  readonly password?: string;
  readonly user_id?: string;
  readonly email_verified?: boolean;
  readonly user_metadata?: Wire;
  readonly app_metadata?: Wire;
}

const EXISTS = 'The user already exists.';

/**
 * Throws 400 unless `password` satisfies the policy of the connection. `profile`: the user's names, with the property
 * names of a request.
 */
export function checkPassword(
  password: string,
  connection: ConnectionRecord,
  {
    email,
    profile,
  }: { readonly email: Email | undefined; readonly profile: ProfileBody & { username?: string | null } },
): void {
  const { name, given_name, family_name, nickname, username } = profile;
  const names = [name, given_name, family_name, nickname, username].map((text) => text ?? undefined);
  const weakness = checkNewPassword(password, { email, names, options: connection.options });
  if (weakness !== undefined) {
    throw new ManagementError(400, `PasswordStrengthError: Password is too weak. ${weakness}`, 'invalid_body');
  }
}

async function getDatabase(call: Call, name: string): Promise<ConnectionRecord> {
  const connection = await call.directory.connections.findByName(name);
  if (connection === undefined)
    throw new ManagementError(400, 'The connection does not exist', 'inexistent_connection');
  if (connection.strategy !== 'auth0') {
    throw badBody(
      'Connection does not support user creation through the API. It must either be a database or passwordless connection',
    );
  }
  return connection;
}

function checkBody(body: CreateUserBody, connection: ConnectionRecord): { email: Email; password: string } {
  const email = parseEmail(body.email);
  if (email === undefined) throw badBody("Payload validation error: 'Missing required property: email'.");
  if (body.password === undefined) throw badBody("Payload validation error: 'Missing required property: password'.");
  if (body.username !== undefined && connection.options.requires_username !== true) {
    throw badBody('Cannot set username for connection without requires_username.');
  }
  checkPassword(body.password, connection, { email, profile: body });
  return { email, password: body.password };
}

/**
 * Returns the part of the id after `auth0|`; a random one if none is wanted. Throws 400 for a text with another `|`:
 * the id would look like one of another provider's user.
 */
function toSubject(deps: ManagementDeps, wanted: string | undefined): string {
  if (wanted === undefined || wanted === '') return newDatabaseSubject(deps.entropy);
  const subject = wanted.startsWith('auth0|') ? wanted.slice('auth0|'.length) : wanted;
  if (subject === '' || subject.includes('|')) throw badBody('user_id takes a text without "|".');
  return subject;
}

/**
 * Creates the user in a `POST /users` body, with their password and identity in a database connection. Throws Auth0's
 * 400 and 409.
 */
export async function createUser(deps: ManagementDeps, call: Call): Promise<UserRecord> {
  const body = call.body as CreateUserBody;
  const connection = await getDatabase(call, body.connection);
  const { email, password } = checkBody(body, connection);
  const { users } = call.directory;
  if ((await users.findPasswordUser(connection.id, email)) !== undefined) {
    throw new ManagementError(409, EXISTS, 'auth0_idp_error');
  }
  const subject = toSubject(deps, body.user_id);
  const userId = `auth0|${subject}`;
  // The slow hash is computed before the first write, so that no row is locked meanwhile.
  const hash = await deps.passwords.hash(password);
  const write = async () => {
    await users.create({
      ...toDefaults(USER_FIELDS),
      ...toChanges(USER_FIELDS, body),
      userId,
      email,
      emailVouchedBy: body.email_verified === true ? 'operator' : undefined,
      profile: toProfile({}, body) ?? {},
      userMetadata: mergeMetadata({}, body.user_metadata),
      appMetadata: mergeMetadata({}, body.app_metadata),
      createdAt: call.now,
      updatedAt: call.now,
    });
    await users.addIdentity({
      id: newDatabaseSubject(deps.entropy),
      userId,
      connectionId: connection.id,
      status: 'bound',
      issuer: '',
      subject,
      expectedEmail: undefined,
      isPrimary: true,
      profile: {},
      boundBy: `management:${call.caller.clientId}`,
      at: call.now,
    });
    await users.putPassword(userId, connection.id, email, hash, call.now);
  };
  await orConflict(EXISTS, write(), 'auth0_idp_error');
  const created = await users.find(userId);
  assert(created, 'the user was written in this transaction');
  await call.directory.jobs.enqueue(
    registrationJob({ user: created, connection }, deps.origin, deps.entropy),
    call.now,
  );
  return created;
}
