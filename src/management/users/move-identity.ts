/**
 * `/users/{id}/identities/{provider}/{user_id}/move` and `/users/{id}/moved-identities`, additions. A company's IT
 * deleted an account at its identity provider and created it again. The person then comes with a new subject and the
 * old address, but their membership here is bound to the old subject. The operator says by which subject
 * or address the member is expected from now on. The old identity is kept, so that it can be restored exactly. The
 * operator alone decides: no linking rule is checked, and the decision is logged.
 */
import { isEnterprise } from '../../domain/tenant.js';
import { assert } from '../../kernel/assert.js';
import type {
  FormerIdentity,
  IdentityRecord,
  MovedIdentity,
  UserDirectory,
  UserRecord,
} from '../../ports/directory/users.js';
import { badBody, conflict, notFound, noUser } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { ANY_OBJECT, listOf, orConflict, type Rows, viewOf } from '../api/wire.js';
import { checkNamesOnePerson } from '../connections/one-person.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { type NoExpectation, parseExpectation } from './expectation.js';
import { checkAbsorbable, findSecondSeat, type Seat } from './second-seat.js';
import { findIdentity } from './user-identities.js';
import { IDENTITY } from './user-wire.js';

interface MoveBody {
  readonly subject?: string;
  readonly expected_email?: string;
  readonly absorb_user_id?: string;
  readonly dry_run?: boolean;
}

interface RestoreBody {
  readonly end_new_identity?: boolean;
  readonly dry_run?: boolean;
}

const WRONG: Readonly<Record<NoExpectation['wrong'], string>> = {
  subject: 'subject takes what identity providers give: 1 to 255 printable ASCII characters.',
  email: 'expected_email is not a plain e-mail address.',
};

const PROBLEMS: Readonly<Record<NonNullable<FormerIdentity['problem']>, string>> = {
  not_named: 'No subject was given.',
  no_address: 'No address was given.',
  address_shared: 'Two people would be expected by this address.',
  subject_shared: 'Two people would be expected by this subject.',
  expected_for_another_user: 'Another user is expected by this subject or address at this connection.',
  bound_to_another_user: 'This subject is bound to another user of this connection.',
};

/** Returns the user in the path, with the row locked until the end of the transaction. Throws 404 `inexistent_user`. */
async function lockUser(call: Call): Promise<UserRecord> {
  const user = await call.directory.users.findForUpdate(call.params.id ?? '');
  if (user === undefined) throw noUser();
  return user;
}

function findBound(call: Call, user: UserRecord): IdentityRecord & { readonly subject: string } {
  const identity = findIdentity(user, call.params.provider ?? '', call.params.user_id ?? '');
  const subject = identity?.subject;
  if (
    identity === undefined ||
    subject === undefined ||
    identity.status !== 'bound' ||
    !isEnterprise(identity.strategy)
  )
    throw notFound("The user has no bound identity of that name at a company's connection.", 'inexistent_identity');
  return { ...identity, subject };
}

/**
 * Returns the membership to move, with the subject or address by which its member is to be expected. Throws 400 for one
 * that no sign-in could prove.
 */
function toSeat(user: UserRecord, identity: IdentityRecord & { readonly subject: string }, body: MoveBody): Seat {
  const expected = parseExpectation(body.subject, body.expected_email);
  if ('wrong' in expected) throw badBody(WRONG[expected.wrong]);
  const subject = 'subject' in expected ? expected.subject : undefined;
  if (subject === identity.subject)
    throw badBody('subject is the one that the identity is bound to: nothing was changed.');
  return { user, identity, subject, address: 'subject' in expected ? undefined : expected.expectedEmail };
}

/** Throws 400 when a subject alone does not identify a person of the connection. */
async function checkSubject(call: Call, { subject, identity }: Seat): Promise<void> {
  const connection = subject === undefined ? undefined : await call.directory.connections.find(identity.connectionId);
  if (connection !== undefined) checkNamesOnePerson(connection);
}

type Binding = Awaited<ReturnType<UserDirectory['getBinding']>>;
type Absorbed = Pick<UserRecord, 'userId' | 'email'>;
type Expected = Partial<Pick<IdentityRecord, 'subject' | 'expectedEmail'>>;

