/** Nouns an administrator configures: tenant, client, organization, connection, role. Plain values, no I/O. */

export type MembershipEvaluation = 'after_actions' | 'before_actions';

/** What a tenant is called until an administrator names it (sql/0001): the name of the program, which tells people nothing. */
export const UNNAMED_TENANT = 'Vestibule';

export interface Tenant {
  readonly friendlyName: string;
  readonly defaultRedirectionUri: string | undefined;
  readonly allowOrganizationName: boolean;
  readonly membershipEvaluation: MembershipEvaluation;
  readonly sessionLifetimeSeconds: number;
  readonly idleSessionLifetimeSeconds: number;
  /** What of the tenant's own code is deployed and bound; the revision changes with every change of it. */
  readonly actions: { readonly revision: string; readonly bound: readonly string[] };
}

export type OrganizationUsage = 'deny' | 'allow' | 'require';
export type OrganizationDiscoveryMethod = 'email' | 'organization_name';
export type OrganizationRequireBehavior = 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';
export type TokenEndpointAuthMethod = 'none' | 'client_secret_post' | 'client_secret_basic';

export interface Client {
  readonly clientId: string;
  readonly name: string;
  readonly appType: string | undefined;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  readonly callbacks: readonly string[];
  readonly allowedLogoutUrls: readonly string[];
  readonly webOrigins: readonly string[];
  readonly grantTypes: readonly string[];
  readonly initiateLoginUri: string | undefined;
  readonly organizationUsage: OrganizationUsage;
  readonly organizationRequireBehavior: OrganizationRequireBehavior;
  /** How an organization is named at the prompt; either way where nothing is said. */
  readonly organizationDiscoveryMethods?: readonly OrganizationDiscoveryMethod[];
  /** Its answers of /authorize come without `iss` (RFC 9207), which it takes for something else. */
  readonly withoutIss?: true;
  readonly idTokenLifetimeSeconds: number;
  readonly refreshRotating: boolean;
  readonly refreshLeewaySeconds: number;
  readonly refreshLifetimeSeconds: number;
  readonly refreshIdleLifetimeSeconds: number;
  readonly isFirstParty: boolean;
}

export interface Branding {
  readonly logoUrl: string | undefined;
  readonly primaryColor: string | undefined;
  readonly pageBackground: string | undefined;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly displayName: string | undefined;
  readonly branding: Branding;
  readonly blocked: boolean;
}

export type Strategy = 'auth0' | 'oidc' | 'okta' | 'samlp';

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: Strategy;
  readonly displayName: string | undefined;
  /** As Auth0's schema has them, secrets merged in. Only the connector of the strategy looks inside. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly domainAliases: readonly string[];
  /** Changes with every write that matters to a login under way (linking rule, part 1.2: "fingerprint"). */
  readonly revision: string;
}

/** How one organization uses one connection. */
export interface OrganizationConnection {
  readonly connection: Connection;
  readonly assignMembershipOnLogin: boolean;
  readonly showAsButton: boolean;
  /** Anybody may open an account here. Without an organization: the connection says `disable_signup: false`. */
  readonly isSignupEnabled: boolean;
  readonly linkExistingMembers: 'verified_email' | 'never';
  readonly ssoRollout: 'optional' | 'required';
  readonly autoMembershipCondition: string | undefined;
  /** Revision of this enablement; together with the connection's revision it is the fingerprint. */
  readonly revision: string;
  /** Without an organization: some organization enabled this connection, so its newcomers belong to one. */
  readonly servesOrganizations: boolean;
  /** Domains that this organization has proved and that the connection lists as aliases: "trusted for exactly that domain". */
  readonly provedDomains: readonly string[];
}

/** What the linking rule calls the fingerprint: equal before the redirect to the IdP and at the commit, or the login is refused. */
export function fingerprintOf(connection: Connection, enablement: OrganizationConnection | undefined): string {
  return `${connection.revision}.${enablement?.revision ?? '-'}`;
}

/** What a person is told: the display name, else the name. */
export function organizationTitle(organization: Organization): string {
  return organization.displayName ?? organization.name;
}

/** True for connections whose people sign in at another server (everything but the own database). */
export function isEnterprise(strategy: Strategy): boolean {
  return strategy !== 'auth0';
}
