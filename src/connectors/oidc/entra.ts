/**
 * Microsoft Entra ID's dialect (strategy `waad`). The tenant is part of the identity: the issuer must be the tenant's
 * own, checked against `tid`, even where keys and endpoint are shared by all tenants. An address never identifies a
 * user, and a user name never counts as an address.
 * Source: "Secure applications and APIs by validating claims" and "ID token claims reference", Microsoft identity
 * platform.
 */
import type { JWTPayload } from 'jose';
import {
  type Entra,
  entraIssuer,
  isEntraDocumentIssuer,
  isEntraId,
  isEntraKeyIssuer,
  tenantOfIssuer,
} from '../../domain/companies/entra.js';
import { findTenantIssuer } from '../../domain/companies/foreign-company.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Dialect, Named } from './dialect.js';
import { fail } from './failure.js';

const say = (claim: string, detail: string): ConnectorFailure => fail('invalid', `id_token.${claim}`, detail);

function nameEntra(entra: Entra, { tid, iss, sub, oid }: JWTPayload): Named | ConnectorFailure {
  const found = findTenantIssuer(entra, { tid, iss });
  if ('claim' in found) return say(found.claim, found.detail);
  const { issuer } = found;
  if (entra.subjectClaim === 'sub') return { issuer, subject: sub ?? '' };
  // An object id is unique within its tenant only; the issuer beside it names the tenant.
  return isEntraId(oid) ? { issuer, subject: oid } : say('oid', 'the object id is missing, or is not one');
}

function describe({ tenants, host }: Entra): string {
  if (tenants.kind === 'one') return entraIssuer({ host }, tenants.id);
  return tenants.kind === 'many' ? entraIssuer({ host }, '{tenantid}') : `that of the tenant ${tenants.domain}`;
}

/** Returns what differs from standard OpenID Connect (issuer, keys, subject) for the Entra tenants in `entra`. */
export function entraDialect(entra: Entra): Dialect {
  const { kind } = entra.tenants;
  return {
    isDocumentIssuer: (issuer) => isEntraDocumentIssuer(entra, issuer),
    documentIssuer: describe(entra),
    isTemplate: kind === 'many',
    isAnswerIssuer: (issuer) => tenantOfIssuer(entra, issuer) !== undefined,
    ...(kind === 'many' && { isKeyIssuer: (keyIssuer, issuer) => isEntraKeyIssuer(entra, keyIssuer, issuer) }),
    // Attack: a tenant gives up its domain, another tenant takes it over, and the users of that tenant get in.
    ...(kind === 'named' && {
      unfinished: 'tenantId is missing: write the connection again while Entra answers, which fills it in, or give it',
    }),
    parameters: {},
    name: (claims) => nameEntra(entra, claims),
  };
}
