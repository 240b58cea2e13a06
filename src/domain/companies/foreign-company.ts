/**
 * Whether claims are of another company than the connection is for, at a provider that serves many companies at one address. Pure; the only
 * place with these checks, so that a login and its explanation give the same answer. The claims may be those of a verified token, or assumed.
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

/** The claim that names another company, or none; `detail` is for the operator. */
export interface ForeignClaim {
  readonly claim: 'tid' | 'iss' | 'hd';
  readonly detail: string;
}

/** The issuer of a tenant of Entra that the connection lets in, or the claim that is wrong. */
export function findTenantIssuer(entra: Entra, { tid, iss }: Claims): { readonly issuer: string } | ForeignClaim {
  // Stops `tid` as a piece of an address: in the template, `x/v2.0?` or `../` would make an issuer of anything.
  if (!isEntraId(tid)) return { claim: 'tid', detail: 'the tenant id is missing, or is not one' };
  // Stops a tenant that writes another tenant's id into its claims: the keys are the same for all tenants, so only `iss` tells them apart.
  const issuer = entraIssuer(entra, tid);
  if (iss !== issuer)
    return { claim: 'iss', detail: `tenant ${tid} has the issuer ${issuer}, the token is from ${String(iss)}` };
  // Stops everybody who has an account at any tenant, where the connection is one tenant's or lists its tenants.
  if (isAllowedTenant(entra, tid)) return { issuer };
  const hint = tid === PERSONAL_ACCOUNTS ? ' (personal accounts: list it in allowed_tenants to let them in)' : '';
  return { claim: 'tid', detail: `the connection does not take people of tenant ${tid}${hint}` };
}

/** The claim of an account of Google's that belongs to none of these domains. */
export function findForeignWorkspace(domains: readonly string[], { hd }: Claims): ForeignClaim | undefined {
  // Stops accounts that no company owns: gmail.com, and a private account with a company's address.
  if (typeof hd !== 'string' || hd === '')
    return { claim: 'hd', detail: 'the account belongs to no Google Workspace (hd is missing)' };
  // Stops other companies' accounts. Compared whole: `acme.example.evil.example` begins with the domain, `evil-acme.example` ends with it.
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

/** The same answer for claims of which some are not told: a claim that is absent is taken for the right one. For explanations. */
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
