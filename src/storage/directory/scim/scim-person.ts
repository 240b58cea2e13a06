/**
 * Reads and writes one person of a connection for SCIM. One prepared statement locks and reads, another writes and
 * reads. The lock names the connection: no token reaches people of another one. Only locked people are saved.
 */
import type { Kysely } from 'kysely';
import { assert } from '../../../kernel/assert.js';
import type { ScimPerson, ScimPersonChanges, ScimScope } from '../../../ports/directory/scim.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { orNull } from '../rows.js';
import { scimIdText, subjectIn } from './scim-filter.js';
import {
  OF_IDENTITY,
  OF_USER,
  PERSON,
  type PersonRow,
  PROFILE,
  toPerson,
  toProfileValues,
} from './scim-person-rows.js';

const LOAD = prepare(
  'scim-people',
  `select k.shown_id, ${PERSON}
  from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k (user_id, id, shown_id, place)
  join identities i on i.user_id = k.user_id and i.id = k.id join users u on u.user_id = k.user_id order by k.place`,
);

/**
 * Returns the people of these identities, in this order, without those deleted or linked to another account since they
 * were found.
 */
export async function loadPeople(
  db: Kysely<Database>,
  found: readonly { readonly user_id: string; readonly id: string; readonly shown_id: string }[],
): Promise<readonly ScimPerson[]> {
  if (found.length === 0) return [];
  const columns = [found.map((row) => row.user_id), found.map((row) => row.id), found.map((row) => row.shown_id)];
  return (await runPrepared<PersonRow>(db, LOAD, columns)).map(toPerson);
}

/**
 * Locks the account before the identity, in the order of a login's commit. PostgreSQL reads a row that changed during
 * the wait again and repeats the conditions on it (documentation, 13.2.1).
 */
const LOCK = prepare(
  'scim-person-lock',
  `select ${scimIdText('$4::text')} as shown_id, ${PERSON} from identities i join users u on u.user_id = i.user_id
  where i.connection_id = $1::text and (i.subject is not null or i.scim_id is not null)
    and (i.scim_id = $2::text or i.subject = $3::text) and ${scimIdText('$4::text')} = $2::text
  order by i.created_at, i.id, i.user_id limit 1 for no key update of u, i`,
);

/** Attempts to lock a person who is being linked to another account. */
const LOCK_ATTEMPTS = 3;

/** Implements {@link ScimDirectory.findPersonForUpdate}. */
export async function lockPerson(
  db: Kysely<Database>,
  scope: ScimScope,
  scimId: string,
): Promise<ScimPerson | undefined> {
  const values = [scope.connectionId, scimId, subjectIn(scimId), scope.idBase];
  // Linking and unlinking move the identity to another account: the retry finds and locks its current account.
  for (let attempt = 1; attempt <= LOCK_ATTEMPTS; attempt += 1) {
    const [row] = await runPrepared<PersonRow>(db, LOCK, values);
    if (row !== undefined) return toPerson(row);
  }
  return undefined;
}

const placed = (columns: readonly string[], from: number) =>
  columns.map((column, index) => `${column} = $${from + index}::text`).join(', ');

/**
 * Returns the statement that writes the identity. `user` is the SQL that writes the account, or only reads it. A
 * changed address in the claims loses its voucher. Attack: the operator links a verified user, the company's SCIM
 * client writes somebody else's address, the operator unlinks, and that address would be verified.
 */
const save = (name: string, user: string) =>
  prepare(
    name,
    `with i as (update identities set scim = $3::jsonb, profile = coalesce($4::jsonb, profile), scim_inactive = $5::boolean,
        email_vouched_by = case when $4::jsonb is null or profile ->> 'email' is not distinct from $4::jsonb ->> 'email' then email_vouched_by end
      where user_id = $1::text and id = $2::text returning ${OF_IDENTITY.join(', ')}),
    u as (${user}) select ${PERSON} from i, u`,
  );

type Saved = Omit<PersonRow, 'shown_id'>;

const SAVE_OWN = save(
  'scim-person-save',
  `update users set email = $6::text, email_vouched_by = case when email is not distinct from $6::text then email_vouched_by end,
    app_metadata = $7::jsonb, blocked = $8::boolean, blocked_by_scim = $9::boolean, updated_at = $10::timestamptz, ${placed(PROFILE, 11)}
    where user_id = $1::text returning ${OF_USER.join(', ')}`,
);
const SAVE_IDENTITY = save('scim-identity-save', `select ${OF_USER.join(', ')} from users where user_id = $1::text`);

/** Implements {@link ScimDirectory.savePerson}. */
export async function savePerson(
  db: Kysely<Database>,
  { scimId, identity, user }: ScimPerson,
  { resource, claims, inactive, user: to }: ScimPersonChanges,
): Promise<ScimPerson> {
  const written = claims === undefined ? null : JSON.stringify(claims);
  const values = [user.userId, identity.id, JSON.stringify(resource), written, inactive];
  const account = to && [
    orNull(to.email),
    JSON.stringify(to.appMetadata),
    to.blocked,
    to.blockedByScim,
    to.updatedAt,
    ...toProfileValues(to.profile),
  ];
  const [row] = await (account === undefined
    ? runPrepared<Saved>(db, SAVE_IDENTITY, values)
    : runPrepared<Saved>(db, SAVE_OWN, [...values, ...account]));
  assert(row, 'the person is locked in this transaction');
  return toPerson({ ...row, shown_id: scimId });
}
