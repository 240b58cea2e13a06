/**
 * The named statements of the token endpoint: PostgreSQL parses and plans each once per connection. A changed text
 * needs no new name, since names do not outlive a connection of this process.
 */
import type { QueryConfig } from 'pg';
import { type Queryable, toFault } from '../database/pool.js';
import { emailVerified } from '../login-store/address-proved.js';
import { because } from '../session-end.js';
import { CLIENT_SCOPES, grantedScopes, PERMITTED } from './permitted.js';

/** Runs a named statement, with a `limit` for its answer. Throws {@link Fault} when the database failed. */
export async function queryNamed<Row extends object>(
  db: Queryable,
  name: string,
  text: string,
  values: readonly unknown[],
  limit: { readonly query_timeout?: number } = {},
): Promise<Row[]> {
  const config: QueryConfig = { name, text, values: [...values], ...limit };
  try {
    return (await db.query(config)).rows as Row[];
  } catch (error) {
    throw toFault(error);
  }
}

const CLIENT = `
  c.client_id, c.name as client_name, c.secret_sealed, c.token_endpoint_auth_method, c.grant_types, c.callbacks,
  c.web_origins, c.organization_usage as client_organization_usage, c.id_token_lifetime_seconds,
  c.refresh_rotating, c.refresh_leeway_seconds, c.refresh_lifetime_seconds, c.refresh_idle_lifetime_seconds,
  case when c.token_endpoint_auth_method = 'private_key_jwt' then (
    select jsonb_agg(jsonb_build_object('kid', k.kid, 'alg', k.alg, 'public_key', k.public_key, 'expires_at', k.expires_at))
      from client_credentials k where k.client_id = c.client_id and k.id = any (c.authentication_credentials)) end as client_keys`;

/** Spends a client assertion. $1 client, $2 hash of the `jti`, $3 time until which it is kept. */
export const SPEND_ASSERTION = `
insert into client_assertions (client_id, jti_hash, expires_at) values ($1, $2, $3) on conflict do nothing returning 1`;

export const FIND_CLIENT = `select ${CLIENT} from clients c where c.client_id = $1`;

/**
 * Joins the tenant's single row by its key: without statistics the planner does not know that the table has one row,
 * expects hundreds or thousands, and would hash whole tables (members, identities) instead of a few look-ups.
 */
const WITH_TENANT = 'join tenant t on t.id = 1';

/** The organization in a client's `default_organization` (Auth0) for machine tokens. */
const DEFAULT_ORGANIZATION = `case when c.extra #> '{default_organization,flows}' @> '["client_credentials"]'
    then c.extra #>> '{default_organization,organization_id}' end`;

const API =
  'a.scopes::text as api_scopes, a.token_lifetime_seconds, a.allow_offline_access, a.enforce_policies, a.token_dialect, a.user_policy, a.client_policy';

/**
 * Finds a client's grant for an API, and the organization: by its id, or by its name if the tenant allows names (names
 * never look like ids). If the request names none, it is the client's default organization.
 */
export const FIND_MACHINE_GRANT = `
select ${CLIENT}, t.allow_organization_name, t.actions_revision, t.actions_bound,
  ${API},
  ${grantedScopes('g')} as scopes, g.organization_usage,
  (g.allow_any_organization or exists (select from organization_client_grants w
    where w.organization_id = o.id and w.grant_id = g.id)) as allows_organization,
  ${DEFAULT_ORGANIZATION} as default_organization_id,
  o.id as organization_id, o.name as organization_name, o.blocked as organization_blocked,
  coalesce(c.extra -> 'token_quota', t.extra #> '{default_token_quota,clients}') as client_quota,
  coalesce(o.token_quota, t.extra #> '{default_token_quota,organizations}') as organization_quota
from clients c
${WITH_TENANT}
left join resource_servers a on a.identifier = $2
left join client_grants g on g.client_id = c.client_id and g.audience = a.identifier and g.subject_type = 'client'
left join organizations o on o.id = case
  when $3::text is null then ${DEFAULT_ORGANIZATION}
  when $3 like 'org\\_%' then $3
  when t.allow_organization_name then (select n.id from organizations n where n.name = $3)
end
where c.client_id = $1`;

export const IS_MEMBER =
  'exists (select from members m where m.organization_id = g.organization_id and m.user_id = g.user_id)';

export const CONNECTION_ENABLED = `case when g.organization_id is null
    then exists (select from connection_clients e where e.connection_id = g.connection_id and e.client_id = g.client_id)
    else exists (select from organization_connections e
      where e.organization_id = g.organization_id and e.connection_id = g.connection_id and e.is_enabled)
  end`;

/**
 * SQL condition: a person who signed in at an identity provider still has an identity there. Passwords have no such
 * condition.
 */
export const IDENTITY_BOUND = `(k.strategy = 'auth0' or exists (select from identities i
    where i.user_id = g.user_id and i.connection_id = g.connection_id and i.status = 'bound'))`;

