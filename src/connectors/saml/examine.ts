/**
 * Checks that a SAML identity provider fits a connection's options. Writes nothing, sends no secret, and has one
 * deadline for its request.
 */
import type { Connection } from '../../domain/tenant.js';
import type { ProviderFinding } from '../../ports/connector.js';
import { isFailure } from '../oidc/failure.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { loadIdp, type SamlIdp } from './idp.js';
import { POST_BINDING, REDIRECT_BINDING } from './idp-metadata.js';
import { parseCertificates } from './signing-keys.js';

/** Time limit in milliseconds; an administrator waits for the answer. */
const DEADLINE_MS = 5_000;

function toFinding({ description }: SamlIdp): ProviderFinding {
  const { entityId, signIn, signOut, certificates } = description;
  const usable = parseCertificates(certificates);
  const ends = usable.map(({ certificate }) => new Date(certificate.validTo).getTime());
  const signInEndpoint = signIn[REDIRECT_BINDING] ?? signIn[POST_BINDING];
  const signOutEndpoint = signOut[REDIRECT_BINDING] ?? signOut[POST_BINDING];
  return {
    ok: true,
    issuer: entityId,
    endpoints: {
      ...(signInEndpoint !== undefined && { signInEndpoint }),
      ...(signOutEndpoint !== undefined && { signOutEndpoint }),
      certificate_expires: new Date(Math.max(...ends)).toISOString(),
    },
    signingKeys: usable.length,
  };
}

/** Loads the IdP that the options of `connection` describe, and checks at the time `now` that logins could use it. */
export async function examineIdp(connection: Connection, fetch: OutboundFetch, now: Date): Promise<ProviderFinding> {
  const idp = await loadIdp(connection, fetch, now, AbortSignal.timeout(DEADLINE_MS));
  return isFailure(idp) ? idp : toFinding(idp);
}
