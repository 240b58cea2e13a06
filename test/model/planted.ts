/**
 * How somebody came to the end of a login in the model, and whether it ends what a stranger may have planted (part 10 of
 * docs/linking-rule.md). Pure.
 */
import { type Entrance, type From, isAddressProved, type OwnProof, strictAddress, type Way } from './rules.js';
import type { FactorAnswer, PassedFactor, Person, Remembered, Session, State } from './state.js';

/** How somebody came. */
export interface Came {
  readonly from: From;
  readonly person?: Person | undefined;
  /** The claims of a linked identity, which the provider sent before the choice of an organization. */
  readonly picked?: Person | undefined;
  readonly proof?: OwnProof | undefined;
  /** The passkey that was used in the place of the password. */
  readonly passkey?: string | undefined;
  readonly session?: Session | undefined;
  readonly remembered?: readonly Remembered[];
  /** The application asks for a second factor. */
  readonly stepUp?: boolean | undefined;
  /** No question can be asked. */
  readonly silent?: boolean | undefined;
  readonly passed?: readonly PassedFactor[];
  readonly answer?: FactorAnswer | undefined;
}

/** The address to which the link of an opened invitation was mailed. */
export function mailedTo(state: State, { invitation }: Way): string | undefined {
  const opened = invitation === undefined ? undefined : state.invitations[invitation];
  return opened?.link === 'mail' ? opened.email : undefined;
}

/**
 * The mailbox was proved, or a company brought the person: what nobody vouches for ends (`unvouched`), and where nobody had proved the
 * address of the account before, all that was not set by a mail (`unmailed`). The person who typed the account's password is its owner.
 */
export function endsPlanted(state: State, way: Way, entrance: Entrance, came: Came): 'unmailed' | 'unvouched' | false {
  const { user, kind } = entrance.account;
  const held = state.users[user];
  if (kind === 'new' || held === undefined) return false;
  const { person, proof } = came;
  const byCode = proof?.by === 'code' && (entrance.again || held.email === strictAddress(person?.email));
  const to = mailedTo(state, way);
  const mailed = byCode || (to !== undefined && to === held.email);
  if ((!entrance.binds && !mailed) || (proof?.by === 'password' && proof.user === user)) return false;
  return entrance.binds === 'proof' && byCode && !isAddressProved(state, way.organization, user)
    ? 'unmailed'
    : 'unvouched';
}
