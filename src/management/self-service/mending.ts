/**
 * Converts a connector's failure into a sentence for the administrator of the identity provider: the error, and what to
 * change at the provider. Has no secret.
 */
import type { ConnectorFailure } from '../../ports/connector.js';

/** Advice for the administrator of the provider, by the beginning of a check's name. The first match counts. */
const MENDINGS: readonly (readonly [string, string])[] = [
  ['connection.options', 'Something is missing here.'],
  ['discovery.issuer', 'The address answers for another issuer. Copy the issuer exactly as your provider shows it.'],
  ['discovery', 'There is no description of an OpenID Connect provider at this address. Check it in a browser.'],
  ['token.refused', 'Your provider did not accept the client ID or the secret. Copy both again.'],
  [
    'token',
    'Your provider did not answer with a token. Check the client ID, the secret and the redirect address there.',
  ],
  ['idp.error', 'Your provider refused the sign-in. Its own message says why.'],
  [
    'id_token.iss',
    'The token comes from another issuer (at Entra: another directory) than the one of this connection.',
  ],
  ['id_token.tid', 'The account belongs to another directory (tenant) than the one of this connection.'],
  ['id_token.hd', 'The account belongs to another Google Workspace than the one of this connection, or to none.'],
  ['id_token.oid', 'The token does not say the object ID of the account. Use the scopes openid, profile and email.'],
  ['id_token.aud', 'The token was made for another client ID.'],
  ['id_token', 'The token of your provider cannot be used.'],
  ['callback.state', 'This answer belongs to another try. Start the try again from here.'],
  [
    'saml.signature',
    'The signature does not fit the certificate in the metadata. Take the metadata again after every new certificate.',
  ],
  ['saml.certificate', 'The certificate in the metadata cannot be used, or is over. Take the metadata again.'],
  ['saml.audience', 'The assertion is for another service. Set the audience (entity ID) to the one in our metadata.'],
  ['saml.destination', 'The answer is for another address. Set the sign-on address (ACS URL) to ours.'],
  ['saml.recipient', 'The answer is for another address. Set the sign-on address (ACS URL) to ours.'],
  ['saml.issuer', 'The answer comes from another provider than the metadata describes.'],
  ['saml.name_id', 'The Name ID is missing or changes at each sign-in. Send a lasting one, such as the address.'],
  ['saml.algorithm', 'The signature uses SHA-1 or another old method. Sign with SHA-256.'],
  ['saml.not_', 'The times in the answer do not fit. Check the clock of your provider.'],
  ['saml', 'The answer of your provider cannot be used.'],
];

/** Returns the error and what to change, in one or two sentences; the check's name and detail come last. */
export function mendingOf({ reason, check, detail }: Omit<ConnectorFailure, 'ok'>): string {
  const said = detail === '' ? check : `${check}: ${detail}`;
  if (reason === 'unreachable')
    return `We could not reach your provider. Check the address, and that it can be reached from the internet. (${said})`;
  const [, mending] = MENDINGS.find(([start]) => check.startsWith(start)) ?? [
    '',
    'The answer of your provider cannot be used.',
  ];
  return `${mending} (${said})`;
}
