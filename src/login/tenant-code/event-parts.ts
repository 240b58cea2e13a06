/** Parts that the events of several triggers have in common, in Auth0's names. Pure. */
import type { JsonObject } from '../../domain/action.js';
import { type ProfileOwner, shownProfile } from '../../domain/shown-profile.js';
import type { Tenant } from '../../domain/tenant.js';
import { addSeconds } from '../../kernel/clock.js';
import type { ActionGround } from '../../ports/action-ground.js';

/** Auth0's `transaction.locale` is the language that the pages are shown in. They are written in one. */
export const PAGE_LOCALE = 'en';

/** Leaves out what is undefined, so that a name is there only with a value, and makes dates text (ISO 8601). */
export function toEvent(fields: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(fields)) as JsonObject;
}

/**
 * What Actions are told of this server. `tenantId` is the first label of its host: Auth0's tenant name. `hostname` has the port where that
 * is not the usual one, since Actions build addresses of it.
 */
export function serverOf(origin: string): { readonly tenantId: string; readonly hostname: string } {
  const { hostname, host } = new URL(origin);
  return { tenantId: hostname.split('.')[0] ?? '', hostname: host };
}

/** Names and picture of an account, as tokens show them too, by Auth0's names. */
export function profileFields(owner: ProfileOwner): Record<string, string | undefined> {
  const { name, givenName, familyName, nickname, picture } = shownProfile(owner);
  return { name, given_name: givenName, family_name: familyName, nickname, picture };
}

/** The identities that an account has; what the IdP says of a person is shown for all but the first, as on Auth0. */
export function identitiesOf({ user }: ActionGround): Record<string, unknown>[] {
  return (user?.identities ?? []).map((item) => ({
    connection: item.connection,
    provider: item.strategy,
    user_id: item.strategy === 'auth0' ? item.subject : `${item.connection}|${item.subject}`,
    isSocial: false,
    ...(item.isPrimary ? {} : { profileData: item.profile }),
  }));
}

/** The session that goes on; undefined when there is none (any more). */
export function sessionOf(
  session: { readonly sessionId: string; readonly userId: string },
  { session: found }: ActionGround,
): Record<string, unknown> | undefined {
  if (found === undefined) return undefined;
  return {
    id: session.sessionId,
    user_id: session.userId,
    created_at: found.createdAt,
    authenticated_at: found.authenticatedAt,
    last_interacted_at: found.lastUsedAt,
    expires_at: found.expiresAt,
    idle_expires_at: found.idleExpiresAt,
    metadata: found.metadata,
  };
}

/** The session that this login opens: shown as it will be, since Actions name it to others. */
export function newSessionOf(
  id: string,
  userId: string,
  at: Date,
  tenant: Pick<Tenant, 'sessionLifetimeSeconds' | 'idleSessionLifetimeSeconds'>,
): Record<string, unknown> {
  return {
    id,
    user_id: userId,
    created_at: at,
    authenticated_at: at,
    last_interacted_at: at,
    expires_at: addSeconds(at, tenant.sessionLifetimeSeconds),
    idle_expires_at: addSeconds(at, tenant.idleSessionLifetimeSeconds),
    metadata: {},
  };
}

/** An organization by what the grant or the login knows of it and what the ground adds. */
export function organizationOf(
  organization: { readonly id: string; readonly name: string } | undefined,
  ground: ActionGround,
): Record<string, unknown> | undefined {
  if (organization === undefined) return undefined;
  const { id, name } = organization;
  return {
    id,
    name,
    display_name: ground.organization?.displayName ?? name,
    metadata: ground.organization?.metadata ?? {},
  };
}
