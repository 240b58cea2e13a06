/**
 * The settings of the My Organization API, which an operator registers under its identifier
 * (`https://<domain>/my-org/`). Its tokens are those of people, for ten minutes, and its scopes are fixed. Knows no
 * caller; writes nothing.
 */
import { notSupported } from '../api/errors.js';
import { MY_ORGANIZATION_SCOPES } from '../my-organization/requests.js';
import type { ResourceServerSettingsBody } from './fields.js';

/** Its defaults, as on Auth0: tokens of ten minutes, for people at applications with a client grant, by their roles. */
export const ORGANIZATION_API = {
  name: 'Auth0 My Organization API',
  tokenLifetimeSeconds: 600,
  allowOfflineAccess: true,
  userPolicy: 'require_client_grant',
  clientPolicy: 'deny_all',
  enforcePolicies: true,
} as const;

interface OrganizationBody extends ResourceServerSettingsBody {
  readonly scopes?: readonly { readonly value: string }[];
}

/**
 * Throws 400 for settings that would have no effect, or that would make every member an administrator of their
 * organization.
 */
export function checkOrganizationApi({ scopes = [], subject_type_authorization: policies, ...body }: OrganizationBody) {
  const unknown = scopes.find(({ value }) => !MY_ORGANIZATION_SCOPES.includes(value));
  if (unknown)
    throw notSupported(
      `The My Organization API has no scope ${unknown.value}. It registers its own scopes when none is sent.`,
    );
  // Attack: with it off, the grant of the application alone would make every member an administrator.
  if (body.enforce_policies === false)
    throw notSupported(
      'The My Organization API gives people what their roles permit: enforce_policies is always true.',
    );
  if (policies?.client?.policy !== undefined && policies.client.policy !== 'deny_all')
    throw notSupported('The My Organization API acts for people: its client policy is deny_all.');
  if (policies?.user?.policy === 'allow_all')
    throw notSupported(
      'The My Organization API administers an organization, so applications need a client grant: its user policy is require_client_grant or deny_all.',
    );
  if ((body.token_lifetime ?? 0) > ORGANIZATION_API.tokenLifetimeSeconds)
    throw notSupported(
      `Tokens of the My Organization API are valid for at most ${ORGANIZATION_API.tokenLifetimeSeconds} seconds.`,
    );
}
