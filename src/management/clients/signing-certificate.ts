/**
 * `signing_keys` of a client, as Auth0 shows them: the certificate of the key that signs its tokens, which is the same
 * for all clients of the tenant. Only shown; requests do not take the property. Never shows a private key.
 */
import type { ManagementDeps } from '../api/deps.js';
import type { Call } from '../api/operation.js';

export interface ShownCertificate {
  /** PEM. */
  readonly cert: string;
}

/** Returns the certificate of the key that signs now; an empty list before there is a key. */
export async function listSigningCertificates(
  { signingKeys }: Pick<ManagementDeps, 'signingKeys'>,
  call: Pick<Call, 'directory' | 'now'>,
): Promise<readonly ShownCertificate[]> {
  const keys = signingKeys.show(await call.directory.signingKeys.list(), call.now);
  return keys.filter(({ state }) => state === 'current').map(({ certificate }) => ({ cert: certificate }));
}
