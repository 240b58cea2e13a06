/**
 * The things that an administrator configures: tenant, client, organization, connection, role. Plain values, no I/O.
 */

import type { Strategy } from '../facts/strategies.js';

export type { Strategy };

import type { AttemptRules } from './attempt-rules.js';
import type { DomainProof } from './companies/domain-proof.js';
import type { SecondFactorRule, TenantFactors } from './factors/factor.js';
import type { CustomTexts } from './look/custom-text.js';
import type { Language } from './look/languages.js';
import type { TenantLook } from './look/look.js';
import type { Email } from './people/email.js';

export type MembershipEvaluation = 'after_actions' | 'before_actions';

/** Name of a tenant until an administrator changes it (sql/0001): the program's name, which tells people nothing. */
export const UNNAMED_TENANT = 'Vestibule';

/**
 * Differences of a tenant's logins from this server's usual behaviour. Not stored: only a server that is started as a
 * double of Auth0 sets them, for all its logins (docs/auth0-double.md).
 */
export interface LoginHabits {
  /** Writes the account of a person from an identity provider before anybody decides about their membership. */
  readonly opensAccountFirst: boolean;
  /** Sends a person with an address of a company's domain to that company, even if they ask to use a password. */
  readonly homeRealmBinds: boolean;
  /** Asks a person who returns with another address than they typed whether it is theirs. */
  readonly asksForAddress: boolean;
}

export interface Tenant {
  readonly friendlyName: string;
  readonly defaultRedirectionUri: string | undefined;
  readonly allowOrganizationName: boolean;
  readonly membershipEvaluation: MembershipEvaluation;
  readonly sessionLifetimeSeconds: number;
  readonly idleSessionLifetimeSeconds: number;
  /** Look of pages and mails, for organizations without a look of their own. */
  readonly look: TenantLook;
  /** `bound`: the triggers that have a deployed Action. `revision`: changes with every change of the Actions. */
  readonly actions: { readonly revision: string; readonly bound: readonly string[] };
  /** Changes whenever the tenant's own texts for the pages change; '' and absent mean that it has none. */
  readonly textsRevision?: string;
  /** The tenant's own texts for the pages; absent if it has none, or when no page will be shown. */
  readonly texts?: CustomTexts;
  /** The languages of the pages, the default first; absent for English. */
  readonly languages?: readonly [Language, ...Language[]];
  readonly habits?: LoginHabits;
  /** The second factors that the tenant accepts, and whether it asks everybody for one. */
  readonly factors: TenantFactors;
  /** The tenant's limits of tries; absent where this server's own limits apply. */
  readonly attemptRules?: AttemptRules;
}

export type OrganizationUsage = 'deny' | 'allow' | 'require';
export type OrganizationDiscoveryMethod = 'email' | 'organization_name';
export type OrganizationRequireBehavior = 'no_prompt' | 'pre_login_prompt' | 'post_login_prompt';
export type TokenEndpointAuthMethod = 'none' | 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt';

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
  /** How a person may name an organization at the prompt; both ways if absent. */
  readonly organizationDiscoveryMethods?: readonly OrganizationDiscoveryMethod[];
  /** True when answers from /authorize leave `iss` (RFC 9207) out, because the client misreads it. */
  readonly withoutIss?: true;
  /** True when people read a refusal on a page of this server before the application gets it. */
  readonly refusalsOnPage?: true;
  /** True when the application has a back-channel logout URL. */
  readonly hearsOfLogout?: true;
  readonly idTokenLifetimeSeconds: number;
  readonly refreshRotating: boolean;
  readonly refreshLeewaySeconds: number;
  readonly refreshLifetimeSeconds: number;
  readonly refreshIdleLifetimeSeconds: number;
  readonly isFirstParty: boolean;
  /** The browser's session never signs in to this application: the person signs in each time. */
  readonly ssoDisabled: boolean;
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
  /**
   * True for the organization whose members are the tenant's operators (ADR 0062). Set only in data that is read for a
   * login.
   */
  readonly isOfOperators?: true;
  /**
   * Client ids of the only applications through which members sign in, once the organization limits them (Auth0's
   * `is_app_entitlement_active`). Set only in data that is read for a login.
   */
  readonly onlyApplications?: readonly string[];
  /** Set if members need a second factor: which of them, and the factors that the organization accepts. */
  readonly secondFactor?: SecondFactorRule;
}

/** True if the organization limits its applications and `clientId` is not among them. */
export function isClosedToApplication({ onlyApplications }: Organization, clientId: string): boolean {
  return onlyApplications?.includes(clientId) === false;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly strategy: Strategy;
  readonly displayName: string | undefined;
  /**
   * The connection's settings in Auth0's schema, including secrets. Connectors and the rules of src/domain read them.
   */
  readonly options: Readonly<Record<string, unknown>>;
  readonly domainAliases: readonly string[];
  /**
   * The organization whose administrators made the connection (ADR 0102); absent for one of the operators. Its provider
   * is believed about nobody outside the domains that this organization proved by DNS.
   */
  readonly managedByOrganization?: string | undefined;
  /**
   * Changes with every write that matters to a login in progress (docs/linking-rule.md, part 2); see {@link
   * fingerprintOf}.
   */
  readonly revision: string;
}

/** The settings of one connection in one organization. */
export interface OrganizationConnection {
  readonly connection: Connection;
  readonly assignMembershipOnLogin: boolean;
  readonly showAsButton: boolean;
  /**
   * True when anybody may open an account here. In a login without an organization: the option `disable_signup` is
   * false.
   */
  readonly isSignupEnabled: boolean;
  readonly linkExistingMembers: 'verified_email' | 'never';
  readonly ssoRollout: 'optional' | 'required';
  readonly autoMembershipCondition: string | undefined;
  /** Addresses of a pilot group: a company's connection signs in only these people. Empty for everybody. */
  readonly pilotEmails: readonly string[];
  /** Changes with every change of these settings; see {@link fingerprintOf}. */
  readonly revision: string;
  /**
   * True only in a login without an organization, if an organization enables this connection, or did before: its people
   * then have to name their organization.
   */
  readonly servesOrganizations: boolean;
  /** Domains that this organization has proved and that the connection lists in `domain_aliases`. */
  readonly provedDomains: readonly string[];
  /** How each domain was proved. Evidence for people: no rule reads it. */
  readonly proofs?: Readonly<Record<string, DomainProof>>;
}

/**
 * Returns the version of the settings that a login relies on. If it changes between the redirect to the IdP and the
 * commit, the login is refused (docs/linking-rule.md, part 2).
 */
export function fingerprintOf(connection: Connection, enablement: OrganizationConnection | undefined): string {
  return `${connection.revision}.${enablement?.revision ?? '-'}`;
}

/** True when the connection signs in the person with this address: everybody, or the people of its pilot group. */
export function isOpenTo(
  { pilotEmails }: Pick<OrganizationConnection, 'pilotEmails'>,
  email: Email | undefined,
): boolean {
  return pilotEmails.length === 0 || (email !== undefined && pilotEmails.includes(email));
}

/** Returns the name shown to people: the display name, else the name. */
export function organizationTitle(organization: Organization): string {
  return organization.displayName ?? organization.name;
}

/** True for connections whose people sign in at another server (all except the own database). */
export function isEnterprise(strategy: Strategy): boolean {
  return strategy !== 'auth0';
}

/**
 * Returns the default entity id under which a SAML connection's identity provider knows this server, in Auth0's form.
 */
export function usualEntityId(host: string, connectionName: string): string {
  return `urn:auth0:${host}:${connectionName}`;
}
