/**
 * SCIM groups of a connection, and the roles that organizations map to them. Every statement about people names the
 * connection: no token can put a person of another connection into a group.
 */
import { type Kysely, sql } from 'kysely';
import { assert } from '../../../kernel/assert.js';
import type { ScimFilter, ScimQuery, ScimScope } from '../../../ports/directory/scim.js';
import type {
  ScimGroupAttribute,
  ScimGroupDirectory,
  ScimGroupName,
  ScimGroupRoles,
  ScimGroupSortKey,
  ScimGroupWithMembers,
  ScimMemberChange,
} from '../../../ports/directory/scim-groups.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { orNull, orUndefined } from '../rows.js';
import { type Conditions, isOneOf, scimIdText, subjectIn, toCondition, toOrder, withBase } from './scim-filter.js';

interface Row {
  readonly id: string;
  readonly display_name: string;
  readonly external_id: string | null;
  readonly version: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly members: readonly string[] | null;
}

const CONDITIONS: Conditions<ScimGroupAttribute> = {
  id: (value) => sql`g.id = ${value}`,
  // RFC 7643 section 8.7.1: the name is compared without case.
  displayName: (value) => sql`lower(g.display_name) = lower(${value})`,
  externalId: (value) => sql`g.external_id = ${value}`,
  'members.value': (value, scope) => sql`exists (select 1 from identities i
    join scim_group_members m on m.user_id = i.user_id and m.identity_id = i.id
    where m.group_id = g.id and ${isOneOf(scope, [value])})`,
};

const ORDER = {
  id: sql`g.id`,
  displayName: sql`lower(g.display_name)`,
  externalId: sql`g.external_id`,
  'meta.created': sql`g.created_at`,
  'meta.lastModified': sql`g.updated_at`,
} satisfies Record<ScimGroupSortKey, unknown>;

/**
 * Deleting an account removes its group memberships without a new version, so the number of people is part of the
 * version.
 */
const VERSION = "g.version || '.' || (select count(*) from scim_group_members m where m.group_id = g.id)";
const COLUMNS = `g.id, g.display_name, g.external_id, ${VERSION} as version, g.created_at, g.updated_at`;

/** SQL for the SCIM ids of the people of `g`. `idBase` is an SQL expression. */
const peopleIn = (idBase: string) => `(select jsonb_agg(${scimIdText(idBase)} order by m.created_at, m.user_id)
  from scim_group_members m join identities i on i.user_id = m.user_id and i.id = m.identity_id where m.group_id = g.id)`;

const ONE = 'from scim_groups g where g.connection_id = $1::text and g.id = $2::text';
const FIND = prepare('scim-group', `select ${COLUMNS}, null::jsonb as members ${ONE}`);
const FIND_WITH_MEMBERS = prepare('scim-group-members', `select ${COLUMNS}, ${peopleIn('$3::text')} as members ${ONE}`);
const LOCK = prepare('scim-group-lock', `select 1 ${ONE} for update`);
const SAVE = prepare(
  'scim-group-save',
  `update scim_groups g set display_name = $2::text, external_id = $3::text, version = version + 1, updated_at = $4::timestamptz
  where id = $1::text returning ${COLUMNS}, null::jsonb as members`,
);

/**
 * Finds people and locks them against deletion until the commit. A person deleted at the same moment is either added
 * before the deletion, or unknown.
 */
const FIND_PEOPLE = prepare(
  'scim-group-people',
  `select i.user_id, i.id, ${scimIdText('$4::text')} as scim_id from identities i
  where i.connection_id = $1::text and (i.scim_id = any ($2::text[]) or i.subject = any ($3::text[]))
    and ${scimIdText('$4::text')} = any ($2::text[])
  order by i.user_id, i.id for key share of i`,
);
/** Writes in a fixed order, so that two groups filled at the same time do not deadlock. */
const ADD = prepare(
  'scim-group-add',
  `insert into scim_group_members (user_id, identity_id, group_id, created_at)
  select k.user_id, k.id, $3::text, $4::timestamptz from unnest($1::text[], $2::text[]) k (user_id, id)
  order by k.user_id, k.id on conflict do nothing returning 1`,
);

function toGroup(row: Row): ScimGroupWithMembers {
  return {
    id: row.id,
    displayName: row.display_name,
    externalId: orUndefined(row.external_id),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    members: row.members ?? [],
  };
}

const whereGroups = (scope: ScimScope, filter: ScimFilter<ScimGroupAttribute> | undefined) =>
  sql`g.connection_id = ${scope.connectionId} and ${toCondition(filter, scope, CONDITIONS)}`;

async function selectGroups(
  db: Kysely<Database>,
  scope: ScimScope,
  { filter, sort, offset, limit }: ScimQuery<ScimGroupAttribute, ScimGroupSortKey>,
  members: 'with' | 'without',
): Promise<readonly ScimGroupWithMembers[]> {
  const people = members === 'without' ? sql`null::jsonb` : withBase(peopleIn, scope);
  const { rows } = await sql<Row>`
    select ${sql.raw(COLUMNS)}, ${people} as members from scim_groups g
    where ${whereGroups(scope, filter)} order by ${toOrder(sort, ORDER)} g.created_at, g.id
    offset ${offset} limit ${limit}`.execute(db);
  return rows.map(toGroup);
}

async function findGroup(
  db: Kysely<Database>,
  scope: ScimScope,
  id: string,
  members: 'with' | 'without',
): Promise<ScimGroupWithMembers | undefined> {
  const [row] = await (members === 'with'
    ? runPrepared<Row>(db, FIND_WITH_MEMBERS, [scope.connectionId, id, scope.idBase])
    : runPrepared<Row>(db, FIND, [scope.connectionId, id]));
  return row && toGroup(row);
}

