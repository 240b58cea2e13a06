/**
 * Advice for the operator when an identity provider's answer failed a check, by the check's name. A check without
 * advice is described by the refusal's own sentence. Words only.
 */
import type { LogLine } from './answers.js';

const RECIPIENT =
  'The provider sends its answer to the wrong address. Copy the sign-on address (ACS URL) from the connection’s page, including everything after the question mark.';
const CLOCKS =
  'The clocks differ by more than a minute, or the answer arrived too late. Compare the provider’s clock with this server’s.';
const ISSUER = 'The provider’s issuer differs from the connection’s. Compare both, character by character.';

const HELP: Readonly<Record<string, string>> = {
  'token.refused':
    'The provider refused the client ID and secret stored here. Copy both again. The secret may have expired there, or it was removed here when the provider’s address was changed.',
  'saml.destination': RECIPIENT,
  'saml.recipient': RECIPIENT,
  'saml.audience':
    'The provider’s answer is meant for another application. Copy the entity ID (audience) from the connection’s page.',
  'saml.issuer': ISSUER,
  'id_token.iss': ISSUER,
  'callback.iss': ISSUER,
  'id_token.aud': 'The provider’s answer is meant for another client ID. Compare it with the connection’s client ID.',
  'saml.certificate':
    'The provider signs with a certificate that the connection does not have. Enter the provider’s metadata address to keep certificates up to date, or paste the new certificate.',
  'saml.certificate_expired': 'The provider’s certificate has expired. It must be renewed at the provider.',
  'saml.not_before': CLOCKS,
  'saml.not_on_or_after': CLOCKS,
  'saml.algorithm': 'The provider signs with SHA-1, which is no longer safe. Choose SHA-256 there.',
  'saml.name_id': 'The provider sends no permanent Name ID. Choose one there that never changes for a person.',
  'saml.unsolicited':
    'The sign-in was started at the provider. Ask people to start at your application, or allow sign-ins started by the provider.',
  'saml.in_response_to':
    'The answer belongs to a different sign-in. Ask the person to start again at your application.',
  'saml.decryption':
    'The provider encrypts for a different certificate, or with a method that is not supported. Give the provider our metadata again.',
};

/** Returns the change that would fix a refused answer of the identity provider; undefined if none is known. */
export function findCheckHelp({ details }: LogLine): string | undefined {
  const refused = details?.trace?.find(({ answer, rule }) => answer === 'refuse' && rule === 'protocol_proof');
  const check = refused?.evidence?.check;
  return typeof check === 'string' && Object.hasOwn(HELP, check) ? HELP[check] : undefined;
}
