/**
 * The console's words for refusals about applications, their keys and grants, and APIs. sentence.ts says how they are
 * matched.
 */
import type { Sentence } from './sentence.js';

export const APPLICATION_SENTENCES: readonly Sentence[] = [
  ['The client does not exist', '', 'This application no longer exists. Somebody may have deleted it.'],
  [
    'A client with this id already exists.',
    '',
    'Another application already has this client ID. Choose a different one.',
  ],
  [
    '….backchannel_logout_urls takes one URL, as on Auth0.',
    'oidc_logout.backchannel_logout_urls',
    'Enter one address only.',
  ],
  [
    '….backchannel_logout_urls takes a URL with https and without "#", not ….',
    'oidc_logout.backchannel_logout_urls',
    'Use an address with https and without #. Only localhost may use http.',
  ],
  [
    'jwt_configuration.lifetime_in_seconds takes 1 to ….',
    'jwt_configuration.lifetime_in_seconds',
    'Enter a number of seconds from 1 to $1.',
  ],
  [
    'refresh_token.idle_token_lifetime must not be longer than refresh_token.token_lifetime.',
    'refresh_token.idle_token_lifetime',
    'The idle lifetime cannot be longer than the total lifetime.',
  ],
  [
    'refresh_token.policies: the Management API (…) cannot be in a policy.',
    'refresh_token.policies',
    'Refresh tokens give no access to the Management API. Remove it from the policies.',
  ],
  [
    'client_authentication_methods: the client has no credential ….',
    '',
    'One of the keys no longer exists. Reload the page.',
  ],
  [
    'A client has either token_endpoint_auth_method or client_authentication_methods. Send null for the one that it is not to have.',
    '',
    'An application authenticates either with a secret or with keys, not both. Reload the page and choose one.',
  ],
  [
    'The client has client_authentication_methods: send null for it to go back to a secret.',
    '',
    'This application authenticates with keys. Switch it back to the secret first.',
  ],
  ['The credential does not exist.', '', 'This key no longer exists. Reload the page.'],
  [
    'parse_expiry_from_cert: pem is not a certificate.',
    'pem',
    'This is not a certificate, so its expiry cannot be read from it.',
  ],
  [
    'The credential would have expired already.',
    'expires_at',
    'This certificate has already expired. Use a newer one.',
  ],
  [
    'A client has at most … credentials. Delete one that is not in use first.',
    '',
    'An application can have at most $1 keys. Delete one that is not in use first.',
  ],
  [
    'The client has a credential with this key id (kid) already.',
    'kid',
    'Another key of this application already has this key ID. Enter a different one.',
  ],
  [
    'The credential is in use: take it out of client_authentication_methods first.',
    '',
    'The application authenticates with this key. Stop using it first, then delete it.',
  ],
  [
    'pem holds a private key. Send the public key alone, and replace this pair: a private key that was sent is not private any more.',
    'pem',
    'This is a private key, and it has now left your machine. Generate a new key pair, then paste only the public key.',
  ],
  [
    'pem is neither a PEM-encoded public key nor a certificate.',
    'pem',
    'This is neither a public key nor a certificate in PEM format. PEM begins with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----.',
  ],
  [
    'pem must hold an RSA key: RS256, RS384 and PS256 need one.',
    'pem',
    'This is not an RSA key. The server accepts only RSA keys.',
  ],
  ['The RSA key must have … to … bits.', 'pem', 'The key must have $1 to $2 bits. Generate a new one.'],
  [
    'The exponent of the RSA key is not one that can be relied on; 65537 is usual.',
    'pem',
    'The exponent of this key is not safe. Generate a key with the usual exponent, 65537.',
  ],
  ['pem is longer than … characters.', 'pem', 'This is too long. A key has at most $1 characters.'],
  [
    "This is the machine client of the server's own environment (VESTIBULE_MANAGEMENT_CLIENT_ID): …. Every start writes it as the environment says, so change the environment and start again, or use another client.",
    '',
    'This application is defined by the server’s environment. Change VESTIBULE_MANAGEMENT_CLIENT_ID there, or use another application.',
  ],
  [
    'All Applications: this server does not have this (property …). Pages are styled by branding; their HTML is the server’s.',
    '',
    'This server has no page templates. Change the appearance of pages under Settings, Branding.',
  ],
  ['The grant does not exist.', '', 'This access no longer exists. Reload the page.'],
  [
    'A grant for this client and this audience already exists.',
    'audience',
    'The application already has access to this API. Change that access instead.',
  ],
  [
    'One or more scopes are not defined in the resource server: …',
    'scope',
    'The API does not have the permission $1. Reload the page and choose again.',
  ],
  [
    'Grants for the Management API name their scopes: allow_all_scopes is not supported there.',
    'allow_all_scopes',
    'For the Management API, choose each permission. “All permissions” is not allowed there.',
  ],
  [
    'The client grant of this client for the Management API has scopes that your token lacks, so its secret is not yours to set. Use a token that has them all.',
    '',
    'This application has permissions that your role lacks, so you cannot change its secret. Ask an owner.',
  ],
  [
    'Your token can only give scopes of the Management API that it has itself; it lacks ….',
    'scope',
    'You can grant only permissions of the Management API that your role has. It lacks $1.',
  ],
  ['The resource server does not exist', '', 'This API no longer exists. Somebody may have deleted it.'],
  [
    'A resource server with the same identifier already exists.',
    'identifier',
    'Another API already has this identifier. Enter a different one.',
  ],
  [
    'token_lifetime_for_web must not be longer than token_lifetime.',
    'token_lifetime',
    'This cannot be shorter than the token lifetime for browsers, which was set by the Management API.',
  ],
  ['scopes names one scope twice.', 'scopes', 'A permission is listed twice. Remove one of them.'],
  [
    'The Management API of this server keeps its …: another one could shut tools and operators out. Of its settings only token_lifetime can be changed.',
    '',
    'This setting of the Management API cannot be changed, because another value could lock operators out. You can change only its token lifetime.',
  ],
  [
    'Tokens of the Management API are good for at least … and at most … seconds: shorter ones would shut tools out, longer ones would make a leak last.',
    'token_lifetime',
    'Enter a number of seconds from $1 to $2.',
  ],
  [
    'This is the console, which operators sign in through: its … stays, or they could not sign in any more.',
    '',
    'Operators sign in through this application, so this setting cannot be changed.',
  ],
  [
    'The Management API changes the whole tenant, so its grants are for no organization: leave organization_usage and allow_any_organization out. Give a machine of one organization the scopes of an API of your own.',
    '',
    'Access to the Management API covers all organizations and cannot be limited to one. Give this application access to an API of your own instead.',
  ],
  [
    'The Management API of this server cannot be deleted.',
    '',
    'The Management API cannot be deleted, because this console uses it.',
  ],
  [
    'The permission … is not defined in the resource server ….',
    'scope',
    'The API does not have the permission $1. Reload the page and choose again.',
  ],
];
