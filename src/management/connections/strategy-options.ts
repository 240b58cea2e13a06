/**
 * Auth0's options that a strategy refuses here. They would weaken a sign-in, or need a feature that does not exist
 * here, and nobody would notice that they are ignored. Options that merely have no effect are stored and shown
 * (docs/auth0-compatibility.md).
 */

import { parseEntra } from '../../domain/companies/entra.js';
import { workspaceDomains } from '../../domain/companies/google-workspace.js';
import type { Strategy } from '../../domain/tenant.js';
import { dialectOf } from '../../facts/strategies.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { checkDatabaseOptions } from './database-options.js';

interface RefusedOption {
  readonly name: string;
  readonly isRefused: (value: unknown) => boolean;
  /** The reason for the refusal and an alternative; completes the sentence "options.NAME …". */
  readonly because: string;
}

const isTrue = (value: unknown): boolean => value === true;
const differsFrom = (usual: string) => (value: unknown) => value !== undefined && value !== null && value !== usual;
const isActive = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as Wire).active === true;

const ENTRA_GROUPS =
  'needs Microsoft Graph, which this server does not ask. Have Entra put the groups into the ID token (Token configuration, Add groups ' +
  'claim): conditions and Actions read them as claims.groups';
const GOOGLE_DIRECTORY = "needs Google's Directory API, which this server does not ask";
const TOKENS = 'needs the access tokens of people at their provider, which are not kept here';

const ENTRA: readonly RefusedOption[] = [
  {
    name: 'waad_protocol',
    isRefused: differsFrom('openid-connect'),
    because: 'takes openid-connect: WS-Federation is not spoken here',
  },
  { name: 'use_wsfed', isRefused: isTrue, because: 'is not available: WS-Federation is not spoken here' },
  {
    name: 'identity_api',
    isRefused: differsFrom('microsoft-identity-platform-v2.0'),
    because:
      'takes microsoft-identity-platform-v2.0: tokens of version 1.0 name another issuer. The same app registration serves version 2.0',
  },
  {
    name: 'should_trust_email_verified_connection',
    isRefused: differsFrom('never_set_emails_as_verified'),
    because:
      'takes never_set_emails_as_verified: any administrator of a tenant can type any address in ("nOAuth"). Prove the domain for the ' +
      'organization, or have Entra send the optional claim xms_edov',
  },
  { name: 'ext_groups', isRefused: isTrue, because: ENTRA_GROUPS },
  { name: 'ext_nested_groups', isRefused: isTrue, because: ENTRA_GROUPS },
  { name: 'federated_connections_access_tokens', isRefused: isActive, because: TOKENS },
];

const GOOGLE: readonly RefusedOption[] = [
  { name: 'ext_groups', isRefused: isTrue, because: GOOGLE_DIRECTORY },
  { name: 'api_enable_groups', isRefused: isTrue, because: GOOGLE_DIRECTORY },
  { name: 'federated_connections_access_tokens', isRefused: isActive, because: TOKENS },
];

/**
 * The options that decide which cloud and tenants of Entra may sign in, and which claim is a person's id. A connection
 * with none of them is not set up yet and may be stored. If one is present, all must be valid.
 */
const ENTRA_NAMES = [
  'tenantId',
  'tenant_domain',
  'domain',
  'cloud',
  'userid_attribute',
  'useCommonEndpoint',
  'waad_common_endpoint',
];

/**
 * Options of the strategy `oidc` that, if a strategy with fixed addresses read them, would lead to another server or
 * weaken a check.
 */
const ADDRESSES = ['issuer', 'discovery_url', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'oidc_metadata'];

function checkRefused(strategy: Strategy, options: Wire, refused: readonly RefusedOption[]): void {
  const found = refused.find(({ name, isRefused }) => isRefused(options[name]));
  if (found !== undefined) throw badBody(`options.${found.name} ${found.because}.`);
  const address = ADDRESSES.find((name) => options[name] !== undefined && options[name] !== null);
  if (address !== undefined)
    throw badBody(
      `options.${address} is not an option of ${strategy}, whose addresses are fixed. For another provider use the strategy oidc.`,
    );
}

/**
 * True when none of the named options is set. Such a connection may be stored, but nobody can sign in through it yet.
 */
function namesNothing(options: Wire, names: readonly string[]): boolean {
  return names.every((name) => options[name] === undefined || options[name] === null || options[name] === '');
}

/** Throws 400 for an option that the strategy refuses, or whose value is invalid for the strategy. */
export function checkStrategyOptions(strategy: Strategy, options: Wire): void {
  if (strategy === 'auth0') checkDatabaseOptions(options);
  if (dialectOf(strategy) === 'entra') {
    checkRefused(strategy, options, ENTRA);
    const entra = parseEntra(options);
    if ('problem' in entra && !namesNothing(options, ENTRA_NAMES)) throw badBody(`options: ${entra.problem}.`);
  }
  if (dialectOf(strategy) === 'google') {
    checkRefused(strategy, options, GOOGLE);
    const isNamed = !namesNothing(options, ['tenant_domain', 'domain']);
    if (isNamed && workspaceDomains({ ...options, domain_aliases: [] }).length === 0)
      throw badBody('options.tenant_domain takes a domain of the Google Workspace, as acme.example.');
  }
}
