/**
 * Self-service set-up: a customer connects its own identity provider. Defines the profile that a tenant offers, and one
 * set-up with its ticket. Pure; knows no page and no store. Settings must never be used for logins before they have
 * signed somebody in: see {@link isPassed}.
 */
import { createHash } from 'node:crypto';
import { PROVIDER_NAMES, type ProviderName } from '../facts/providers.js';
import { PROVIDER_OPTIONS } from './companies/idp-destination.js';
import type { Connection } from './tenant.js';

/** Parses the name of a provider that this server knows; undefined for any other value. */
export function parseProviderName(name: unknown): ProviderName | undefined {
  return PROVIDER_NAMES.find((one) => one === name);
}

/** A claim that the tenant's applications need from the provider. */
export interface NeededAttribute {
  readonly name: string;
  readonly description: string;
  readonly isOptional: boolean;
}

export interface SelfServiceProfile {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly userAttributes: readonly NeededAttribute[];
  readonly branding: { readonly logoUrl?: string; readonly primaryColor?: string } | undefined;
  /** Providers that the customer may choose; empty for every provider that this server supports. */
  readonly allowedStrategies: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The settings of a set-up, checked when its ticket was requested. */
export interface SetupConfig {
  readonly connectionName: string;
  /** True when the connection existed before: the set-up may change it, but not replace it. */
  readonly isGiven: boolean;
  readonly displayName?: string;
  /**
   * A setting that the connection gets in the organization when the customer enables it for everybody. The same applies
   * to `showAsButton`.
   */
  readonly assignMembershipOnLogin: boolean;
  readonly showAsButton: boolean;
  readonly enabledClients: readonly string[];
  /** Domains that the tenant suggests for the connection. */
  readonly domains: readonly string[];
  /** `none`: the customer is not asked for domains. `required`: only proved domains are routed to the connection. */
  readonly domainVerification: 'none' | 'optional' | 'required';
  readonly useForOrganizationDiscovery: boolean;
  readonly provisioning: boolean;
  /** Scopes of the SCIM tokens that the customer makes. Undefined for the default scopes of a token. */
  readonly tokenScopes?: readonly string[];
  /** Lifetime of the SCIM tokens; undefined for tokens that never expire. */
  readonly tokenLifetimeSeconds?: number;
  /** Names of the roles that the customer may give for groups of their directory. */
  readonly assignableRoles: readonly string[];
}

/** The settings that the administrator typed last, including secrets. */
export interface Candidate {
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** {@link settingsDigestOf} the connection when the settings were typed: somebody may have changed it since. */
  readonly base: string;
}

export interface Setup {
  readonly id: string;
  readonly organizationId: string;
  readonly profileId: string;
  readonly connectionId: string | undefined;
  readonly config: SetupConfig;
  readonly provider: ProviderName | undefined;
  readonly candidate: Candidate | undefined;
  /**
   * Digest of the settings that have signed somebody in. Before they are in use: {@link digestOf} the candidate; then
   * {@link settingsDigestOf} the connection.
   */
  readonly passed: string | undefined;
  readonly passedAt: Date | undefined;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | undefined;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('base64url');
}

/**
 * Returns a digest that identifies a candidate without showing it. Equal settings have the same digest, whatever the
 * order of their names.
 */
export function digestOf(candidate: Candidate): string {
  return digest(candidate);
}

/**
 * Returns a digest of the settings that decide who signs in at a connection: its options, except the domains that are
 * routed to it. The digest reveals no secret.
 */
export function settingsDigestOf({ strategy, options }: Pick<Connection, 'strategy' | 'options'>): string {
  const { domain_aliases: _, ...rest } = options;
  return digest({ strategy, options: rest });
}

/**
 * True when exactly these settings have signed somebody in. Otherwise a typing error would lock a whole company out.
 */
export function isPassed(setup: Pick<Setup, 'candidate' | 'passed'>): boolean {
  return setup.candidate !== undefined && setup.passed === digestOf(setup.candidate);
}

/** True when the connection still has the settings that the set-up tried and put into use. */
export function isStillPassed(
  setup: Pick<Setup, 'passed'>,
  connection: Pick<Connection, 'strategy' | 'options'>,
): boolean {
  return setup.passed === settingsDigestOf(connection);
}

/** True when the connection changed after the settings were typed: to use them would undo that change. */
export function isOutdated({ base }: Candidate, connection: Pick<Connection, 'strategy' | 'options'>): boolean {
  return base !== settingsDigestOf(connection);
}

/** Options that customers set for any provider. Those of other settings are removed. */
const TYPED = [...PROVIDER_OPTIONS, 'client_id', 'client_secret', 'type', 'domain_aliases'];

/** Returns the options without those that customers set: what remains, such as mapped claims, is the operator's. */
export function withoutTyped(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !TYPED.includes(name)));
}

/** True while the ticket opens the set-up. */
export function isOpen(setup: Pick<Setup, 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  return setup.revokedAt === undefined && setup.expiresAt.getTime() > now.getTime();
}