/**
 * Part 8 of the linking rule: without an organization, a company's connection that never served one is valid only for
 * accounts it created.
 */
export const MAY_LACK_ORGANIZATION = `(g.organization_id is not null or k.strategy = 'auth0'
    or (exists (select from identities i
        where i.user_id = g.user_id and i.connection_id = g.connection_id and i.status = 'bound' and i.is_primary)
      and not k.needs_organization and k.managed_by_organization is null
      and not exists (select from organization_connections e where e.connection_id = g.connection_id and e.is_enabled)))`;

/**
 * SQL condition: the organization requires its company's connection (`sso_rollout: required`), so that access by a
 * password is no longer valid. Break-glass members keep it.
 */
export const SSO_REQUIRED = `(k.strategy = 'auth0' and exists (
    select from organization_connections e join connections n on n.id = e.connection_id
    where e.organization_id = g.organization_id and e.is_enabled and e.sso_rollout = 'required' and n.strategy <> 'auth0'
      and split_part(u.email, '@', 2) = any (n.domain_aliases)
      and (e.pilot_emails = '{}' or u.email = any (e.pilot_emails)))
  and not exists (select from members m
    where m.organization_id = g.organization_id and m.user_id = g.user_id and m.break_glass))`;

/**
 * SQL condition: the company's connection is open to this person. While a pilot group tests it in an organization, it
 * is valid there for nobody else.
 */
export const OPEN_TO_PERSON = `(k.strategy = 'auth0' or not exists (select from organization_connections e
    where e.organization_id = g.organization_id and e.connection_id = g.connection_id and e.pilot_emails <> '{}'
      and (u.email is null or u.email <> all (e.pilot_emails))))`;

/** SQL condition: the organization lets its members in through the application of the grant. */
export const APPLICATION_ENTITLED = `(o.is_app_entitlement_active is not true or exists (select from organization_clients l
    where l.organization_id = g.organization_id and l.client_id = g.client_id and l.use_for_member_access))`;

/**
 * The columns that codes and refresh tokens share: the grant, and the current state of user, organization and
 * connection.
 */
const GRANT = `
  g.client_id as grant_client_id, g.family_id, g.connection_id, g.session_id, g.scope, g.audience, g.authenticated_at,
  g.expires_at,
  u.user_id, u.email, ${emailVerified('u', 'g.organization_id')} as email_verified, u.name, u.given_name, u.family_name, u.nickname, u.picture, u.updated_at,
  u.blocked as user_blocked,
  o.id as organization_id, o.name as organization_name, o.blocked as organization_blocked,
  ${API}, ${PERMITTED} as permitted, ${CLIENT_SCOPES} as client_scopes,
  ${IS_MEMBER} as is_member,
  ${CONNECTION_ENABLED} as connection_enabled,
  ${IDENTITY_BOUND} as identity_bound,
  ${MAY_LACK_ORGANIZATION} as may_lack_organization,
  ${SSO_REQUIRED} as sso_required,
  ${OPEN_TO_PERSON} as open_to_person,
  ${APPLICATION_ENTITLED} as application_entitled`;

/** `audience`: SQL for the API whose rights are read. */
const standing = (audience: string) => `
left join users u on u.user_id = g.user_id
left join organizations o on o.id = g.organization_id
left join connections k on k.id = g.connection_id
left join resource_servers a on a.identifier = ${audience}
where c.client_id = $1`;

/** Path of a client's policies for other APIs (`refresh_token.policies`), a JSON list of `{audience, scope}`. */
const REFRESH_POLICIES = "c.extra #> '{refresh_token,policies}'";

/** SQL: false when the API of the login does not allow refresh tokens any more, null when it has none. */
export const LOGIN_OFFLINE = '(select l.allow_offline_access from resource_servers l where l.identifier = g.audience)';

export const FIND_CODE_GRANT = `
select ${CLIENT}, t.allow_organization_name, ${GRANT}, g.redirect_uri, g.redirect_uri_sent, g.nonce, g.code_challenge, g.used_at, g.actions, g.factor_passed
from clients c
${WITH_TENANT}
left join authorization_codes g on g.user_id = $2 and g.code_hash = $3
${standing('g.audience')}`;

/** $1 client, $2 user, $3 hash, $4 the API that the request names, or null for the login's. */
export const FIND_REFRESH_GRANT = `
select ${CLIENT}, t.allow_organization_name, ${GRANT}, ${REFRESH_POLICIES} as refresh_policies,
  ${LOGIN_OFFLINE} as login_offline, g.idle_expires_at, g.rotated_at, g.created_at, g.metadata,
  t.actions_revision, t.actions_bound,
  exists (select from refresh_tokens f
    where f.user_id = g.user_id and f.family_id = g.family_id and f.revoked_at is not null) as family_revoked,
  exists (select from refresh_tokens f
    where f.user_id = g.user_id and f.family_id = g.family_id and f.parent_hash = g.token_hash
      and f.rotated_at is not null) as successor_used
from clients c
${WITH_TENANT}
left join refresh_tokens g on g.user_id = $2 and g.token_hash = $3
${standing('coalesce($4, g.audience)')}`;

