/**
 * The second account of the same person. A company recreated the person's account at its identity
 * provider, and a new invitation or auto-membership then created the second account here. Moving the first account to
 * the new identity conflicts with it. Decides whether there is such an account, and whether the move may absorb it.
 * Never absorbs one by itself.
 */
import type { IdentityRecord, UserRecord } from '../../ports/directory/users.js';
import { conflict } from '../api/errors.js';
import type { Call } from '../api/operation.js';

/** The user whose membership is moved, its bound identity, and the subject or address by which it will be expected. */
export interface Seat {
  readonly user: UserRecord;
  readonly identity: IdentityRecord & { readonly subject: string };
  readonly subject: string | undefined;
  readonly address: string | undefined;
}

/** Most organizations of an account that are compared. An account with more is not treated as a second one. */
const COMPARED = 100;

const isBoundHere = (seat: Seat, { connectionId, status }: IdentityRecord) =>
  connectionId === seat.identity.connectionId && status === 'bound';

/**
 * Returns the other user who is already bound to the new subject, or who has the new address and is bound at this
 * connection.
 */
async function findHolder(call: Call, { identity, subject, address, user }: Seat): Promise<string | undefined> {
  const { users } = call.directory;
  const { connectionId } = identity;
  if (subject !== undefined) {
    const found = await users.findBoundUser(connectionId, subject);
    return found === user.userId ? undefined : found;
  }
  const namesakes = address === undefined ? [] : await users.listByEmail(address);
  const holds = (one: UserRecord) =>
    one.identities.some((item) => item.connectionId === connectionId && item.status === 'bound');
  return namesakes.find((one) => one.userId !== user.userId && holds(one))?.userId;
}

/**
 * Throws 409 `subject_is_bound` when the new subject already belongs to another account. The person would keep signing
 * in to that account, and the moved one would never be bound. The message says how to absorb the other account.
 */
export async function findSecondSeat(call: Call, seat: Seat): Promise<void> {
  const holder = await findHolder(call, seat);
  if (holder === undefined) return;
  throw conflict(
    `${holder} is bound at this connection already, and would go on signing in as that user. If it is a second account of the same person, ` +
      `send absorb_user_id: ${JSON.stringify(holder)}: it is removed, and comes back when the move is taken back.`,
    'subject_is_bound',
  );
}

async function listOrganizations(call: Call, userId: string): Promise<readonly string[]> {
  const page = await call.directory.members.listOrganizationsOf(userId, { limit: COMPARED, offset: 0, count: false });
  return page.next === undefined ? page.items.map(({ id }) => id) : [...page.items.map(({ id }) => id), ''];
}

/** Returns why `other` is not a second account of the same person, or undefined if it is. */
async function whyNotAbsorbable(call: Call, seat: Seat, other: UserRecord): Promise<string | undefined> {
  const { user, subject, address } = seat;
  if (other.userId === user.userId) return 'it is the user whose membership is moved';
  if (other.blocked) return 'it is blocked';
  const [identity, ...more] = other.identities;
  if (identity === undefined || more.length > 0 || !isBoundHere(seat, identity))
    return 'it has other ways to sign in than this connection';
  if (subject !== undefined && identity.subject !== subject)
    return `it is bound to ${identity.subject}, not to ${subject}`;
  if (other.email === undefined || (other.email !== user.email && other.email !== address))
    return 'it has another address';
  if ((await call.directory.users.listPasswordConnections(other.userId)).length > 0) return 'it has a password';
  // Attack: the account is absorbed and then restored, and its factors are gone.
  if ((await call.directory.factors.list(other.userId)).length > 0)
    return 'it has second factors: remove them first, if they are no longer needed';
  // Absorbing it would forget the subject that was moved away. That subject would no longer be refused, and its move
  // could not be undone.
  if ((await call.directory.users.listMoved(other.userId)).length > 0)
    return 'its own membership was moved: restore that first';
  const own = await listOrganizations(call, user.userId);
  const elsewhere = (await listOrganizations(call, other.userId)).filter((id) => !own.includes(id) || id === '');
  return elsewhere.length === 0 ? undefined : 'it is a member of organizations that the user does not belong to';
}

/**
 * Returns the account to absorb, with its row locked. Throws 409 `cannot_absorb` unless it is only a second account of the
 * same person.
 */
export async function checkAbsorbable(call: Call, seat: Seat, userId: string): Promise<UserRecord> {
  const other = await call.directory.users.findForUpdate(userId);
  if (other === undefined) throw conflict(`${userId} cannot be taken in: no such user exists.`, 'cannot_absorb');
  const reason = await whyNotAbsorbable(call, seat, other);
  if (reason !== undefined)
    throw conflict(`${userId} cannot be taken in: ${reason}. Nothing was changed.`, 'cannot_absorb');
  return other;
}
