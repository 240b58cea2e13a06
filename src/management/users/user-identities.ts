/**
 * `/users/{id}/identities`: account linking, decided by the operator and logged. Linking an existing secondary user
 * works as on Auth0: its identities move to the primary user, and it is deleted with its metadata, memberships and
 * sessions. An addition: a subject or address without a user becomes an expected identity, bound at the first login
 * that proves it.
 */
import { shownProfile } from '../../domain/people/shown-profile.js';
import { isEnterprise } from '../../domain/tenant.js';
import { assert } from '../../kernel/assert.js';
import { newDatabaseSubject } from '../../kernel/ids.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { IdentityRecord, UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, insufficientScopes, noConnection, notFound, notSupported, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkAccounts } from '../api/operators.js';
import { listOf, orConflict } from '../api/wire.js';
import { checkNamesOnePerson } from '../connections/one-person.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { parseExpectation } from './expectation.js';
import { getSecondaryOfToken } from './link-token.js';
import { separateIdentity } from './user-separate.js';
import { IDENTITY, toIdentityUserId } from './user-wire.js';
import { getUser } from './users.js';

interface LinkBody {
  readonly provider?: string;
  readonly user_id?: string | number;
  readonly connection_id?: string;
  readonly link_with?: string;
  readonly expected_email?: string;
}

const EXISTS = 'Specified identity already exists.';

const WRONG = {
  subject: 'user_id takes the subject that the identity provider gives: 1 to 255 printable ASCII characters.',
  email: 'Give user_id or expected_email.',
};

async function toReply(call: Call, userId: string): Promise<Reply> {
  const user = await call.directory.users.find(userId);
  assert(user, 'the user was read in this transaction');
  return { body: user.identities.map(IDENTITY.show) };
}

/**
 * Returns the subject in `text`, which may be `connection|subject`, `strategy|connection|subject` or the subject alone.
 */
function toSubject(connection: ConnectionRecord, text: string): string {
  for (const prefix of [`${connection.strategy}|${connection.name}|`, `${connection.name}|`]) {
    if (text.startsWith(prefix)) return text.slice(prefix.length);
  }
  return text;
}

/** Returns the secondary user that the request names, in any of the forms that Auth0 accepts. */
async function findSecondary(call: Call, provider: string, text: string, connection: ConnectionRecord | undefined) {
  const ids = [text.startsWith(`${provider}|`) ? text : `${provider}|${text}`];
  if (connection !== undefined && isEnterprise(connection.strategy)) {
    ids.push(`${provider}|${connection.name}|${toSubject(connection, text)}`);
  }
  const [found] = await call.directory.users.findExisting(ids);
  return found === undefined ? undefined : call.directory.users.find(found);
}

function profileOf(user: UserRecord): Readonly<Record<string, unknown>> {
  const { givenName, familyName, ...profile } = shownProfile(user);
  return {
    ...profile,
    ...(givenName === undefined ? {} : { given_name: givenName }),
    ...(familyName === undefined ? {} : { family_name: familyName }),
    ...(user.email === undefined ? {} : { email: user.email }),
    email_verified: user.emailVerified,
  };
}

/**
 * Throws 409 if the secondary user has an expected identity that could never be bound to the primary user: binding
 * requires an account without another identity at the same connection (linking rule, part 5).
 */
function checkCanWait(primary: UserRecord, secondary: UserRecord): void {
  const waiting = secondary.identities.filter(({ status }) => status === 'expected');
  if (waiting.some((one) => primary.identities.some(({ connectionId }) => connectionId === one.connectionId)))
    throw conflict('The user has an identity at this connection already.');
}

/** Throws 409 if both accounts are of one database: an account has one password there, so one would be lost. */
function checkOnePassword(primary: UserRecord, secondary: UserRecord): void {
  const shared = secondary.identities.find(
    ({ connectionId, strategy }) =>
      !isEnterprise(strategy) && primary.identities.some((one) => one.connectionId === connectionId),
  );
  if (shared !== undefined)
    throw conflict(
      `Both users are of the database ${shared.connectionName}, and a user has one password there. Delete one, or change the address of one.`,
    );
}

/**
 * Throws 403 when the secondary user has second factors, which are deleted with it, and the caller may not delete them.
 * Attack: a client with `update:users` links an account to another one and unlinks it again; it is then open without its
 * factors.
 */
async function checkMayDropFactors({ caller, directory }: Call, { userId }: UserRecord): Promise<void> {
  if (caller.scopes.has('delete:authentication_methods')) return;
  if ((await directory.factors.list(userId)).length > 0)
    throw insufficientScopes(['update:users', 'delete:authentication_methods']);
}

