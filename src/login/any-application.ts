/**
 * The application of a login that is explained without one. Stands for every application that the organization lets in.
 * Reads nothing.
 */
import type { Client } from '../domain/tenant.js';
import type { LoginReads, LoginTarget } from '../ports/login-store.js';

/** Redirect target of an explained login: no browser is sent back. */
export const NOWHERE = '';

/** Placeholder for a client. Steps 1 to 4 read only its organization usage and its callbacks: `NOWHERE` passes. */
export const ANY_APPLICATION: Client = {
  clientId: '',
  name: 'any application',
  appType: undefined,
  tokenEndpointAuthMethod: 'none',
  callbacks: [NOWHERE],
  allowedLogoutUrls: [],
  webOrigins: [],
  grantTypes: ['authorization_code'],
  initiateLoginUri: undefined,
  organizationUsage: 'allow',
  organizationRequireBehavior: 'no_prompt',
  idTokenLifetimeSeconds: 0,
  refreshRotating: true,
  refreshLeewaySeconds: 0,
  refreshLifetimeSeconds: 0,
  refreshIdleLifetimeSeconds: 0,
  isFirstParty: true,
  ssoDisabled: false,
};

/**
 * Returns the target of a login through some application that the organization lets in. An organization that limits its
 * applications and lists none lets nobody in, so its login is refused.
 */
export function forAnyApplication(found: NonNullable<Awaited<ReturnType<LoginReads['findEnablements']>>>): LoginTarget {
  const { organization } = found;
  const isListed = (organization.onlyApplications?.length ?? 0) > 0;
  return {
    ...found,
    organization: isListed ? { ...organization, onlyApplications: [ANY_APPLICATION.clientId] } : organization,
    client: ANY_APPLICATION,
    invitation: undefined,
    audienceKnown: true,
  };
}
