/**
 * The plan to move one person's membership, which is bound to one subject: the person, the identity that the
 * membership is bound to, and the new one that it will expect. Two lines of JSON: the plan and its digest. Reads the tenant
 * and changes nothing; opens no file.
 */
import { createHash } from 'node:crypto';
import { type Json, RemoteError } from '../../remote/exchange.js';
import type { Endpoint } from '../../remote/tenant.js';
import { PlanError } from '../plan-file.js';

const SEAT_VERSION = 1;

export interface SeatPlan {
  readonly vestibule_move_seat: typeof SEAT_VERSION;
  readonly made_at: string;
  readonly tenant: { readonly origin: string };
  readonly organization: { readonly id: string; readonly name: string };
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
  readonly email: string;
  readonly user_id: string;
  /** The subject to which the membership is bound before the move. */
  readonly from: string;
  readonly to: { readonly subject: string } | { readonly expected_email: string };
  /** Id of a second account to merge into this one. */
  readonly absorb_user_id?: string;
}

/** The move as the operator's options describe it, before the tenant was read. */
export interface SeatWish {
  readonly email: string;
  readonly to: SeatPlan['to'];
  readonly absorb: string | undefined;
  /** Id of the user; needed if several users have the address. */
  readonly user: string | undefined;
}

export interface SeatPlace {
  readonly organization: { readonly id: string; readonly name: string };
  readonly connection: { readonly id: string; readonly name: string; readonly strategy: string };
}

/** Returns the subject to which a user is bound at a connection; undefined for none. */
export function findBoundSubject(user: Json, { name, strategy }: SeatPlace['connection']): string | undefined {
  const identities = Array.isArray(user.identities) ? (user.identities as readonly Json[]) : [];
  const bound = identities.find(
    (one) => one.connection === name && one.provider === strategy && one.status === undefined,
  );
  const id = bound?.user_id;
  return typeof id === 'string' && id.startsWith(`${name}|`) ? id.slice(name.length + 1) : undefined;
}

async function isMember(remote: Endpoint, userId: string, organizationId: string): Promise<boolean> {
  const path = `/users/${encodeURIComponent(userId)}/organizations?per_page=100`;
  const list = (await remote.get(path)) as readonly Json[];
  return list.some(({ id }) => id === organizationId);
}

function wrong(message: string, advice: string): RemoteError {
  return new RemoteError('refused', message, advice);
}

/** Lists the members with this address that have a bound identity at the connection. */
async function listSeats(remote: Endpoint, place: SeatPlace, wish: SeatWish): Promise<readonly Json[]> {
  const path = `/users-by-email?email=${encodeURIComponent(wish.email)}`;
  const seats: Json[] = [];
  for (const user of (await remote.get(path)) as readonly Json[]) {
    const id = String(user.user_id);
    if (id === wish.absorb || (wish.user !== undefined && id !== wish.user)) continue;
    const subject = findBoundSubject(user, place.connection);
    const isTarget = 'subject' in wish.to && wish.to.subject === subject;
    if (subject === undefined || isTarget || !(await isMember(remote, id, place.organization.id))) continue;
    seats.push(user);
  }
  return seats;
}

/** Finds the person's membership and plans its move. Throws {@link RemoteError} where there is none, or more than one. */
export async function makeSeatPlan(
  remote: Endpoint & { readonly origin: string },
  place: SeatPlace,
  wish: SeatWish,
  at: Date,
): Promise<SeatPlan> {
  const { organization, connection } = place;
  const [seat, ...more] = await listSeats(remote, place, wish);
  if (seat === undefined)
    throw wrong(
      `No member of ${organization.name} with the address ${wish.email} is bound to another subject at ${connection.name}.`,
      'vestibule explain says what happens when they sign in; somebody who is bound to nothing needs no move.',
    );
  if (more.length > 0)
    throw wrong(
      `${more.length + 1} members of ${organization.name} with the address ${wish.email} are bound at ${connection.name}: ${[seat, ...more].map((user) => String(user.user_id)).join(', ')}.`,
      'Name the one whose membership it is with --user, and a second account of the same person with --absorb.',
    );
  return {
    vestibule_move_seat: SEAT_VERSION,
    made_at: at.toISOString(),
    tenant: { origin: remote.origin },
    organization,
    connection,
    email: wish.email,
    user_id: String(seat.user_id),
    from: findBoundSubject(seat, connection) ?? '',
    to: wish.to,
    ...(wish.absorb !== undefined && { absorb_user_id: wish.absorb }),
  };
}

function digestOf(line: string): string {
  return createHash('sha256').update(`${line}\n`).digest('hex');
}

/** Returns the text of the plan's file, and its digest. */
export function toSeatFile(plan: SeatPlan): { readonly text: string; readonly digest: string } {
  const line = JSON.stringify(plan);
  const digest = digestOf(line);
  return { text: `${line}\n${JSON.stringify({ digest })}\n`, digest };
}

/**
 * Parses a plan's file. Throws {@link PlanError} if it was changed, truncated, or made by another command or version.
 */
export function parseSeatFile(text: string): { readonly plan: SeatPlan; readonly digest: string } {
  const [line = '', last = ''] = text.split('\n');
  let plan: Partial<SeatPlan> | null;
  let end: { digest?: unknown } | null;
  try {
    [plan, end] = [JSON.parse(line) as Partial<SeatPlan> | null, JSON.parse(last) as { digest?: unknown } | null];
  } catch {
    throw new PlanError('the file is no plan of a moved membership, or was cut off');
  }
  if (plan?.vestibule_move_seat === undefined) throw new PlanError('the file is no plan of a moved membership');
  if (plan.vestibule_move_seat !== SEAT_VERSION)
    throw new PlanError(`the plan has version ${plan.vestibule_move_seat}, this command takes version ${SEAT_VERSION}`);
  const digest = digestOf(line);
  if (end?.digest !== digest) throw new PlanError('the plan was changed after it was made: its digest does not fit');
  return { plan: plan as SeatPlan, digest };
}
