/** Refusals about applications, their keys and grants, and APIs. See sentence.ts. */
import type { Sentence } from './sentence.js';

export const APPLICATION_SENTENCES: readonly Sentence[] = [
  ['The client does not exist', '', 'This application is not there any more. It may have been deleted meanwhile.'],
  ['A client with this id already exists.', '', 'There is an application with this id already.'],
  [
    'jwt_configuration.lifetime_in_seconds takes 1 to ….',
    'jwt_configuration.lifetime_in_seconds',
    'This must be between 1 and $1 seconds.',
  ],
  [
    'refresh_token.idle_token_lifetime must not be longer than refresh_token.token_lifetime.',
    'refresh_token.idle_token_lifetime',
    'The time without use must not be longer than the whole time.',
  ],
  [
    'client_authentication_methods: the client has no credential ….',
    '',
    'One of the keys is not there any more. Reload the page.',
  ],
  [
    'A client has either token_endpoint_auth_method or client_authentication_methods. Send null for the one that it is not to have.',
    '',
    'An application proves itself either by a secret or by keys. Reload the page, and choose one.',
  ],
  [
    'The client has client_authentication_methods: send null for it to go back to a secret.',
    '',
    'This application proves itself by keys. Go back to the secret first.',
  ],
  ['The credential does not exist.', '', 'This key is not there any more. Reload the page.'],
  [
    'parse_expiry_from_cert: pem is not a certificate.',
    'pem',
    'This is not a certificate, so it does not say how long it is good.',
  ],
  [
    'The credential would have expired already.',
    'expires_at',
    'This certificate has expired already. Use a newer one.',
  ],
  [
    'A client has at most … credentials. Delete one that is not in use first.',
    '',
    'An application has at most $1 keys. Delete one that is not in use first.',
  ],
  [
    'The client has a credential with this key id (kid) already.',
    'kid',
    'Another key of this application has this key id. Write another one.',
  ],
  [
    'The credential is in use: take it out of client_authentication_methods first.',
    '',
    'The application proves itself by this key now. Stop using it first, then delete it.',
  ],
  [
    'pem holds a private key. Send the public key alone, and replace this pair: a private key that was sent is not private any more.',
    'pem',
    'This is a private key. Paste the public key, and make a new pair: a private key that was sent is not private any more.',
  ],
  [
    'pem is neither a PEM-encoded public key nor a certificate.',
    'pem',
    'This is neither a public key nor a certificate in PEM (-----BEGIN PUBLIC KEY-----).',
  ],
  [
    'pem must hold an RSA key: RS256, RS384 and PS256 need one.',
    'pem',
    'This is not an RSA key, and this server takes RSA keys alone.',
  ],
  ['The RSA key must have … to … bits.', 'pem', 'The key must have $1 to $2 bits.'],
  [
    'The exponent of the RSA key is not one that can be relied on; 65537 is usual.',
    'pem',
    'The exponent of this key is not one that can be relied on. Make a key with 65537, which is usual.',
  ],
  ['pem is longer than … characters.', 'pem', 'This is too long: a key has at most $1 characters.'],
  [
    "This is the machine client of the server's own environment (VESTIBULE_MANAGEMENT_CLIENT_ID): …. Every start writes it as the environment says, so change the environment and start again, or use another client.",
    '',
    'The server’s own environment sets this application up at every start. Change VESTIBULE_MANAGEMENT_CLIENT_ID there, or use another application.',
  ],
  [
    'All Applications: this server does not have this (property …). Pages are styled by branding; their HTML is the server’s.',
    '',
    'Pages are styled under Settings, Look.',
  ],
  ['The grant does not exist.', '', 'This grant is not there any more. Reload the page.'],
  [
    'A grant for this client and this audience already exists.',
    'audience',
    'The application has a grant for this API already. Change that one.',
  ],
  [
    'One or more scopes are not defined in the resource server: …',
    'scope',
    'The API has no permission $1. Reload the page and choose again.',
  ],
  [
    'Grants for the Management API name their scopes: allow_all_scopes is not supported there.',
    'allow_all_scopes',
    'A grant for the Management API names each permission.',
  ],
  [
    'The client grant of this client for the Management API has scopes that your token lacks, so its secret is not yours to set. Use a token that has them all.',
    '',
    'This application may do more than you may, so its secret is not yours to set. Ask an owner.',
  ],
  [
    'Your token can only give scopes of the Management API that it has itself; it lacks ….',
    'scope',
    'You can give permissions of the Management API only if your role has them. It lacks $1.',
  ],
  ['The resource server does not exist', '', 'This API is not there any more. It may have been deleted meanwhile.'],
  [
    'A resource server with the same identifier already exists.',
    'identifier',
    'Another API has this identifier. Write another one.',
  ],
  [
    'token_lifetime_for_web must not be longer than token_lifetime.',
    'token_lifetime',
    'This must not be shorter than the lifetime of tokens in browsers, which a script has set.',
  ],
  ['scopes names one scope twice.', 'scopes', 'One permission is there twice. Remove one.'],
  [
    'The Management API of this server keeps its …: another one could shut tools and operators out. Of its settings only token_lifetime can be changed.',
    '',
    'The Management API keeps this setting: another value could shut tools and operators out. Only the lifetime of its tokens can be changed.',
  ],
  [
    'Tokens of the Management API are good for at least … and at most … seconds: shorter ones would shut tools out, longer ones would make a leak last.',
    'token_lifetime',
    'Write a number of seconds from $1 to $2.',
  ],
  [
    'This is the console, which operators sign in through: its … stays, or they could not sign in any more.',
    '',
    'Operators sign in through this application, so this setting stays as it is.',
  ],
  [
    'The Management API changes the whole tenant, so its grants are for no organization: leave organization_usage and allow_any_organization out. Give a machine of one organization the scopes of an API of your own.',
    '',
    'A grant for the Management API reaches the whole tenant, so it cannot be for one organization. Give that machine permissions of an API of your own.',
  ],
  [
    'The Management API of this server cannot be deleted.',
    '',
    'The Management API cannot be deleted: this console uses it.',
  ],
  [
    'The permission … is not defined in the resource server ….',
    'scope',
    'The API has no permission $1. Reload the page and choose again.',
  ],
];
