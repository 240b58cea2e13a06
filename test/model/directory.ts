/**
 * A company's directory in the model: people created by SCIM, made inactive and active again, put into groups and taken out, deleted, while
 * they sign in and an operator links them to accounts of others. Written from ADR 0042, ADR 0050 and docs/guides/scim.md.
 */
import { forget } from './administration.js';
import {
  connectionName,
  DONE,
  type Draft,
  endAccessThrough,
  endSessions,
  NOTHING,
  pick,
  rejected,
  type Step,
} from './draft.js';
import { provisioned } from './provisioned.js';
import { isSubject, prefixOf } from './rules.js';
import type { Outcome, State } from './state.js';

type Seat = ReturnType<typeof provisioned<Draft>>[number];

interface Newcomer {
  readonly subject: string;
  readonly email: string;
  readonly active: boolean;
}

/** Somebody whom the directory of a connection creates before their first sign-in. */
export function createAt(draft: Draft, connection: string, { subject, email, active }: Newcomer): Outcome {
  const idp = draft.connections[connection]?.idp;
  if (idp === undefined) return NOTHING;
  if (!isSubject(subject)) return rejected(400);
  const prefix = prefixOf(draft, connection, idp);
  const user = `${prefix}|${subject}`;
  const isThere = [...draft.identities, ...draft.expected].some(
    (item) => item.connection === connection && item.subject === subject,
  );
  if (isThere || draft.users[user] !== undefined) return rejected(409);
  draft.prefixes[`${connection} ${idp}`] = prefix;
  const blocked = active ? { blocked: false } : { blocked: true, blockedByScim: true as const };
  draft.users[user] = { email, voucher: undefined, passwordFor: undefined, ...blocked };
  const said = { email, voucher: undefined };
  draft.expected.push({
    connection,
    subject,
    email: undefined,
    user,
    idp,
    primary: true,
    scimId: user,
    wrote: email,
    said,
  });
  return DONE;
}

const create: Step<'scimCreate'> = (draft, { connection, ...newcomer }) =>
  draft.hasDirectory ? createAt(draft, connectionName(connection), newcomer) : NOTHING;

/** The data are written as a whole: the address of an account of the directory's own is what it wrote last, and has no voucher. */
function writeAddress(draft: Draft, seat: Seat, email: string | undefined, isTheirs: boolean): void {
  const user = draft.users[seat.user];
  seat.wrote = email;
  const waits = draft.expected.some((item) => item === seat);
  if (waits) seat.said = { email, voucher: seat.said?.email === email ? seat.said?.voucher : undefined };
  if (user && isTheirs && user.email !== email) Object.assign(user, { email, voucher: undefined });
}

/** Power follows the main identity: an account of the directory's own is blocked, of another one the way in is closed. */
export function writeSeat(
  draft: Draft,
  seat: Seat,
  { on, email }: { readonly on: boolean; readonly email?: string | undefined },
  may: { readonly account: boolean; readonly address: boolean },
): Outcome {
  const user = draft.users[seat.user];
  if (!user) return NOTHING;
  writeAddress(draft, seat, email ?? seat.wrote, may.address);
  const isClosed = seat.closed === true || (seat.primary === true && user.blockedByScim === true);
  if (on !== isClosed) return DONE;
  if (on) {
    delete seat.closed;
    if (seat.primary && user.blockedByScim) Object.assign(user, { blocked: false, blockedByScim: undefined });
    return DONE;
  }
  if (!may.account) {
    seat.closed = true;
    endAccessThrough(draft, seat.user, seat.connection);
    return DONE;
  }
  // The operator blocked the account before: the directory's own word is kept beside that.
  if (user.blocked) seat.closed = true;
  else Object.assign(user, { blocked: true, blockedByScim: true });
  endSessions(draft, seat.user);
  return DONE;
}

/** The account goes with its main identity, where it is the directory's to write. */
export function removeSeat(draft: Draft, seat: Seat, mayAccount: boolean): Outcome {
  if (mayAccount) {
    forget(draft, seat.user);
    return DONE;
  }
  if (seat.primary) return rejected(403);
  draft.identities = draft.identities.filter((item) => item !== seat);
  draft.expected = draft.expected.filter((item) => item !== seat);
  endAccessThrough(draft, seat.user, seat.connection);
  return DONE;
}

/** People of the operator's connections. */
export const provisionedByOperators = <S extends State>(state: S) =>
  provisioned(state).filter(({ connection }) => state.connections[connection]?.managedBy === undefined);

const write: Step<'scimWrite'> = (draft, { target, ...what }) => {
  const seat = pick(provisionedByOperators(draft), target);
  const may = seat?.primary === true;
  return seat ? writeSeat(draft, seat, what, { account: may, address: may }) : NOTHING;
};

const remove: Step<'scimDelete'> = (draft, { target }) => {
  const seat = pick(provisionedByOperators(draft), target);
  return seat ? removeSeat(draft, seat, seat.primary === true) : NOTHING;
};

/** Only Staff lets in, where a condition says so, and only Leads gives a role. */
const setGroup: Step<'scimGroup'> = (draft, { target, group, on }) => {
  const seat = pick(provisionedByOperators(draft), target);
  if (!seat) return NOTHING;
  const others = (seat.groups ?? []).filter((name) => name !== group);
  seat.groups = on ? [...others, group].sort() : others;
  return DONE;
};

export const directory = { scimCreate: create, scimWrite: write, scimDelete: remove, scimGroup: setGroup };