const FROM = viewOf<Seat['identity'] & Binding>({
  connection: ['string', ({ connectionName }) => connectionName],
  issuer: ['string', ({ issuer }) => issuer],
  subject: ['string', ({ subject }) => subject],
  'bound_by?': ['string', ({ boundBy }) => boundBy],
  'evidence?': [ANY_OBJECT, ({ evidence }) => evidence],
  'bound_at?': ['string', ({ boundAt }) => boundAt?.toISOString()],
});
const EXPECTED = viewOf<Expected>({
  'subject?': ['string', ({ subject }) => subject],
  'expected_email?': ['string', ({ expectedEmail }) => expectedEmail],
});
const ABSORBED = viewOf<Absorbed>({
  user_id: ['string', ({ userId }) => userId],
  'email?': ['string', ({ email }) => email],
});

interface Move {
  readonly seat: Seat;
  readonly binding: Binding;
  readonly absorbed: Absorbed | undefined;
  readonly dryRun: boolean;
}

/** The former identity with its evidence, and the one that is expected instead, for the answer and the log. */
const FACTS = viewOf<Move>({
  from: [FROM.schema, ({ seat, binding }) => FROM.show({ ...seat.identity, ...binding })],
  to: [EXPECTED.schema, ({ seat: { subject, address } }) => EXPECTED.show({ subject, expectedEmail: address })],
  'absorbed?': [ABSORBED.schema, ({ absorbed }) => absorbed && ABSORBED.show(absorbed)],
  'dry_run?': ['boolean', ({ dryRun }) => dryRun || undefined],
});

interface WithIdentities {
  /** The user's identities after the change. */
  readonly identities: readonly IdentityRecord[];
}

const IDENTITIES: Rows<WithIdentities> = {
  identities: [listOf(IDENTITY.schema), ({ identities }) => identities.map(IDENTITY.show)],
};
const MOVE = viewOf<Move & WithIdentities>({
  user_id: ['string', ({ seat }) => seat.user.userId],
  identity_id: ['string', ({ seat }) => seat.identity.id],
  ...FACTS.rows,
  ...IDENTITIES,
});

async function listIdentities(call: Call, userId: string): Promise<readonly IdentityRecord[]> {
  return (await call.directory.users.find(userId))?.identities ?? [];
}

async function applyMove(call: Call, seat: Seat, absorbed: UserRecord | undefined, apply: boolean): Promise<void> {
  const { identity, subject, address, user } = seat;
  const by = `management:${call.caller.clientId}`;
  const kept = absorbed && apply ? await call.directory.users.takeOut(absorbed.userId) : undefined;
  const [found] = await orConflict(
    PROBLEMS.expected_for_another_user,
    call.directory.users.expectAgain({
      connectionId: identity.connectionId,
      formerIssuer: identity.issuer,
      by: subject === undefined ? 'email' : 'subject',
      ...(subject !== undefined && { subjects: { [identity.subject]: subject } }),
      only: [identity.subject],
      address,
      keep: { at: call.now, by, absorbed: kept },
      boundBy: by,
      apply,
    }),
  );
  assert(found?.userId === user.userId, 'the identity was read under lock');
  if (found.problem !== undefined) throw conflict(PROBLEMS[found.problem], found.problem);
}

async function move(call: Call): Promise<Reply> {
  const body = call.body as MoveBody;
  const { absorb_user_id: absorbId, dry_run: dryRun = false } = body;
  const userId = call.params.id ?? '';
  const userIds = absorbId === undefined ? [userId] : [userId, absorbId];
  return keepWaysIn(call.directory, { userIds }, async () => {
    const user = await lockUser(call);
    const seat = toSeat(user, findBound(call, user), body);
    await checkSubject(call, seat);
    const absorbed = absorbId === undefined ? undefined : await checkAbsorbable(call, seat, absorbId);
    if (absorbed === undefined) await findSecondSeat(call, seat);
    const binding = await call.directory.users.getBinding(user.userId, seat.identity.id);
    await applyMove(call, seat, absorbed, !dryRun);
    const made = { seat, binding, absorbed, dryRun };
    return {
      body: MOVE.show({ ...made, identities: await listIdentities(call, user.userId) }),
      log: {
        userId: user.userId,
        connectionId: seat.identity.connectionId,
        details: { authority: 'operator', ...FACTS.show(made) },
      },
    };
  });
}

const MOVED = viewOf<MovedIdentity>({
  identity_id: ['string', ({ id }) => id],
  connection: ['string', ({ connectionName }) => connectionName],
  subject: ['string', ({ subject }) => subject],
  moved_at: ['string', ({ movedAt }) => movedAt.toISOString()],
  'provider?': ['string', ({ strategy }) => strategy],
  'connection_id?': ['string', ({ connectionId }) => connectionId],
  'issuer?': ['string', ({ issuer }) => issuer],
  'bound_by?': ['string', ({ boundBy }) => boundBy],
  'bound_at?': ['string', ({ boundAt }) => boundAt?.toISOString()],
  'moved_by?': ['string', ({ movedBy }) => movedBy],
  'absorbed_user_id?': ['string', ({ absorbedUserId }) => absorbedUserId],
});

