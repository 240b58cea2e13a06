/** Sessions and refresh tokens of people: read and revoked, never created (ports/directory/sessions.ts). */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Strategy } from '../../../domain/tenant.js';
import type { RefreshTokenRecord, SessionDirectory, SessionRecord } from '../../../ports/directory/sessions.js';
import type { PageRequest } from '../../../ports/directory.js';
import type { Database } from '../../schema/schema.js';
import { orUndefined, toPage } from '../rows.js';

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly connection_id: string;
  readonly strategy: Strategy;
  readonly created_at: Date;
  readonly authenticated_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
  readonly idles_at: Date;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly methods: SessionRecord['methods'];
  readonly client_ids: readonly string[];
  readonly page_time: string;
}

interface TokenRow {
  readonly id: string;
  readonly user_id: string;
  readonly client_id: string;
  readonly session_id: string | null;
  readonly audience: string | null;
  readonly scope: string;
  readonly created_at: Date;
  readonly exchanged_at: Date | null;
  readonly expires_at: Date;
  readonly idle_expires_at: Date;
  readonly rotating: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly page_time: string;
}

function toSession(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    userId: row.user_id,
    connectionId: row.connection_id,
    strategy: row.strategy,
    createdAt: row.created_at,
    authenticatedAt: row.authenticated_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    idleExpiresAt: row.idles_at,
    metadata: row.metadata,
    methods: row.methods,
    clientIds: row.client_ids,
  };
}

function toToken(row: TokenRow): RefreshTokenRecord {
  return {
    id: row.id,
    userId: row.user_id,
    clientId: row.client_id,
    sessionId: orUndefined(row.session_id),
    audience: orUndefined(row.audience),
    scope: row.scope,
    createdAt: row.created_at,
    lastExchangedAt: orUndefined(row.exchanged_at),
    expiresAt: row.expires_at,
    idleExpiresAt: row.idle_expires_at,
    isRotating: row.rotating,
    metadata: row.metadata,
  };
}

/** Selects sessions that are still usable. A session's own idle lifetime overrides the tenant's, as in a login. */
const sessionsWhere = (where: RawBuilder<unknown>, at: Date) => sql`
  select s.id, s.user_id, s.connection_id, k.strategy, s.created_at, s.authenticated_at, s.last_used_at, s.expires_at, i.idles_at, s.metadata, s.methods,
    array(select c.client_id from refresh_tokens c where c.user_id = s.user_id and c.session_id = s.id
      union select c.client_id from authorization_codes c where c.user_id = s.user_id and c.session_id = s.id order by 1) as client_ids
  from sessions s join connections k on k.id = s.connection_id join tenant t on t.id = 1
  cross join lateral (select least(s.expires_at,
    coalesce(s.idle_expires_at, s.last_used_at + make_interval(secs => t.idle_session_lifetime_seconds))) as idles_at) i
  where ${where} and i.idles_at > ${at}`;

/**
 * Selects one row per token family: the token not yet replaced. A family with a revoked token is revoked as a whole.
 */
const tokensWhere = (where: RawBuilder<unknown>, at: Date) => sql`
  select distinct on (g.family_id) g.family_id as id, g.user_id, g.client_id, g.session_id, g.audience, g.scope,
    f.created_at, nullif(g.created_at, f.created_at) as exchanged_at, g.expires_at, g.idle_expires_at, c.refresh_rotating as rotating, g.metadata
  from refresh_tokens g join clients c on c.client_id = g.client_id
  cross join lateral (select min(x.created_at) as created_at, bool_or(x.revoked_at is not null) as revoked
    from refresh_tokens x where x.user_id = g.user_id and x.family_id = g.family_id) f
  where ${where} and g.rotated_at is null and not f.revoked and g.expires_at > ${at} and g.idle_expires_at > ${at}
  order by g.family_id, g.created_at desc`;

async function readPage<Row extends { readonly id: string; readonly page_time: string }, Item>(
  db: Kysely<Database>,
  rows: RawBuilder<unknown>,
  page: PageRequest,
  toItem: (row: Row) => Item,
) {
  const after =
    page.after && sql`(x.created_at, x.id) > (${page.after.createdAt}::timestamptz, ${page.after.id}::text)`;
  const found =
    await sql<Row>`select x.*, to_json(x.created_at) #>> '{}' as page_time from (${rows}) x where ${after ?? sql`true`}
    order by x.created_at, x.id offset ${page.offset ?? 0} limit ${page.limit + 1}`.execute(db);
  return toPage(found.rows, page, undefined, toItem, (row) => ({ createdAt: row.page_time, id: row.id }));
}

