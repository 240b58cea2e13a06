/** Identities that a company's directory created, in the model: which they are, and what becomes of one that is unlinked. */
import { type Draft, endAccessThrough } from './draft.js';
import { idBeginning } from './rules.js';
import type { Expected, Identity, State } from './state.js';

type Seat<S extends State> = S['identities'][number] | S['expected'][number];

/** Identities that the directory created, of any account by now. */
export function provisioned<S extends State>(state: S): Seat<S>[] {
  return [...state.identities, ...state.expected].filter((item) => item.scimId !== undefined);
}

/** An operation that the histories leave alone because nobody has written what it means for people of a directory. */
export const isOfDirectory = (state: State, test: (item: Identity | Expected) => boolean): boolean =>
  provisioned(state).some(test);

/** An identity that SCIM created becomes its own user again, also while it waits for its first sign-in. */
export function separate(draft: Draft, seat: Draft['expected'][number]): 'done' | 'taken' {
  const name = seat.scimId ?? `${idBeginning(draft, seat.connection)}|${seat.subject}`;
  if (draft.users[name] !== undefined) return 'taken';
  const from = seat.user;
  const { email, voucher } = seat.said ?? {};
  draft.users[name] = { email, voucher, blocked: draft.users[from]?.blocked ?? false, passwordFor: undefined };
  endAccessThrough(draft, from, seat.connection);
  Object.assign(seat, { user: name, primary: true });
  reopen(draft, seat);
  return 'done';
}

/** The way in that the directory closed is a block of the account that is its own again, unless the operator blocked that. */
export function reopen(draft: Draft, seat: Draft['identities'][number] | Draft['expected'][number]): void {
  const user = draft.users[seat.user];
  if (!user || !seat.closed || user.blocked) return;
  delete seat.closed;
  Object.assign(user, { blocked: true, blockedByScim: true });
}
