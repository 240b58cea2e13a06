/** Parts that the events of several triggers share, in Auth0's names. Pure. */
import type { JsonObject } from '../../domain/actions/action.js';
import { rootAttributes } from '../../domain/people/root-attributes.js';
import { type ProfileOwner, shownProfile } from '../../domain/people/shown-profile.js';
import type { Tenant } from '../../domain/tenant.js';
import { addSeconds } from '../../kernel/clock.js';
import type { ActionGround } from '../../ports/action-ground.js';

/** Value of Auth0's `transaction.locale` where no page is shown: the default language of the pages. */
export const PAGE_LOCALE = 'en';

/** Leaves out undefined fields and turns dates into text (ISO 8601). */
export function toEvent(fields: Readonly<Record<string, unknown>>): JsonObject {
  return JSON.parse(JSON.stringify(fields)) as JsonObject;
}

/**
 * Returns the event fields about this server. `tenantId` is the first label of its host: Auth0's tenant name.
 * `hostname` includes an unusual port, since Actions build addresses from it.
 */
export function serverOf(origin: string): { readonly tenantId: string; readonly hostname: string } {
  const { hostname, host } = new URL(origin);
  return { tenantId: hostname.split('.')[0] ?? '', hostname: host };
}

/** Returns names and picture of an account under Auth0's names, as tokens show them. */
export function profileFields(owner: ProfileOwner): Record<string, string | undefined> {
  const { name, givenName, familyName, nickname, picture } = shownProfile(owner);
  return { name, given_name: givenName, family_name: familyName, nickname, picture };
}

/** Returns the identities of an account; all except the first show the IdP's profile, as on Auth0. */
export function identitiesOf({ user }: ActionGround): Record<string, unknown>[] {
  return (user?.identities ?? []).map((item) => ({
    connection: item.connection,
    provider: item.strategy,
    user_id: item.strategy === 'auth0' ? item.subject : `${item.connection}|${item.subject}`,
    isSocial: false,
    ...(item.isPrimary ? {} : { profileData: item.profile }),
  }));
}

/**
 * Returns the claims of the connection's provider from the person's last sign-in there, for the root of `event.user`.
 * Never those of other connections.
 */
export function saidBefore(
  { user }: ActionGround,
  connection: string | undefined,
  subject?: string,
): Record<string, unknown> {
  const came = user?.identities.filter((item) => item.connection === connection) ?? [];
  const identity = came.find((item) => item.subject === subject) ?? came[0];
  return rootAttributes(identity?.profile ?? {});
}

/** Returns the event's session for one that exists already; undefined when it is no longer stored. */
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

/**
 * Returns the event's session for one that this login will open. Its id is final: Actions may pass it to other systems.
 */
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

/** Returns the event's organization: id and name from the login or grant, the rest from the data stored for Actions. */
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
