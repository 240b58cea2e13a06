/**
 * Judges story 38 by the difference of two snapshots of the database, and by the answers of the API. Pure: returns
 * sentences, each with true or false.
 */
import type { Arrival } from '../actions/walker.js';
import type { LedgerRow } from '../ledger.js';
import { gain, nothingBut, untouched } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';
import type { Answer } from './ada.js';

type Ledger = readonly LedgerRow[];

/** Tables about who people are and what they may do. */
const PEOPLE = ['users', 'identities', 'members', 'member_roles', 'password_credentials'];

/** `ada`, `dana`: permissions of their tokens. `asked`: the answer to Dana, who asked without one. */
export function judgeOpened(ada: readonly string[], dana: readonly string[], asked: Answer): readonly Check[] {
  return [
    { says: 'Ada’s role permits all of it, for Acme alone and for ten minutes.', ok: ada.length > 20 },
    { says: 'Dana’s token has no permission, and the API refuses.', ok: dana.length === 0 && asked.status === 403 },
  ];
}

/** `early`, `late`: answers to the two verifications. */
export function judgeDomain(early: Answer, late: Answer, ledger: Ledger): readonly Check[] {
  return [
    {
      says: 'Without the record the domain stays pending.',
      ok: early.status === 202 && early.body.status === 'pending',
    },
    {
      says: 'With it the domain is verified: one row, and no person changed.',
      ok:
        late.status === 202 &&
        late.body.status === 'verified' &&
        gain(ledger, 'discovery_domains') === 1 &&
        untouched(ledger, PEOPLE),
    },
  ];
}

/** `half`: the difference after the wrong values. `led`: whether Dana's address leads to the provider. */
export function judgeConnected(
  wrong: Answer,
  half: Ledger,
  right: Answer,
  ledger: Ledger,
  led: boolean,
): readonly Check[] {
  return [
    {
      says: 'The typing error is told in words, and nothing half-made stays.',
      ok: wrong.status === 400 && untouched(half, ['connections', 'organization_connections', ...PEOPLE]),
    },
    {
      says: 'One connection, of Acme alone. Dana’s address still leads to her password.',
      ok: right.status === 201 && gain(ledger, 'connections') === 1 && untouched(ledger, PEOPLE) && !led,
    },
  ];
}

/** `userId`: who came in; `expected`: Ada's user id from before. `led`: whether Dana's address leads to the provider. */
export function judgeTried(userId: string | undefined, expected: string, led: boolean): readonly Check[] {
  return [
    { says: 'Ada comes in through it, as the same user.', ok: userId === expected },
    { says: 'Dana’s address still leads to her password.', ok: !led },
  ];
}

/** Checks that the person got in as the same user, with the same role as before. */
export function isSame(name: string, { inside, userId, roles }: Arrival, expected: string): Check {
  return {
    says: `${name} comes in by Acme, as the same user with the same role.`,
    ok: inside && userId === expected && roles.length === 1,
  };
}

/** Checks that the stranger was refused, and that nothing is left. */
export function isRefused(ledger: Ledger, { inside, reason }: Arrival): Check {
  return {
    says: 'Sam, a stranger of the same company, leaves zeros: a line in the login log alone.',
    ok: !inside && reason !== undefined && nothingBut(ledger, ['logs']),
  };
}

/** Judges the invitation, and Ivy's arrival with the role in it. */
export function judgeTeam(invited: Answer, ledger: Ledger, { inside, roles }: Arrival): readonly Check[] {
  return [
    { says: 'One invitation and one mail.', ok: invited.status === 201 && gain(ledger, 'outbox') === 1 },
    { says: 'Ivy is in, with the role that Ada gave.', ok: inside && roles.join() === 'editor' },
  ];
}

/** `status`: the answer to the directory, which came with the new token. */
export function judgeDirectory(made: Answer, listed: Answer, status: number): readonly Check[] {
  const { token } = made.body;
  return [
    { says: 'The directory gets in with the token.', ok: made.status === 201 && status === 200 },
    {
      says: 'The list of tokens does not have the secret.',
      ok: typeof token === 'string' && listed.status === 200 && !JSON.stringify(listed.body).includes(token),
    },
  ];
}

/** `made`: the answer to the new connection; `userId`: who came in by it; `expected`: Ada's user id from before. */
export function judgeSaml(made: Answer, userId: string | undefined, expected: string): readonly Check[] {
  return [
    {
      says: 'The metadata address is enough to connect it.',
      ok: made.status === 201 && made.body.strategy === 'samlp',
    },
    { says: 'Ada comes in by SAML, as the same user.', ok: userId === expected },
  ];
}

/** `led`: whether Dana's address still leads to the provider. */
export function judgeOff(led: boolean, ledger: Ledger): readonly Check[] {
  return [
    { says: 'Dana’s address leads to the page for her password again.', ok: !led },
    {
      says: 'One user more than before: Ivy, whom Ada invited.',
      ok: gain(ledger, 'users') === 1 && gain(ledger, 'members') === 1,
    },
  ];
}
