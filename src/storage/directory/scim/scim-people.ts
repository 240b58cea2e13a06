/**
 * The people of a connection as SCIM sees them: every user with an identity at this connection. Every statement names
 * the connection: no token reaches people of another one. Values of a filter are parameters, never text of a statement.
 */
import { type Kysely, sql } from 'kysely';
import type {
  ScimAttribute,
  ScimDirectory,
  ScimFilter,
  ScimQuery,
  ScimScope,
  ScimSortKey,
} from '../../../ports/directory/scim.js';
import type { Database } from '../../schema/schema.js';
import { endAccessThrough } from '../people/end-access.js';
import { type Conditions, scimIdOf, subjectIn, toCondition, toOrder } from './scim-filter.js';
import { loadPeople, lockPerson, savePerson } from './scim-person.js';
import { createPerson } from './scim-person-create.js';

interface Row {
  readonly user_id: string;
  readonly id: string;
  readonly shown_id: string;
}

/**
 * The addresses that SCIM wrote, in lower case. `lower` cannot break the JSON text: PostgreSQL writes its escapes in
 * lower case.
 */
const WRITTEN_ADDRESSES = sql`(lower(jsonb_path_query_array(i.scim, 'strict $.emails[*].value', '{}', true)::text)::jsonb)`;

/**
 * Conditions of filters. Each finds its people by an index (sql/0001, test/storage/scim-plans.test.ts): a directory
 * sends one filter per user, so a scan of the connection's people would cost the square of their number. An expression
 * here must be written exactly as in its index.
 */
const CONDITIONS: Conditions<ScimAttribute> = {
  id: (value, scope) =>
    sql`((i.scim_id = ${value} or i.subject = ${subjectIn(value)}) and ${scimIdOf(scope)} = ${value})`,
  // RFC 7643 section 4.1: userName and addresses ignore case, externalId does not.
  userName: (value) => sql`((i.scim is not null and lower(i.scim ->> 'userName') = lower(${value})) or (i.scim is null
    and lower(coalesce(i.profile ->> 'preferred_username', i.profile ->> 'email', i.subject)) = lower(${value})))`,
  externalId: (value, { externalIdIsSubject }) => {
    const written = sql<boolean>`(i.scim is not null and i.scim ->> 'externalId' = ${value})`;
    return externalIdIsSubject ? sql`(${written} or (i.scim is null and i.subject = ${value}))` : written;
  },
  'emails.value': (
    value,
  ) => sql`((i.scim is not null and ${WRITTEN_ADDRESSES} @> jsonb_build_array(lower(${value}::text)))
    or (i.scim is null and lower(i.profile ->> 'email') = lower(${value})))`,
};

/**
 * Sort keys of the identity `i`. An identity that SCIM never wrote is sorted by the values that http/scim/resource.ts
 * shows for it.
 */
const ORDER = (scope: ScimScope) =>
  ({
    id: scimIdOf(scope),
    userName: sql`lower(case when i.scim is not null then i.scim ->> 'userName'
      else coalesce(i.profile ->> 'preferred_username', i.profile ->> 'email', i.subject) end)`,
    externalId: sql`case when i.scim is not null then i.scim ->> 'externalId' when ${scope.externalIdIsSubject} then i.subject end`,
    displayName: sql`lower(case when i.scim is not null then i.scim ->> 'displayName' else i.profile ->> 'name' end)`,
    'meta.created': sql`i.created_at`,
    'meta.lastModified': sql`case when i.is_primary then (select u.updated_at from users u where u.user_id = i.user_id) else i.created_at end`,
  }) satisfies Record<ScimSortKey, unknown>;

function wherePeople(scope: ScimScope, filter: ScimFilter | undefined) {
  return sql`i.connection_id = ${scope.connectionId} and (i.subject is not null or i.scim_id is not null)
    and ${toCondition(filter, scope, CONDITIONS)}`;
}

type Access = Pick<ScimDirectory, 'setInactive' | 'block' | 'endAccess'>;

/** Methods that deactivate or block people and revoke their access. */
function createAccess(db: Kysely<Database>): Access {
  return {
    async setInactive(userId, identityId, inactive) {
      await db
        .updateTable('identities')
        .set({ scim_inactive: inactive })
        .where('user_id', '=', userId)
        .where('id', '=', identityId)
        .execute();
    },
    async block(userId, at) {
      const result = await db
        .updateTable('users')
        .set({ blocked: true, blocked_by_scim: true, updated_at: at })
        .where('user_id', '=', userId)
        .where('blocked', '=', false)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    endAccess: (userId, connectionId) => endAccessThrough(db, userId, connectionId, 'account-deactivated'),
  };
}

/** Creates the methods for the people of a connection and for SCIM's writes about them. */
export function createScimPeople(
  db: Kysely<Database>,
): Pick<
  ScimDirectory,
  'findPeople' | 'findPersonForUpdate' | 'createPerson' | 'savePerson' | 'setInactive' | 'block' | 'endAccess'
> {
  const select = async (scope: ScimScope, { filter, sort, offset, limit }: ScimQuery) => {
    // With a filter, finds the few matches first: in the order of the list the planner may scan everybody before it
    // meets them.
    const fence = sql.raw(filter === undefined ? 'not materialized' : 'materialized');
    const { rows } = await sql<Row>`with i as ${fence} (select * from identities i where ${wherePeople(scope, filter)})
      select i.user_id, i.id, ${scimIdOf(scope)} as shown_id from i
      order by ${toOrder(sort, ORDER(scope))} i.created_at, i.id, i.user_id offset ${offset} limit ${limit}`.execute(
      db,
    );
    return rows;
  };
  const count = async (scope: ScimScope, filter: ScimFilter | undefined) => {
    const { rows } = await sql<{ total: number }>`select count(*)::int as total from identities i
      where ${wherePeople(scope, filter)}`.execute(db);
    return rows[0]?.total ?? 0;
  };
  return {
    async findPeople(scope, query) {
      const { filter, offset, limit } = query;
      const rows = limit === 0 ? [] : await select(scope, query);
      // A page that is not full is the last one, so the total follows without a count.
      const isLast = rows.length < limit && (rows.length > 0 || offset === 0);
      const total = isLast ? offset + rows.length : await count(scope, filter);
      return { total, people: await loadPeople(db, rows) };
    },
    findPersonForUpdate: (scope, scimId) => lockPerson(db, scope, scimId),
    createPerson: (scope, person) => createPerson(db, scope, person),
    savePerson: (person, changes) => savePerson(db, person, changes),
    ...createAccess(db),
  };
}
