/** Creates a person for SCIM: id prefix, account and identity, in one prepared statement. Creates no membership. */
import type { Kysely } from 'kysely';
import { Fault } from '../../../kernel/errors.js';
import type { NewScimPerson, ScimPerson, ScimScope } from '../../../ports/directory/scim.js';
import { Conflict } from '../../../ports/directory.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { freePrefix, knownPrefix, prefixIssuer } from '../../user-id-prefixes.js';
import { orNull } from '../rows.js';
import {
  OF_IDENTITY,
  OF_USER,
  PERSON,
  type PersonRow,
  PROFILE,
  toPerson,
  toProfileValues,
} from './scim-person-rows.js';

type Row = PersonRow & { readonly is_there: boolean };

const places = (count: number, from: number) => Array.from({ length: count }, (_, index) => `$${from + index}::text`);

/**
 * Creates the person, unless the subject exists at the connection. Avoids EXISTS over identities: without statistics
 * the planner would answer it by a scan of the table.
 */
const CREATE = prepare(
  'scim-person-create',
  `with there as (select (select true from identities i where i.connection_id = $1::text and i.subject = $2::text limit 1) as is_there),
  known as (select ${knownPrefix('$1::text', '$3::text')} as prefix),
  given as (insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
    select $1::text, ${prefixIssuer('$3::text')}, ${freePrefix('$4::text')}, $5::timestamptz
    from known, there where known.prefix is null and there.is_there is null on conflict do nothing returning prefix),
  named as (select prefix || '|' || $2::text as user_id
    from (select coalesce((select prefix from known), (select prefix from given)) as prefix) p, there
    where prefix is not null and there.is_there is null),
  u as (insert into users (user_id, email, app_metadata, blocked, blocked_by_scim, created_at, updated_at, ${PROFILE.join(', ')})
    select user_id, $6::text, $7::jsonb, $8::boolean, $8::boolean, $5::timestamptz, $5::timestamptz, ${places(PROFILE.length, 13).join(', ')}
    from named returning ${OF_USER.join(', ')}),
  i as (insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, bound_by, scim, scim_id, created_at)
    select user_id, $9::text, $1::text, 'expected', $3::text, $2::text, true, $10::jsonb, $11::text, $12::jsonb, user_id, $5::timestamptz
    from u returning ${OF_IDENTITY.join(', ')})
  select coalesce(there.is_there, false) as is_there, i.scim_id as shown_id, ${PERSON} from there left join (u cross join i) on true`,
);

/**
 * Attempts to read or reserve an id prefix. Of two that reserve it at the same moment, the second waits and then reads
 * the first one's.
 */
const ATTEMPTS = 3;

/** Implements {@link ScimDirectory.createPerson}. */
export async function createPerson(db: Kysely<Database>, scope: ScimScope, person: NewScimPerson): Promise<ScimPerson> {
  const values = [
    scope.connectionId,
    person.subject,
    person.issuer,
    scope.idBase,
    person.at,
    orNull(person.email),
    JSON.stringify(person.appMetadata),
    person.blocked,
    person.identityId,
    JSON.stringify(person.claims),
    person.boundBy,
    JSON.stringify(person.resource),
    ...toProfileValues(person.profile),
  ];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [row] = await runPrepared<Row>(db, CREATE, values);
    if (row?.is_there) throw new Conflict('identities_by_subject');
    if (row?.shown_id) return toPerson(row);
  }
  throw new Fault('database', 'the prefix of a connection was given to others each time', true);
}