interface Restoration {
  readonly restored: MovedIdentity;
  /** The identities that had replaced the restored one. */
  readonly ended: readonly IdentityRecord[];
  readonly dryRun: boolean | undefined;
}

const ENDED = viewOf<IdentityRecord>({ status: ['string', ({ status }) => status], ...EXPECTED.rows });
/** The restored data, for the answer and the log. */
const RESTORED = viewOf<Restoration>({
  restored: [MOVED.schema, ({ restored }) => MOVED.show(restored)],
  ended: [listOf(ENDED.schema), ({ ended }) => ended.map(ENDED.show)],
  'absorbed_user_id?': ['string', ({ restored }) => restored.absorbedUserId],
  'dry_run?': ['boolean', ({ dryRun }) => dryRun || undefined],
});
const RESTORE = viewOf<Restoration & WithIdentities & Pick<UserRecord, 'userId'>>({
  user_id: ['string', ({ userId }) => userId],
  ...RESTORED.rows,
  ...IDENTITIES,
});

async function listMoved(call: Call): Promise<Reply> {
  const userId = call.params.id ?? '';
  if ((await call.directory.users.findExisting([userId])).length === 0) throw noUser();
  return { body: (await call.directory.users.listMoved(userId)).map(MOVED.show) };
}

/**
 * Returns the moved identity to restore. Throws 404 when it was not moved, and 409 when a later move must
 * be undone first.
 */
function findMoved(moved: readonly MovedIdentity[], identityId: string): MovedIdentity {
  const one = moved.find(({ id }) => id === identityId);
  if (one === undefined) throw notFound('No identity of that id was moved away from this user.', 'inexistent_identity');
  const latest = moved.find(({ connectionId }) => connectionId === one.connectionId);
  if (latest?.id !== one.id)
    throw conflict(`The membership was moved again since: restore ${latest?.id} first.`, 'moved_again');
  return one;
}

/**
 * Returns the identities that have replaced the moved one. Throws 409 when one of them is bound, unless the request
 * permits its removal.
 */
function checkReplacement(user: UserRecord, moved: MovedIdentity, body: RestoreBody): readonly IdentityRecord[] {
  const here = user.identities.filter(({ connectionId }) => connectionId === moved.connectionId);
  const bound = here.find(({ status }) => status === 'bound');
  if (bound !== undefined && body.end_new_identity !== true)
    throw conflict(
      `${bound.subject} has signed in to this membership since the move, and could not any more. Send end_new_identity: true to put the old identity back all the same.`,
      'bound_meanwhile',
    );
  return here;
}

async function restore(call: Call): Promise<Reply> {
  const body = call.body as RestoreBody;
  const { users } = call.directory;
  const user = await lockUser(call);
  const moved = findMoved(await users.listMoved(user.userId), call.params.identity_id ?? '');
  const ended = checkReplacement(user, moved, body);
  if (body.dry_run !== true)
    await orConflict(
      'The old subject, or the account that the move took in, is in use again: nothing was changed.',
      users.restoreMoved(user.userId, moved.id),
      'in_use_again',
    );
  const made = { restored: moved, ended, dryRun: body.dry_run };
  const { userId } = user;
  return {
    body: RESTORE.show({ ...made, userId, identities: await listIdentities(call, userId) }),
    log: { userId, connectionId: moved.connectionId, details: { authority: 'operator', ...RESTORED.show(made) } },
  };
}

/** Returns the operations that move a membership to a recreated account, and that undo the move. */
export function moveOperations(): Operation[] {
  return [
    {
      method: 'post',
      path: '/users/{id}/identities/{provider}/{user_id}/move',
      summary: 'Move the membership of a user to a recreated account',
      reply: MOVE.schema,
      refusals: [404, 409],
      run: move,
    },
    {
      method: 'get',
      path: '/users/{id}/moved-identities',
      summary: 'List the identities that were moved away from a user',
      reply: listOf(MOVED.schema),
      refusals: [404],
      run: listMoved,
    },
    {
      method: 'post',
      path: '/users/{id}/moved-identities/{identity_id}/restore',
      summary: 'Put a moved identity back',
      reply: RESTORE.schema,
      refusals: [404, 409],
      run: restore,
    },
  ];
}
