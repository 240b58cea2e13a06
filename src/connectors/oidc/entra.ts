/**
 * Microsoft Entra ID's dialect (strategy `waad`). The tenant is part of the identity: the issuer is the tenant's own, checked against `tid`,
 * also where the keys and the endpoint are those of all tenants. No address is an identity here, and no user name an address.
 *
 * Source: "Secure applications and APIs by validating claims" and "ID token claims reference", Microsoft identity platform.
 */
import type { JWTPayload } from 'jose';
import {
  type Entra,
  entraIssuer,
  isAllowedTenant,
  isEntraDocumentIssuer,
  isEntraId,
  isEntraKeyIssuer,
  PERSONAL_ACCOUNTS,
  tenantOfIssuer,
} from '../../domain/entra.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Dialect, Named } from './dialect.js';
import { fail } from './failure.js';

const say = (claim: string, detail: string): ConnectorFailure => fail('invalid', `id_token.${claim}`, detail);

function nameEntra(entra: Entra, { tid, iss, sub, oid }: JWTPayload): Named | ConnectorFailure {
  // Stops `tid` as a piece of an address: in the template, `x/v2.0?` or `../` would make an issuer of anything.
  if (!isEntraId(tid)) return say('tid', 'the tenant id is missing, or is not one');
  // Stops a tenant that writes another tenant's id into its claims: the keys are the same for all tenants, so only `iss` tells them apart.
  const issuer = entraIssuer(entra, tid);
  if (iss !== issuer) return say('iss', `tenant ${tid} has the issuer ${issuer}, the token is from ${String(iss)}`);
  // Stops everybody who has an account at any tenant, where the connection is one tenant's or lists its tenants.
  if (!isAllowedTenant(entra, tid)) {
    const hint = tid === PERSONAL_ACCOUNTS ? ' (personal accounts: list it in allowed_tenants to let them in)' : '';
    return say('tid', `the connection does not take people of tenant ${tid}${hint}`);
  }
  if (entra.subjectClaim === 'sub') return { issuer, subject: sub ?? '' };
  // An object id names a person within its tenant only; the issuer beside it says which.
  return isEntraId(oid) ? { issuer, subject: oid } : say('oid', 'the object id is missing, or is not one');
}

function describe({ tenants, host }: Entra): string {
  if (tenants.kind === 'one') return entraIssuer({ host }, tenants.id);
  return tenants.kind === 'many' ? entraIssuer({ host }, '{tenantid}') : `that of the tenant ${tenants.domain}`;
}

/** The dialect of the tenants that the options name. */
export function entraDialect(entra: Entra): Dialect {
  const { kind } = entra.tenants;
  return {
    isDocumentIssuer: (issuer) => isEntraDocumentIssuer(entra, issuer),
    documentIssuer: describe(entra),
    isTemplate: kind === 'many',
    isAnswerIssuer: (issuer) => tenantOfIssuer(entra, issuer) !== undefined,
    ...(kind === 'many' && { isKeyIssuer: (keyIssuer, issuer) => isEntraKeyIssuer(entra, keyIssuer, issuer) }),
    // Stops a domain that a tenant gave up, and another tenant took, from bringing in the other tenant's people.
    ...(kind === 'named' && {
      unfinished: 'tenantId is missing: write the connection again while Entra answers, which fills it in, or give it',
    }),
    parameters: {},
    name: (claims) => nameEntra(entra, claims),
  };
}