export const LOG_COLUMNS =
  'organization_id, log_id, date, type, description, client_id, user_id, connection_id, ip, user_agent, details';
export const GRANT_COLUMNS =
  'user_id, family_id, client_id, organization_id, connection_id, session_id, scope, audience, authenticated_at';

/**
 * $1 user, $2 hash, $3 now, $4 hash of the refresh token or null, $5 $6 its expiries, $7… the log line. The condition
 * on `used_at` makes a code single-use: the second of two concurrent exchanges waits for the row and finds it used.
 * Locks the user before the code, as a login that revokes older codes does: otherwise the two could deadlock.
 */
export const REDEEM_CODE = `
with holder as (
  select 1 from users where user_id = $1 for key share
), redeemed as (
  update authorization_codes set used_at = $3
  where user_id = $1 and code_hash = $2 and used_at is null and expires_at > $3 and exists (select 1 from holder)
  returning ${GRANT_COLUMNS}, actions
), stored as (
  insert into refresh_tokens (${GRANT_COLUMNS}, token_hash, created_at, expires_at, idle_expires_at, metadata)
  select ${GRANT_COLUMNS}, $4::bytea, $3, $5, $6, coalesce(actions -> 'refreshMetadata', '{}')
  from redeemed where $4::bytea is not null
), line as (
  insert into logs (${LOG_COLUMNS})
  select coalesce(organization_id, ''), $7, $3, $8, $9, client_id, user_id, connection_id, $10, $11, $12 from redeemed
)
select 1 as done from redeemed`;

/** As {@link REDEEM_CODE}; $13 is the instant after which an earlier rotation is still within the leeway. */
export const ROTATE_REFRESH_TOKEN = `
with holder as (
  select 1 from users where user_id = $1 for key share
), rotated as (
  update refresh_tokens set rotated_at = coalesce(rotated_at, $3)
  where user_id = $1 and token_hash = $2 and revoked_at is null and (rotated_at is null or rotated_at > $13)
    and exists (select 1 from holder)
  returning ${GRANT_COLUMNS}, metadata
), stored as (
  insert into refresh_tokens (${GRANT_COLUMNS}, token_hash, created_at, expires_at, idle_expires_at, parent_hash, metadata)
  select ${GRANT_COLUMNS}, $4::bytea, $3, $5, $6, $2, metadata from rotated
), line as (
  insert into logs (${LOG_COLUMNS})
  select coalesce(organization_id, ''), $7, $3, $8, $9, client_id, user_id, connection_id, $10, $11, $12 from rotated
)
select 1 as done from rotated`;

/** $1 user, $2 hash, $3 now, $4 the new idle expiry, $5… the log line. */
export const TOUCH_REFRESH_TOKEN = `
with touched as (
  update refresh_tokens set idle_expires_at = least($4, expires_at)
  where user_id = $1 and token_hash = $2 and revoked_at is null and rotated_at is null
  returning ${GRANT_COLUMNS}
), line as (
  insert into logs (${LOG_COLUMNS})
  select coalesce(organization_id, ''), $5, $3, $6, $7, client_id, user_id, connection_id, $8, $9, $10 from touched
)
select 1 as done from touched`;

export const FIND_LOG_LINE = 'select 1 from logs where log_id = $1';

export const REVOKE_FAMILY = `
update refresh_tokens set revoked_at = $3 where user_id = $1 and family_id = $2 and revoked_at is null`;

export const REVOKE_REFRESH_TOKEN = `
update refresh_tokens f set revoked_at = $4
from refresh_tokens t
where t.user_id = $1 and t.token_hash = $2 and t.client_id = $3
  and f.user_id = t.user_id and f.family_id = t.family_id and f.revoked_at is null`;

export const FIND_TOKEN_USER = `
select user_id, email, ${emailVerified('u', '$3')} as email_verified, name, given_name, family_name, nickname, picture, updated_at
from users u where user_id = $1 and not blocked and exists (select from clients where client_id = $2)`;

export const FIND_LOGOUT_TARGETS = `
select t.friendly_name, t.branding, t.theme, t.enabled_locales, t.texts_revision, t.extra -> 'allowed_logout_urls' as tenant_logout_urls,
  c.client_id, c.name as client_name, c.allowed_logout_urls
from tenant t left join clients c on c.client_id = $1
where t.id = 1`;

export const END_SESSION = `
${because('rp-logout')}
delete from sessions using why where user_id = $1 and id = $2 returning connection_id, idp_session`;
