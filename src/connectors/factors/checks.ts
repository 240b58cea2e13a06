/**
 * The checks of second factors: authenticator apps and WebAuthn. Never reads or writes a factor, and never throws because
 * of what a browser sent.
 */
import type { Entropy } from '../../kernel/ids.js';
import type { FactorChecks, RelyingParty } from '../../ports/factor-checks.js';
import { parseCredentialId } from './answer.js';
import { creationOptions, requestOptions } from './options.js';
import { findStep, newTotpSecret, tellMiss, toSecretUri } from './totp.js';

/**
 * The verifier is loaded with the first answer. It costs 25 MB of memory with its X.509 packages, and most servers have
 * no WebAuthn factor.
 */
const loadVerifier = () => import('./verify.js');

/** Creates the checks for credentials of `party`. */
export function createFactorChecks({ party, entropy }: { party: RelyingParty; entropy: Entropy }): FactorChecks {
  return {
    newSecret: () => newTotpSecret(entropy),
    secretUri: toSecretUri,
    findStep,
    tellMiss,
    creationOptions: (request) => creationOptions(party, entropy, request),
    requestOptions: (request) => requestOptions(party, entropy, request),
    credentialIdOf: parseCredentialId,
    register: async (answer, { userHandle }) => (await loadVerifier()).verifyRegistration(party, answer, userHandle),
    assert: async (answer, credential, { isDiscovered }) =>
      (await loadVerifier()).verifyAssertion(party, answer, credential, isDiscovered),
  };
}
