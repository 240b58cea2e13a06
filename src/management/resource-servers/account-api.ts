/**
 * The settings of the My Account API, which an operator registers under its identifier (`https://<domain>/me/`). Its
 * tokens are those of people, and its scopes are fixed. Knows no caller; writes nothing.
 */
import { notSupported } from '../api/errors.js';
import type { ResourceServerSettingsBody } from './fields.js';

/** The scopes that the routes of the API accept (src/http/me). */
export const ACCOUNT_SCOPES = [
  'create:me:authentication_methods',
  'read:me:authentication_methods',
  'update:me:authentication_methods',
  'delete:me:authentication_methods',
  'read:me:factors',
] as const;

export type AccountScope = (typeof ACCOUNT_SCOPES)[number];

/** Its defaults, as on Auth0: tokens of ten minutes, for people at applications with a client grant. */
export const ACCOUNT_API = {
  name: 'Auth0 My Account API',
  tokenLifetimeSeconds: 600,
  allowOfflineAccess: true,
  userPolicy: 'require_client_grant',
  clientPolicy: 'deny_all',
} as const;

interface AccountBody extends ResourceServerSettingsBody {
  readonly scopes?: readonly { readonly value: string }[];
}

/**
 * Throws 400 for settings that would have no effect, or that would give every application the right to change how people
 * sign in.
 */
export function checkAccountApi({ scopes = [], subject_type_authorization: policies, ...body }: AccountBody): void {
  const unknown = scopes.find(({ value }) => !(ACCOUNT_SCOPES as readonly string[]).includes(value));
  if (unknown)
    throw notSupported(`The My Account API has no scope ${unknown.value}: it has ${ACCOUNT_SCOPES.join(', ')}.`);
  if (policies?.client?.policy !== undefined && policies.client.policy !== 'deny_all')
    throw notSupported('The My Account API acts for people: its client policy is deny_all.');
  if (policies?.user?.policy === 'allow_all')
    throw notSupported(
      'The My Account API changes how people sign in, so applications need a client grant: its user policy is require_client_grant or deny_all.',
    );
  if ((body.token_lifetime ?? 0) > ACCOUNT_API.tokenLifetimeSeconds)
    throw notSupported(
      `Tokens of the My Account API are valid for at most ${ACCOUNT_API.tokenLifetimeSeconds} seconds.`,
    );
}
