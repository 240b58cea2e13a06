/**
 * Judges story 13 by the difference of two snapshots of the database. Pure: returns sentences, each with true or false.
 */
import type { Status } from '../../src/tenant-tools/rollout/totals.js';
import { findChanged, type LedgerRow } from '../ledger.js';
import { gain, nothingBut, untouched } from '../stage/judge.js';
import type { Check } from '../stage/stories.js';
import type { Visit } from './state.js';

type Ledger = readonly LedgerRow[];

/**
 * This table keeps beginnings of user ids, so that no id is used twice. An unlinked identity is an account for a
 * moment, and so leaves a row here.
 */
const RESERVED = 'user_id_prefixes';

/** Tables that a rollout writes: people, and the domain proof. */
const MOVED = ['identities', 'discovery_domains'];
/**
 * Tables with settings that a rollout changes and changes back. Afterwards they have a higher revision and newly
 * encrypted secrets.
 */
const SETTINGS = ['connections', 'organization_connections', 'settings_revision'];
const REVISION = ['revision', 'updated_at', 'secrets_sealed'];
/** Tables about who people are and what they may do. A rollout changes none of them. */
const SEATS = ['members', 'member_roles', 'password_credentials'];

/** Judges the state after the tool was killed: the journal knows fewer people than the server has prepared. */
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

/** Judges the sign-ins: planned people get in as the same users, the stranger is refused. */
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

/**
 * Judges the state after the move back: no row differs that a rollout writes, only those that the visitors wrote by
 * signing in.
 */
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
