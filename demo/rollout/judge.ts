/** Judges story 13 by the difference of two pictures of the database. Pure: every answer is a sentence and whether it is true. */
import type { Status } from '../../src/tenant-tools/rollout/totals.js';
import { findChanged, type LedgerRow } from '../ledger.js';
import { gain, nothingBut, untouched } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';
import type { Visit } from './state.js';

type Ledger = readonly LedgerRow[];

/** An identity that is unlinked is an account of its own for a moment, and ids of accounts are never given to others: their beginning is kept. */
const RESERVED = 'user_id_prefixes';

/** Tables that a rollout writes: people, and the domain proof. */
const MOVED = ['identities', 'discovery_domains'];
/** Its other settings. Changed and changed back, they have a higher revision, and their secrets another envelope. */
const SETTINGS = ['connections', 'organization_connections'];
const REVISION = ['revision', 'updated_at', 'secrets_sealed'];
/** Tables that say who somebody is and what they may do, which no rollout touches. */
const SEATS = ['members', 'member_roles', 'password_credentials'];

/** After the tool died: the journal knows fewer people than the server has prepared. */
export function judgeStopped({ done, begun }: Status, ledger: Ledger, batch: number): readonly Check[] {
  const prepared = gain(ledger, 'identities');
  return [
    {
      says: `The journal says ${done} done and ${begun} begun; the server has prepared ${prepared}.`,
      ok: begun === batch && prepared === done + begun,
    },
    { says: 'Nobody lost a way in: passwords, memberships and roles are untouched.', ok: untouched(ledger, SEATS) },
  ];
}

/** The planned are in as the same users; the stranger is out. */
export function judgeVisits(visits: readonly Visit[]): readonly Check[] {
  const planned = visits.filter(({ person }) => person.userId !== '' && person.number <= 50);
  const strangers = visits.filter((visit) => !planned.includes(visit));
  const isSame = ({ inside, userId, person, roles }: Visit) =>
    inside && userId === person.userId && roles.length === (person.number % 5 === 0 ? 2 : 1);
  return [
    {
      says: `${planned.length} people sign in at Globex and are in, as the same users with the same roles.`,
      ok: planned.every(isSame),
    },
    {
      says: 'A stranger of the same company is refused.',
      ok: strangers.length > 0 && strangers.every(({ inside, reason }) => !inside && reason !== undefined),
    },
  ];
}

/** Back: not one row of what a rollout writes differs; what differs is what the visitors themselves wrote by signing in. */
export function judgeBack(ledger: Ledger, visited: Ledger, open: number, visitors: number): readonly Check[] {
  const settings = findChanged(ledger).filter(({ table }) => SETTINGS.includes(table));
  const isBack = settings.every(
    ({ columns }) => columns.length > 0 && columns.every((name) => REVISION.includes(name)),
  );
  const own = visited.filter(({ added, removed }) => added.length + removed.length > 0).map(({ table }) => table);
  return [
    {
      says: 'Identities and settings are as before, row by row: a difference of zero.',
      ok: open === 0 && isBack && untouched(ledger, MOVED),
    },
    {
      says: `Elsewhere only the ${visitors} sign-ins themselves are left: sessions, last login, log.`,
      ok: nothingBut(ledger, [...own, ...SETTINGS, RESERVED, 'logs']),
    },
  ];
}
