/**
 * The exchange of a refresh token after the tenant's Actions ran. They may have taken seconds, so the statement checks
 * again everything that the token relies on (account, organization, membership, connection, identity, the settings of
 * application and API, the expiry and revocation of the token and its family), and writes the effects of the Actions
 * together with the exchange. Without Actions the shorter statements of statements.ts are used.
 *
 * $1 user, $2 hash, $3 now, $4 the end of the family, $5 the new idle expiry, $6…$11 the log line, $12 the effects of
 * the Actions, $13 the API of a policy or null, and for a rotation $14 the new hash, $15 the instant after which an
 * earlier rotation is still within the leeway.
 *
 * The account is locked FOR NO KEY UPDATE before anything else, as in a login: it is updated below, and a transaction
 * that holds a token row while it waits for the account could deadlock with another one.
 */
import type pg from 'pg';
import { addSeconds } from '../../kernel/clock.js';
import type { RefreshWrites, TokenStore } from '../../ports/token-store.js';
import { toStorableJson } from '../storable.js';
import { CLIENT_SCOPES } from './permitted.js';
import {
  APPLICATION_ENTITLED,
  CONNECTION_ENABLED,
  GRANT_COLUMNS,
  IDENTITY_BOUND,
  IS_MEMBER,
  LOG_COLUMNS,
  LOGIN_OFFLINE,
  MAY_LACK_ORGANIZATION,
  OPEN_TO_PERSON,
  SSO_REQUIRED,
} from './statements.js';
import { logValues, toRotation, write } from './write.js';

const patched = (column: string, name: string) =>
  `(${column} || ($12::jsonb #> '{${name},set}')) - array(select jsonb_array_elements_text($12::jsonb #> '{${name},remove}'))`;

/** SQL condition: the API still permits refresh tokens for people. A token for /userinfo has no API. */
const API_OPEN = `(a.id is null or (a.allow_offline_access and a.user_policy <> 'deny_all'
    and (a.user_policy <> 'require_client_grant' or ${CLIENT_SCOPES} is not null)))`;

/**
 * Checks again what the token relies on. Attack: an Action delays the exchange of a stolen token until after the person
 * was removed.
 */
const STANDS = `
with holder as (
  select 1 from users where user_id = $1 and not blocked for no key update
), stands as (
  select 1 from holder, refresh_tokens g
  join clients c on c.client_id = g.client_id and 'refresh_token' = any (c.grant_types)
    and c.organization_usage <> case when g.organization_id is null then 'require' else 'deny' end
  join connections k on k.id = g.connection_id
  join users u on u.user_id = g.user_id
  left join organizations o on o.id = g.organization_id
  left join resource_servers a on a.identifier = coalesce($13, g.audience)
  where g.user_id = $1 and g.token_hash = $2 and g.expires_at > $3 and g.idle_expires_at > $3
    and ${API_OPEN} and ${LOGIN_OFFLINE} is not false
    and (g.organization_id is null or (not o.blocked and ${APPLICATION_ENTITLED} and ${IS_MEMBER}))
    and ${CONNECTION_ENABLED} and ${IDENTITY_BOUND} and ${MAY_LACK_ORGANIZATION} and not ${SSO_REQUIRED} and ${OPEN_TO_PERSON}
)`;

/**
 * Condition on the token. The second of two concurrent exchanges waits for the row. False if the family was revoked
 * meanwhile or this token's successor was used.
 */
const ALIVE = `
  t.user_id = $1 and t.token_hash = $2 and t.revoked_at is null and exists (select 1 from stands)
  and not exists (select from refresh_tokens f where f.user_id = t.user_id and f.family_id = t.family_id
    and (f.revoked_at is not null or f.parent_hash = t.token_hash and f.rotated_at is not null))`;

