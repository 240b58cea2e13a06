/**
 * Codes by mail in the model: to which address a login may mail one. Written from docs/linking-rule.md, part 11, and ADR 0092, never from
 * the code that it is tested against. Pure.
 */
import type { Came } from './planted.js';
import { domainOf, type Entrance, strictAddress, type Way } from './rules.js';
import { DATABASE, type HeldFactor, type State, type User } from './state.js';

/** The account's address, while a mail or the operator vouches for it. */
export const ownAddress = (user: User | undefined): string | undefined =>
  user?.voucher === 'mail' || user?.voucher === 'operator' ? user.email : undefined;

/** The invitation that brought the person used the mailbox; the link of a reader of invitations did not. */
function wasInvitedTo(state: State, way: Way, { invitation }: Entrance, address: string): boolean {
  const link = way.invitation === undefined ? undefined : state.invitations[way.invitation]?.link;
  if (link !== 'mail' && link !== 'application') return false;
  return invitation === undefined || state.invitations[invitation]?.email === address;
}

/** The mailbox is one that the provider of this connection controls: it asserted the address, now or before, or the domain is its own. */
function isOfProvider(state: State, { connection }: Way, user: string, came: Came, address: string): boolean {
  const now = came.from === 'session' ? undefined : (came.person ?? came.picked);
  if (strictAddress(now?.email) === address) return true;
  if (connection === DATABASE) return false;
  const before = state.identities.some(
    (item) => item.user === user && item.connection === connection && item.said.email === address,
  );
  return before || Boolean(state.connections[connection]?.aliases.includes(domainOf(address)));
}

/** The address that may get a code in this login, beside the `usable` factors; undefined where there is none. */
export function mailFor(
  state: State,
  way: Way,
  entrance: Entrance,
  came: Came,
  { accepts, usable }: { readonly accepts: readonly string[]; readonly usable: readonly HeldFactor[] },
): string | undefined {
  const { user } = entrance.account;
  const held = state.users[user];
  const address = ownAddress(held);
  const isBeside = usable.some(({ kind }) => kind === 'otp' || kind === 'webauthn-roaming');
  if (entrance.account.kind === 'new' || address === undefined || !accepts.includes('email') || !isBeside)
    return undefined;
  const isByLink = way.connection === DATABASE && held?.passwordByLink === true && !held.passwordEnded;
  if (isByLink || wasInvitedTo(state, way, entrance, address)) return undefined;
  return isOfProvider(state, way, user, came, address) ? undefined : address;
}
