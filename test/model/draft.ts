/**
 * Shared by the steps of the model: a state that may be changed, what a number in an action points to, and the plain outcomes.
 */
import { type Action, NEWEST } from './actions.js';
import { DATABASE, type Outcome, type State } from './state.js';

type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;
export type Draft = Mutable<State>;

/** Picks from a list by a number that wraps round; {@link NEWEST} is the last one. */
export function pick<T>(list: readonly T[], index: number | undefined): T | undefined {
  if (index === undefined || list.length === 0) return undefined;
  return index === NEWEST ? list.at(-1) : list[index % list.length];
}

/** 3 is the database; from 4 on it is the one that the members of an organization may have made themselves. */
export function connectionName(index: number): string {
  if (index > 3) return ownName(`o${index - 4}`);
  return index === 3 ? DATABASE : `c${index}`;
}

/** The connection that the administrators of an organization make. */
export const ownName = (organization: string): string => `m${organization.slice(1)}`;

/** A password account's id, by its place in the tenant. */
export const userName = (index: number): string => `auth0|p${index}`;

export const DONE: Outcome = { kind: 'done' };
export const NOTHING: Outcome = { kind: 'nothing' };
export const rejected = (status: number): Outcome => ({ kind: 'rejected', status });

/** Sessions and refresh tokens of a user end. */
export function endSessions(draft: Draft, user: string): void {
  for (const [id, session] of Object.entries(draft.sessions)) if (session.user === user) delete draft.sessions[id];
  for (const token of draft.refreshTokens) if (token.user === user) token.live = false;
  revokeTickets(draft, user);
}

/** Links that set up a second factor end. */
export function revokeTickets(draft: Draft, user: string): void {
  for (const ticket of draft.tickets) if (ticket.user === user && ticket.state === 'live') ticket.state = 'revoked';
}

/** Revokes the sessions and tokens that a user got through one connection. */
export function endAccessThrough(draft: Draft, user: string, connection: string): void {
  for (const [id, session] of Object.entries(draft.sessions))
    if (session.user === user && session.connection === connection) delete draft.sessions[id];
  for (const token of draft.refreshTokens)
    if (token.user === user && token.connection === connection) token.live = false;
}

/** Revokes the sessions, codes and tokens that people got through a connection. */
export function endAccessOf(draft: Draft, connection: string): void {
  for (const user of Object.keys(draft.users)) endAccessThrough(draft, user, connection);
}

/** Part 10: a password that nobody vouches for ends. True if there was one. */
export function endUnvouched(user: Draft['users'][string]): boolean {
  if (user.passwordFor === undefined || user.passwordEnded || user.passwordBy !== undefined) return false;
  user.passwordEnded = true;
  return true;
}

export type Of<N extends Action['do']> = Extract<Action, { do: N }>;
export type Step<N extends Action['do']> = (draft: Draft, action: Of<N>) => Outcome;

export const organizationOf = (draft: State, index: number) => pick(Object.keys(draft.organizations), index) ?? 'o0';
export const userOf = (draft: State, index: number) => pick(Object.keys(draft.users), index);
export const invitationOf = (draft: State, index: number | undefined) => pick(Object.keys(draft.invitations), index);