async function absorb(deps: ManagementDeps, call: Call, primary: UserRecord, seen: UserRecord): Promise<void> {
  await checkAccounts(deps, call, [seen.userId]);
  if (primary.userId === seen.userId) throw badBody('Main account and secondary account must be different.');
  // The row is locked: otherwise a concurrent SCIM request could deactivate the person, and that would be lost when the
  // user is deleted.
  const secondary = await call.directory.users.findForUpdate(seen.userId);
  if (secondary === undefined) throw badBody('Linking an inexistent identity is not allowed.');
  await checkMayDropFactors(call, secondary);
  checkCanWait(primary, secondary);
  checkOnePassword(primary, secondary);
  const move = async () => {
    for (const identity of secondary.identities) {
      // A user's profile moves with the primary identity; other identities have their own.
      const profile = identity.isPrimary
        ? { profile: { ...identity.profile, ...profileOf(secondary) }, emailVouchedBy: secondary.emailVouchedBy }
        : undefined;
      await call.directory.users.moveIdentity(secondary.userId, identity.id, primary.userId, profile, false);
      // The company's directory blocked the secondary account. After the move, only this identity must be inactive, not
      // the whole primary account.
      if (identity.isPrimary && secondary.blockedByScim)
        await call.directory.scim.setInactive(primary.userId, identity.id, true);
    }
  };
  await keepWaysIn(call.directory, { userIds: [primary.userId, secondary.userId] }, async () => {
    await orConflict(EXISTS, move());
    // Keeps the subjects that were moved away from the secondary account. Otherwise a login with one of them would
    // count as a newcomer's.
    await call.directory.users.handOverMoved(secondary.userId, primary.userId);
    await call.directory.users.delete(secondary.userId);
  });
  // A company's directory or identity provider now proves the person. So a password that somebody planted before must
  // be removed (linking rule, part 10).
  if (secondary.identities.some(({ strategy }) => isEnterprise(strategy)))
    await call.directory.users.endUnvouchedPasswords(primary.userId, call.now);
}

async function expectIdentity(
  deps: ManagementDeps,
  call: Call,
  user: UserRecord,
  connection: ConnectionRecord,
  body: LinkBody,
): Promise<void> {
  if (!isEnterprise(connection.strategy)) throw badBody('Linking an inexistent identity is not allowed.');
  if (connection.strategy !== body.provider) {
    throw badBody(`The provider of this connection is ${connection.strategy}.`);
  }
  const subject = body.user_id === undefined ? undefined : toSubject(connection, String(body.user_id));
  const expectation = parseExpectation(subject, body.expected_email);
  if ('wrong' in expectation) throw badBody(WRONG[expectation.wrong]);
  if (subject !== undefined) checkNamesOnePerson(connection);
  const [result] = await call.directory.people.expect({
    connectionId: connection.id,
    people: [{ ...expectation, userId: user.userId, identityId: newDatabaseSubject(deps.entropy) }],
    boundBy: `management:${call.caller.clientId}`,
    at: call.now,
  });
  if (result === 'unknown_user') throw noUser();
  if (result === 'taken') throw conflict(EXISTS);
  if (result !== 'created') throw conflict('The user has an identity at this connection already.');
}

async function link(deps: ManagementDeps, call: Call): Promise<Reply> {
  const user = await getUser(call);
  const body = call.body as LinkBody;
  if (body.link_with !== undefined) {
    if (body.provider !== undefined || body.user_id !== undefined || body.expected_email !== undefined) {
      throw badBody('Give link_with alone, or provider and user_id: both name the secondary user.');
    }
    await absorb(deps, call, user, await getSecondaryOfToken(deps, call, body.link_with));
    return toReply(call, user.userId);
  }
  if (body.provider === undefined) throw badBody("Payload validation error: 'Missing required property: provider'.");
  if (body.user_id === undefined && body.expected_email === undefined) {
    throw badBody("Payload validation error: 'Missing required property: user_id'.");
  }
  const connection =
    body.connection_id === undefined ? undefined : await call.directory.connections.find(body.connection_id);
  if (body.connection_id !== undefined && connection === undefined) throw noConnection();
  const secondary =
    body.user_id === undefined ? undefined : await findSecondary(call, body.provider, String(body.user_id), connection);
  if (secondary !== undefined) await absorb(deps, call, user, secondary);
  else if (connection === undefined) throw badBody('Linking an inexistent identity is not allowed.');
  else await expectIdentity(deps, call, user, connection, body);
  return toReply(call, user.userId);
}

/** Returns the identity that the path names, in any of the forms that Auth0 accepts. */
export function findIdentity(user: UserRecord, provider: string, text: string): IdentityRecord | undefined {
  return user.identities.find(
    (identity) =>
      identity.strategy === provider &&
      [
        toIdentityUserId(identity),
        identity.subject,
        identity.expectedEmail,
        `${provider}|${toIdentityUserId(identity)}`,
      ].includes(text),
  );
}

async function unlink(call: Call): Promise<Reply> {
  const user = await getUser(call);
  const identity = findIdentity(user, call.params.provider ?? '', call.params.user_id ?? '');
  if (identity === undefined) throw notFound('The identity does not exist.', 'inexistent_identity');
  if (identity.isPrimary) throw notSupported('The main identity of a user cannot be unlinked.');
  // An identity that only this user was to get is deleted. One that SCIM created, or that is bound, becomes a user of
  // its own again.
  if (identity.status === 'expected' && identity.scimId === undefined)
    await call.directory.users.deleteIdentity(user.userId, identity.id);
  else await keepWaysIn(call.directory, { userIds: [user.userId] }, () => separateIdentity(call, user, identity));
  return { ...(await toReply(call, user.userId)), log: { userId: user.userId } };
}

/** Returns the operations on `/users/{id}/identities`: link, prepare an expected identity, unlink. */
export function identityOperations(deps: ManagementDeps): Operation[] {
  const reply = listOf(IDENTITY.schema);
  return [
    {
      method: 'post',
      path: '/users/{id}/identities',
      summary: 'Link an identity to a user',
      status: 201,
      reply,
      refusals: [404, 409],
      run: (call) => link(deps, call),
    },
    {
      method: 'delete',
      path: '/users/{id}/identities/{provider}/{user_id}',
      summary: 'Unlink an identity from a user',
      reply,
      refusals: [404, 409],
      run: unlink,
    },
  ];
}