const EFFECTS = `
described as (
  update users set user_metadata = ${patched('user_metadata', 'user')}, app_metadata = ${patched('app_metadata', 'app')}, updated_at = $3
  where user_id = $1 and exists (select 1 from exchanged) and ($12::jsonb ->> 'describes')::boolean
), kept_session as (
  update sessions s set metadata = ${patched('s.metadata', 'session')},
    expires_at = least(s.expires_at, ($12::jsonb ->> 'session_expires_at')::timestamptz),
    idle_expires_at = coalesce(($12::jsonb ->> 'session_idle_expires_at')::timestamptz, s.idle_expires_at)
  from exchanged e where s.user_id = $1 and s.id = e.session_id and ($12::jsonb ->> 'keeps_session')::boolean
), line as (
  insert into logs (${LOG_COLUMNS})
  select coalesce(organization_id, ''), $6, $3, $7, $8, client_id, user_id, connection_id, $9, $10, $11 from exchanged
)
select exists (select 1 from exchanged) as done, exists (select 1 from stands) as stands`;

const ROTATE = `${STANDS}, exchanged as (
  update refresh_tokens t set rotated_at = coalesce(t.rotated_at, $3)
  where (t.rotated_at is null or t.rotated_at > $15) and ${ALIVE}
  returning ${GRANT_COLUMNS}, metadata
), stored as (
  insert into refresh_tokens (${GRANT_COLUMNS}, token_hash, created_at, expires_at, idle_expires_at, parent_hash, metadata)
  select ${GRANT_COLUMNS}, $14::bytea, $3, $4, $5, $2, ${patched('metadata', 'token')} from exchanged
), ${EFFECTS}`;

const TOUCH = `${STANDS}, exchanged as (
  update refresh_tokens t set expires_at = least(t.expires_at, $4), idle_expires_at = least($5, t.expires_at, $4),
    metadata = ${patched('t.metadata', 'token')}
  where t.rotated_at is null and ${ALIVE}
  returning ${GRANT_COLUMNS}
), ${EFFECTS}`;

const isEmpty = ({ set, remove }: RefreshWrites['userMetadata']) =>
  remove.length === 0 && Object.keys(set).length === 0;

function toJson(writes: RefreshWrites): string {
  const { userMetadata, appMetadata, tokenMetadata, sessionMetadata, sessionExpiresAt, sessionIdleExpiresAt } = writes;
  const timed = sessionExpiresAt !== undefined || sessionIdleExpiresAt !== undefined;
  return toStorableJson({
    user: userMetadata,
    app: appMetadata,
    token: tokenMetadata,
    session: sessionMetadata,
    describes: !isEmpty(userMetadata) || !isEmpty(appMetadata),
    keeps_session: timed || !isEmpty(sessionMetadata),
    session_expires_at: sessionExpiresAt,
    session_idle_expires_at: sessionIdleExpiresAt,
  });
}

type Command = Parameters<TokenStore['exchangeRefreshToken']>[0];

type AfterActions = Command & { readonly afterActions: NonNullable<Command['afterActions']> };

/** Returns the statement of an exchange with its values; its row is a {@link Verdict}. */
export function statementAfterActions(command: AfterActions): {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
} {
  const { token, at, leewaySeconds, idleExpiresAt, next, log, otherApi = null, afterActions } = command;
  const { writes, expiresAt } = afterActions;
  const values = [token.userId, token.hash, at, expiresAt, idleExpiresAt, ...logValues(log), toJson(writes), otherApi];
  return next === undefined
    ? { name: 'tokens-touch-acted', text: TOUCH, values }
    : { name: 'tokens-rotate-acted', text: ROTATE, values: [...values, next.hash, addSeconds(at, -leewaySeconds)] };
}

/** See {@link TokenStore.exchangeRefreshToken}. Throws {@link Fault} when the database failed. */
export async function exchangeAfterActions(
  pool: pg.Pool,
  command: AfterActions,
): Promise<'exchanged' | 'reused' | 'moved'> {
  const row = await write<Verdict>(pool, statementAfterActions(command), command.log, toRotation(command));
  if (row === 'written' || row?.done) return 'exchanged';
  return row?.stands ? 'reused' : 'moved';
}

/** The result of an exchange. `stands`: everything that the token relies on is unchanged. */
export interface Verdict {
  readonly done: boolean;
  readonly stands: boolean;
}
