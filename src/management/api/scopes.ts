/**
 * The scopes that permit each endpoint; a caller needs one of them. They are those of Auth0's document except two
 * kinds: scopes for the caller's own user (`read:current_user` …), and scopes for a part of an answer that the document
 * does not describe. Scopes of the first kind are for tokens in browsers, which this API does not serve: they must
 * never permit access to everybody's data.
 */
import { OWN_REQUESTS, OWN_SCOPES, ROLES_SCOPE } from '../additions.js';
import { keyOf, type Operation } from './operation.js';
import { AUTH0_SCOPES, getRequestSchemas } from './validation.js';

const NOT_ENOUGH: ReadonlySet<string> = new Set([
  'read:current_user',
  'update:current_user_metadata',
  'update:current_user_identities',
  'delete:current_user',
  'read:user_idp_tokens',
  'read:organizations_summary',
  'read:logs_users',
  'create:current_user_device_credentials',
  'delete:current_user_device_credentials',
]);

/**
 * Scopes that recorded grants of Auth0's carry and its document names at no endpoint. They are registered and granted,
 * so that a machine with every scope is carried over, and open nothing. Before one of them opens an endpoint it must
 * leave this list: clients that hold it would gain a power that nobody decided to give them (ADR 0027). Until then
 * a caller who may change grants may give it, and a client with it is no stronger (stronger-clients.ts).
 */
export const SCOPES_WITHOUT_EFFECT: readonly string[] = [
  'blacklist:tokens',
  'create:client_keys',
  'delete:client_keys',
  'create:device_credentials',
  'update:device_credentials',
  'delete:email_templates',
  'read:entitlements',
  'read:flows_vault',
  'read:insights',
  'read:limits',
  'update:limits',
  'create:organization_groups',
  'delete:organization_groups',
  'create:passwords_checking_job',
  'delete:passwords_checking_job',
  'create:shields',
  'read:shields',
  'update:shields',
  'delete:shields',
  'read:triggers',
  'update:triggers',
  'create:user_custom_blocks',
  'read:user_custom_blocks',
  'delete:user_custom_blocks',
  'create:users_app_metadata',
  'read:users_app_metadata',
  'delete:users_app_metadata',
];

/** The scopes that open something, or will open it where Auth0's document says so: every power over the tenant. */
export const POWERS: readonly string[] = [
  ...new Set([
    ...AUTH0_SCOPES,
    ...Object.values(OWN_REQUESTS).flatMap((request) => request.scopes),
    ...Object.values(OWN_SCOPES).flat(),
    ROLES_SCOPE,
  ]),
].sort();

/** All scopes of the Management API. The machine client from the environment variables is granted all of them. */
export const MANAGEMENT_SCOPES: readonly string[] = [...POWERS, ...SCOPES_WITHOUT_EFFECT].sort();

/**
 * Returns the scopes of `operation`, of which a caller needs one. Never empty for an endpoint of this server. Some
 * properties require further scopes (property-scopes.ts).
 */
export function getAcceptedScopes(operation: Pick<Operation, 'method' | 'path'>): readonly string[] {
  const key = keyOf(operation);
  const accepted = getRequestSchemas(key).scopes.filter((scope) => !NOT_ENOUGH.has(scope));
  return [...accepted, ...(OWN_SCOPES[key] ?? [])];
}