/**
 * Deletes unused codes, then revokes refresh tokens. Codes come first: deleting waits for a concurrent exchange, which
 * has locked its code. The second statement then finds the refresh token of that exchange.
 */
async function endTokens(db: Kysely<Database>, of: RawBuilder<unknown>, at: Date): Promise<void> {
  await sql`delete from authorization_codes where ${of} and used_at is null`.execute(db);
  await sql`update refresh_tokens set revoked_at = ${at} where ${of} and revoked_at is null`.execute(db);
}

type Tokens = Pick<SessionDirectory, 'listTokens' | 'findToken' | 'revokeToken' | 'revokeTokens' | 'setTokenMetadata'>;

function createTokenDirectory(db: Kysely<Database>): Tokens {
  const findToken = async (familyId: string, at: Date) => {
    const { rows } = await sql<TokenRow>`${tokensWhere(sql`g.family_id = ${familyId}`, at)}`.execute(db);
    return rows[0] && toToken(rows[0]);
  };
  const ofFamily = (familyId: string) => db.updateTable('refresh_tokens').where('family_id', '=', familyId);
  return {
    findToken,
    listTokens({ userId, clientId }, at, page) {
      const ofClient = clientId === undefined ? sql`true` : sql`g.client_id = ${clientId}`;
      const tokens = tokensWhere(sql`g.user_id = ${userId} and ${ofClient}`, at);
      return readPage<TokenRow, RefreshTokenRecord>(db, tokens, page, toToken);
    },
    async revokeToken(familyId, at) {
      const [ended] = await ofFamily(familyId)
        .set({ revoked_at: at })
        .where('revoked_at', 'is', null)
        .returning('user_id')
        .execute();
      return ended?.user_id;
    },
    async revokeTokens({ userId, clientId, audience }, at) {
      const parts = [
        sql`user_id = ${userId}`,
        ...(clientId === undefined ? [] : [sql`client_id = ${clientId}`]),
        ...(audience === undefined ? [] : [sql`audience = ${audience}`]),
      ];
      await endTokens(db, sql.join(parts, sql` and `), at);
    },
    async setTokenMetadata(familyId, metadata, at) {
      // A concurrent exchange locks the token that it replaces, so this statement waits for it. The update then finds
      // the new token.
      await sql`select 1 from refresh_tokens where family_id = ${familyId} for no key update`.execute(db);
      await ofFamily(familyId)
        .set({ metadata: JSON.stringify(metadata) })
        .execute();
      return findToken(familyId, at);
    },
  };
}

/** Creates the directory of sessions and refresh tokens. */
export function createSessionDirectory(db: Kysely<Database>): SessionDirectory {
  const end = async (sessionId: string) => {
    const row = await db.deleteFrom('sessions').where('id', '=', sessionId).returning('user_id').executeTakeFirst();
    return row?.user_id;
  };
  const find = async (sessionId: string, at: Date) => {
    const { rows } = await sql<SessionRow>`${sessionsWhere(sql`s.id = ${sessionId}`, at)}`.execute(db);
    return rows[0] && toSession(rows[0]);
  };
  return {
    list: (userId, at, page) =>
      readPage<SessionRow, SessionRecord>(db, sessionsWhere(sql`s.user_id = ${userId}`, at), page, toSession),
    find,
    async setMetadata(sessionId, metadata, at) {
      await db
        .updateTable('sessions')
        .set({ metadata: JSON.stringify(metadata) })
        .where('id', '=', sessionId)
        .execute();
      return find(sessionId, at);
    },
    end,
    async revoke(sessionId, at) {
      const userId = await end(sessionId);
      if (userId !== undefined) await endTokens(db, sql`user_id = ${userId} and session_id = ${sessionId}`, at);
      return userId;
    },
    async endAll(userId) {
      await db.deleteFrom('sessions').where('user_id', '=', userId).execute();
    },
    ...createTokenDirectory(db),
  };
}
