/** Reads the data of an Action's event in one query. Part of the login store. */
import type { Pool } from 'pg';
import type { JsonObject } from '../../domain/actions/action.js';
import { type FactorKind, isIndependent } from '../../domain/factors/factor.js';
import type { ActionGround, ActionGroundQuery } from '../../ports/action-ground.js';
import { groupRoles } from '../scim-group-roles.js';
import { emailVerified } from './address-proved.js';
import { run } from './query.js';

/**
 * $1 user or null, $2 organization or null, $3 client or null, $4 connection or null, $5 roles about to be granted, by
 * id or (an Action's) by name, $6 session or null, $7 whether the login is about to create a membership
 */
const FIND_GROUND = `
select
  (select jsonb_build_object('email', u.email, 'email_verified', ${emailVerified('u', '$2')}, 'created_at', u.created_at, 'updated_at', u.updated_at, 'username', u.username,
      'phone_number', u.phone_number, 'user_metadata', u.user_metadata, 'app_metadata', u.app_metadata, 'logins_count', u.logins_count,
      'last_password_reset', (select max(p.changed_at) from password_credentials p where p.user_id = u.user_id and p.hash <> '!' and p.changed_at > u.created_at),
      'factors', (select jsonb_agg(jsonb_build_object('kind', f.kind, 'vouched_by', f.vouched_by) order by f.kind = 'recovery-code', f.created_at, f.id)
        from factors f where f.user_id = u.user_id and f.confirmed_at is not null and f.kind <> 'email'),
      'mail', (select t.guardian -> 'factors' ->> 'email' = 'true' from tenant t) and (u.email_vouched_by in ('mail', 'operator')
        or exists (select from factors f where f.user_id = u.user_id and f.kind = 'email' and f.confirmed_at is not null)),
      'identities', (select jsonb_agg(jsonb_build_object('connection', n.name, 'strategy', n.strategy, 'subject', i.subject,
          'profile', i.profile, 'is_primary', i.is_primary) order by i.is_primary desc, i.created_at, i.id)
        from identities i join connections n on n.id = i.connection_id where i.user_id = u.user_id and i.status = 'bound'))
   from users u where u.user_id = $1) as "user",
  (select m.via from members m where m.organization_id = $2 and m.user_id = $1) as via,
  (select array_agg(r.name order by r.name) from (
     select (select name from roles where id = g.role_id) from member_roles g where g.organization_id = $2 and g.user_id = $1
     union select n.name from (${groupRoles('$1', '$2')}) k join roles n on n.id = k.role_id
       where $7 or exists (select 1 from members m where m.organization_id = $2 and m.user_id = $1)
     union select (select name from roles where id = h.role_id) from user_roles h where $2::text is null and h.user_id = $1
     union select name from roles where id = any ($5) union select name from roles where name = any ($5)) r (name)) as roles,
  (select jsonb_build_object('display_name', display_name, 'metadata', metadata) from organizations where id = $2) as organization,
  (select client_metadata from clients where client_id = $3) as client,
  (select jsonb_build_object('name', name, 'strategy', strategy, 'metadata', metadata) from connections where id = $4) as connection,
  (select jsonb_build_object('created_at', s.created_at, 'authenticated_at', s.authenticated_at, 'last_used_at', s.last_used_at,
      'expires_at', s.expires_at, 'idle_expires_at', least(s.expires_at, coalesce(s.idle_expires_at,
        s.last_used_at + make_interval(secs => (select idle_session_lifetime_seconds from tenant where id = 1)))), 'metadata', s.metadata, 'methods', s.methods)
   from sessions s where s.user_id = $1 and s.id = $6) as session`;

interface UserRow {
  readonly email: string | null;
  readonly email_verified: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly username: string | null;
  readonly phone_number: string | null;
  readonly user_metadata: JsonObject;
  readonly app_metadata: JsonObject;
  readonly logins_count: number;
  readonly last_password_reset: string | null;
  readonly factors: null | readonly { readonly kind: FactorKind; readonly vouched_by: string | null }[];
  /** True when the tenant accepts codes by mail, and the person has an address for them. */
  readonly mail: boolean | null;
  readonly identities:
    | null
    | readonly { connection: string; strategy: string; subject: string; profile: JsonObject; is_primary: boolean }[];
}

interface Row {
  readonly user: UserRow | null;
  readonly via: string | null;
  readonly roles: string[] | null;
  readonly organization: { readonly display_name: string | null; readonly metadata: JsonObject } | null;
  readonly client: JsonObject | null;
  readonly connection: { readonly name: string; readonly strategy: string; readonly metadata: JsonObject } | null;
  readonly session: SessionRow | null;
}

/** A session's row as JSON, in which times are text. */
interface SessionRow {
  readonly created_at: string;
  readonly authenticated_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly idle_expires_at: string;
  readonly metadata: JsonObject;
  readonly methods: NonNullable<ActionGround['session']>['methods'];
}

function toSession(row: SessionRow): NonNullable<ActionGround['session']> {
  return {
    createdAt: new Date(row.created_at),
    authenticatedAt: new Date(row.authenticated_at),
    lastUsedAt: new Date(row.last_used_at),
    expiresAt: new Date(row.expires_at),
    idleExpiresAt: new Date(row.idle_expires_at),
    metadata: row.metadata,
    methods: row.methods,
  };
}

function toUser(row: UserRow): NonNullable<ActionGround['user']> {
  return {
    email: row.email ?? undefined,
    emailVerified: row.email_verified,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    username: row.username ?? undefined,
    phoneNumber: row.phone_number ?? undefined,
    userMetadata: row.user_metadata,
    appMetadata: row.app_metadata,
    loginsCount: row.logins_count,
    lastPasswordReset: row.last_password_reset === null ? undefined : new Date(row.last_password_reset),
    factors: toFactors(row),
    identities: (row.identities ?? []).map(({ is_primary: isPrimary, ...rest }) => ({ ...rest, isPrimary })),
  };
}

/**
 * Returns the factors of the event. A code by mail is among them only beside a factor that counts alone: an Action that
 * asks for it is refused otherwise.
 */
function toFactors({ factors, mail }: UserRow): NonNullable<ActionGround['user']>['factors'] {
  const own = (factors ?? []).map(({ kind, vouched_by: vouchedBy }) => ({
    kind,
    ...(vouchedBy !== null && { vouchedBy }),
  }));
  const hasMail = mail === true && own.some(({ kind }) => isIndependent(kind));
  return hasMail ? [...own, { kind: 'email', vouchedBy: 'mail' }] : own;
}

/** Implements {@link LoginReads.findActionGround}. */
export async function findActionGround(pool: Pool, query: ActionGroundQuery): Promise<ActionGround> {
  const [row] = await run<Row>(pool, { name: 'login-find-action-ground', text: FIND_GROUND }, [
    query.userId ?? null,
    query.organizationId ?? null,
    query.clientId ?? null,
    query.connectionId ?? null,
    query.grantedRoles,
    query.sessionId ?? null,
    query.isAdmitted ?? false,
  ]);
  return {
    user: row?.user ? toUser(row.user) : undefined,
    membership: row?.via ? { via: row.via } : undefined,
    roles: row?.roles ?? [],
    organization: row?.organization
      ? { displayName: row.organization.display_name ?? undefined, metadata: row.organization.metadata }
      : undefined,
    clientMetadata: row?.client ?? {},
    connection: row?.connection ?? undefined,
    session: row?.session ? toSession(row.session) : undefined,
  };
}
