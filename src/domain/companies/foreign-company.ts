/**
 * Finds claims that belong to another company than the connection's, at a provider that serves many companies at one
 * address (Entra ID, Google). Pure; the only place with these checks, so that a login and its explanation agree. The
 * claims may be those of a verified token, or assumed.
 */

import { dialectOf } from '../../facts/strategies.js';
import type { Connection } from '../tenant.js';
import {
  type Entra,
  entraIssuer,
  isAllowedTenant,
  isEntraId,
  PERSONAL_ACCOUNTS,
  parseEntra,
  tenantOfIssuer,
} from './entra.js';
import { workspaceDomains } from './google-workspace.js';

type Claims = Readonly<Record<string, unknown>>;

/** The claim that is missing or names another company; `detail` is for the operator. */
export interface ForeignClaim {
  readonly claim: 'tid' | 'iss' | 'hd';
  readonly detail: string;
}

/** Returns the issuer of an accepted Entra tenant, or the wrong claim. */
export function findTenantIssuer(entra: Entra, { tid, iss }: Claims): { readonly issuer: string } | ForeignClaim {
  // Attack: a `tid` such as `../` or `x/v2.0?`, which would turn the issuer's address into another one.
  if (!isEntraId(tid)) return { claim: 'tid', detail: 'the tenant id is missing, or is not one' };
  // Attack: a tenant writes another tenant's id into `tid`. All tenants have the same keys: only `iss` tells them
  // apart.
  const issuer = entraIssuer(entra, tid);
  if (iss !== issuer)
    return { claim: 'iss', detail: `tenant ${tid} has the issuer ${issuer}, the token is from ${String(iss)}` };
  // Attack: people of any tenant sign in, although the connection is for one tenant, or lists those that it accepts.
  if (isAllowedTenant(entra, tid)) return { issuer };
  const hint = tid === PERSONAL_ACCOUNTS ? ' (personal accounts: list it in allowed_tenants to let them in)' : '';
  return { claim: 'tid', detail: `the connection does not take people of tenant ${tid}${hint}` };
}

/** Finds the wrong claim of a Google account that belongs to none of these domains. */
export function findForeignWorkspace(domains: readonly string[], { hd }: Claims): ForeignClaim | undefined {
  // Attack: accounts that no company owns: gmail.com, and a private account with a company's address.
  if (typeof hd !== 'string' || hd === '')
    return { claim: 'hd', detail: 'the account belongs to no Google Workspace (hd is missing)' };
  // Attack: accounts of `acme.example.evil.example` or `evil-acme.example`. So domains are compared whole.
  if (domains.includes(hd)) return undefined;
  return { claim: 'hd', detail: `the account belongs to ${hd}, the connection is for ${domains.join(', ')}` };
}

function assumeTenant(entra: Entra, { tid, iss }: Claims): Claims | undefined {
  const { tenants } = entra;
  const ofIssuer = typeof iss === 'string' ? tenantOfIssuer(entra, iss) : undefined;
  const tenant = tid ?? (tenants.kind === 'one' ? tenants.id : ofIssuer);
  if (tenant === undefined) return undefined;
  return { tid: tenant, iss: iss ?? (isEntraId(tenant) ? entraIssuer(entra, tenant) : undefined) };
}

/** Finds the wrong claim among incomplete claims, for an explanation: a claim that is absent is assumed to be right. */
export function findForeignClaim(
  { strategy, options }: Pick<Connection, 'strategy' | 'options'>,
  claims: Claims,
): ForeignClaim | undefined {
  if (dialectOf(strategy) === 'google') {
    const domains = workspaceDomains(options);
    return claims.hd === undefined ? undefined : findForeignWorkspace(domains, claims);
  }
  if (dialectOf(strategy) !== 'entra') return undefined;
  const entra = parseEntra(options);
  const assumed = 'problem' in entra ? undefined : assumeTenant(entra, claims);
  if (assumed === undefined || 'problem' in entra) return undefined;
  const found = findTenantIssuer(entra, assumed);
  return 'claim' in found ? found : undefined;
}
