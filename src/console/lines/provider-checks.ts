/**
 * Advice for the operator after a failed check of an identity provider's answer, by the check's name. Words only. A
 * check that is not here has the refusal's own sentence.
 */
import type { LogLine } from './answers.js';

const RECIPIENT =
  'The provider sends its answer to another address than ours. Copy the sign-on address (ACS URL) from the connection’s page, with all that follows the question mark.';
const CLOCKS =
  'The clocks differ by more than a minute, or the answer was kept too long. Compare the provider’s clock with this server’s.';
const ISSUER =
  'The provider calls itself by another name than the connection says. Compare the issuer, letter by letter.';

const HELP: Readonly<Record<string, string>> = {
  'token.refused':
    'The provider did not take our client ID with the secret that is kept here. Copy both again; a secret is also gone once it has expired there, or once the address of the provider was changed here.',
  'saml.destination': RECIPIENT,
  'saml.recipient': RECIPIENT,
  'saml.audience':
    'The provider made its answer for another application. Copy the entity ID (audience) from the connection’s page.',
  'saml.issuer': ISSUER,
  'id_token.iss': ISSUER,
  'callback.iss': ISSUER,
  'id_token.aud': 'The provider made its answer for another client ID. Compare it with the connection’s.',
  'saml.certificate':
    'The provider signs with another certificate than the connection has. With the address of its metadata the new one comes by itself; else put it in.',
  'saml.certificate_expired': 'The provider’s certificate is over: it has to be renewed there.',
  'saml.not_before': CLOCKS,
  'saml.not_on_or_after': CLOCKS,
  'saml.algorithm': 'The provider signs with SHA-1, which is not safe any more. Choose SHA-256 there.',
  'saml.name_id': 'The provider sends no lasting Name ID. Choose one there that never changes for a person.',
  'saml.unsolicited':
    'The sign-in began at the provider’s own page. Let people begin at your application, or switch such sign-ins on.',
  'saml.in_response_to':
    'The answer belongs to another sign-in than this one. Let the person begin again at your application.',
  'saml.decryption':
    'The provider encrypts for another certificate than ours, or in a way that is not taken here. Give it our metadata again.',
};

/** Returns the change to make after an identity provider's answer was refused; undefined where none is known. */
export function findCheckHelp({ details }: LogLine): string | undefined {
  const refused = details?.trace?.find(({ answer, rule }) => answer === 'refuse' && rule === 'protocol_proof');
  const check = refused?.evidence?.check;
  return typeof check === 'string' && Object.hasOwn(HELP, check) ? HELP[check] : undefined;
}