async function changeMembers(
  db: Kysely<Database>,
  scope: ScimScope,
  groupId: string,
  { base, add, remove }: ScimMemberChange,
  at: Date,
): Promise<{ added: number; removed: number; unknown: number }> {
  const wanted = [...new Set(add)];
  const found =
    wanted.length === 0
      ? []
      : await runPrepared<{ user_id: string; id: string; scim_id: string }>(db, FIND_PEOPLE, [
          scope.connectionId,
          wanted,
          wanted.map(subjectIn),
          scope.idBase,
        ]);
  const unknown = wanted.length - new Set(found.map((row) => row.scim_id)).size;
  if (unknown > 0) return { added: 0, removed: 0, unknown };
  const keys = [found.map((row) => row.user_id), found.map((row) => row.id)] as const;
  const leaves =
    base === 'none'
      ? sql`not exists (select 1 from unnest(${keys[0]}::text[], ${keys[1]}::text[]) k (user_id, id)
          where k.user_id = m.user_id and k.id = m.identity_id)`
      : sql`exists (select 1 from identities i where i.user_id = m.user_id and i.id = m.identity_id and ${isOneOf(scope, remove)})`;
  const removed =
    base === 'keep' && remove.length === 0
      ? 0n
      : ((await sql`delete from scim_group_members m where m.group_id = ${groupId} and ${leaves}`.execute(db))
          .numAffectedRows ?? 0n);
  const added = found.length === 0 ? [] : await runPrepared(db, ADD, [...keys, groupId, at]);
  return { added: added.length, removed: Number(removed), unknown: 0 };
}

const keyOf = (name: ScimGroupName) =>
  name.displayName === undefined
    ? ({ group_by: 'external_id', group_name: name.externalId } as const)
    : ({ group_by: 'display_name', group_name: name.displayName } as const);

type Rules = Pick<ScimGroupDirectory, 'listGroupRoles' | 'setGroupRoles'>;

function createGroupRoles(db: Kysely<Database>): Rules {
  return {
    async listGroupRoles(organizationId, connectionId) {
      const rows = await db
        .selectFrom('scim_group_roles')
        .innerJoin('roles', 'roles.id', 'scim_group_roles.role_id')
        .select(['group_by', 'group_name', 'roles.name'])
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .orderBy('group_by')
        .orderBy('group_name')
        .orderBy('roles.name')
        .execute();
      const found = new Map<string, { group: ScimGroupName; roles: string[] }>();
      for (const row of rows) {
        const group =
          row.group_by === 'display_name' ? { displayName: row.group_name } : { externalId: row.group_name };
        const key = `${row.group_by} ${row.group_name}`;
        const rule = found.get(key) ?? { group, roles: [] };
        rule.roles.push(row.name);
        found.set(key, rule);
      }
      return [...found.values()].map(({ group, roles }): ScimGroupRoles => ({ ...group, roles }));
    },
    async setGroupRoles(organizationId, connectionId, rules) {
      const names = [...new Set(rules.flatMap((rule) => rule.roles))];
      const known = new Map(
        names.length === 0
          ? []
          : (await db.selectFrom('roles').select(['id', 'name']).where('name', 'in', names).execute()).map((role) => [
              role.name,
              role.id,
            ]),
      );
      const unknown = names.filter((name) => !known.has(name));
      if (unknown.length > 0) return unknown;
      await db
        .deleteFrom('scim_group_roles')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .execute();
      const rows = rules.flatMap((rule) =>
        rule.roles.map((name) => ({
          organization_id: organizationId,
          connection_id: connectionId,
          ...keyOf(rule),
          role_id: known.get(name) ?? '',
        })),
      );
      if (rows.length > 0)
        await db
          .insertInto('scim_group_roles')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      return [];
    },
  };
}

/** Returns the directory of a connection's groups, their people and their roles. */
export function createScimGroups(db: Kysely<Database>): ScimGroupDirectory {
  return {
    ...createGroupRoles(db),
    async findGroups(scope, query, members) {
      const counted = await sql<{ total: number }>`select count(*)::int as total from scim_groups g
        where ${whereGroups(scope, query.filter)}`.execute(db);
      const groups = query.limit === 0 ? [] : await selectGroups(db, scope, query, members);
      return { total: counted.rows[0]?.total ?? 0, groups };
    },
    findGroup: (scope, id, members) => findGroup(db, scope, id, members),
    async findGroupForUpdate(scope, id) {
      // Two statements, so that the people are counted under the lock.
      await runPrepared(db, LOCK, [scope.connectionId, id]);
      return findGroup(db, scope, id, 'without');
    },
    async createGroup({ connectionId }, group) {
      await db
        .insertInto('scim_groups')
        .values({
          id: group.id,
          connection_id: connectionId,
          display_name: group.displayName,
          external_id: orNull(group.externalId),
          created_at: group.createdAt,
          updated_at: group.createdAt,
        })
        .execute();
    },
    async saveGroup({ id, displayName, externalId }, at) {
      const [row] = await runPrepared<Row>(db, SAVE, [id, displayName, orNull(externalId), at]);
      assert(row, 'the group is locked in this transaction');
      return toGroup(row);
    },
    async deleteGroup(id) {
      await db.deleteFrom('scim_groups').where('id', '=', id).execute();
    },
    changeMembers: (scope, groupId, change, at) => changeMembers(db, scope, groupId, change, at),
  };
}
