/**
 * Auth0's documented addresses and grants outside the Management API that are not here, with the name of the feature and
 * what there is in its place. A request for one of them is answered in JSON with these words. Pure data; a test compares
 * it with Auth0's list and with the routes.
 */

export interface AbsentAddresses {
  readonly name: string;
  /** One sentence with an alternative: the caller reads it, and the compatibility page shows it. */
  readonly instead: string;
  /** `METHOD /path/{parameter}`. `*` as the method means every one, and at the end of a path every path below it. */
  readonly addresses: readonly string[];
  /** Values of `grant_type` at /oauth/token that belong to the feature. */
  readonly grants?: readonly string[];
}

export const ABSENT_ADDRESSES: readonly AbsentAddresses[] = [
  {
    name: 'Passkeys inside an app',
    instead: 'People sign in with a passkey at /authorize, in a browser.',
    addresses: ['POST /passkey/register', 'POST /passkey/challenge'],
    grants: ['urn:okta:params:oauth:grant-type:webauthn'],
  },
  {
    name: 'Passwordless sign-in',
    instead: 'People sign in by a password or their identity provider, at /authorize.',
    addresses: ['POST /passwordless/start', 'POST /passwordless/verify'],
    grants: ['http://auth0.com/oauth/grant-type/passwordless/otp'],
  },
  {
    name: 'Device flow',
    instead: 'A program without a browser uses client credentials; people sign in at /authorize.',
    addresses: ['POST /oauth/device/code'],
    grants: ['urn:ietf:params:oauth:grant-type:device_code'],
  },
  {
    name: 'Pushed authorization requests',
    instead: 'The parameters go to /authorize.',
    addresses: ['POST /oauth/par'],
  },
  {
    name: 'Sign-in on another device (CIBA)',
    instead: 'People sign in at /authorize, in a browser.',
    addresses: ['POST /bc-authorize'],
    grants: ['urn:openid:params:grant-type:ciba'],
  },
  {
    name: 'Registration of applications by themselves',
    instead: 'An operator makes an application in the console, or a script by POST /api/v2/clients.',
    addresses: ['POST /oidc/register'],
  },
  {
    name: 'Sign-in with a token of another service',
    instead: 'People sign in at /authorize.',
    addresses: ['POST /oauth/access_token'],
  },
  {
    name: "Auth0's endpoints from before OpenID Connect",
    instead: 'Use /authorize, /oauth/token and /userinfo.',
    addresses: ['POST /oauth/ro', 'POST /tokeninfo', 'POST /delegation', 'POST /login/unlink'],
  },
  {
    name: 'Impersonation',
    instead: 'Nobody signs in as somebody else. `vestibule explain` tells how the login of a person would end.',
    addresses: ['POST /users/{user_id}/impersonate'],
  },
  {
    name: 'Global token revocation by an identity provider',
    instead: 'Inbound SCIM deactivates a person, and POST /api/v2/users/{id}/revoke-access revokes their access.',
    addresses: ['POST /oauth/global-token-revocation/connection/{connection_name}'],
  },
  {
    name: 'Applications that speak SAML',
    instead: 'Applications speak OpenID Connect. Connections of companies may speak SAML.',
    addresses: ['GET /samlp/{clientId}', 'GET /samlp/metadata/{clientId}', 'POST /samlp/{client_id}/logout'],
  },
  {
    name: 'WS-Federation',
    instead: 'Applications speak OpenID Connect.',
    addresses: ['GET /wsfed/{clientId}', 'GET /wsfed/FederationMetadata/2007-06/FederationMetadata.xml'],
  },
  {
    name: 'Connected accounts, consents and organizations of the My Account API',
    instead: 'There is no token vault and no consent page. The page /account shows a person their organizations.',
    addresses: [
      '* /me/v1',
      '* /me/v1/connected-accounts/*',
      'GET /me/v1/consents',
      '* /me/v1/consents/*',
      'GET /me/v1/organizations',
    ],
  },
  {
    name: 'Deletion of an organization by its members',
    instead: 'An operator deletes an organization.',
    addresses: ['DELETE /my-org/', 'DELETE /my-org/v1/'],
  },
  {
    name: 'User stores of the My Organization API',
    instead: 'GET /my-org/v1/identity-providers lists the connections that the organization may see.',
    addresses: ['GET /my-org/user-stores', 'GET /my-org/v1/user-stores'],
  },
];

function isAt(address: string, method: string, path: string): boolean {
  const [wantedMethod = '', wantedPath = ''] = address.split(' ');
  if (wantedMethod !== '*' && wantedMethod !== method) return false;
  const wanted = wantedPath.split('/');
  const parts = path.split('/');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((part, index) => part === '*' || part.startsWith('{') || part === parts[index]);
}

/** Maximum number of characters of a path that is compared. Auth0's addresses are far shorter. */
const MAX_PATH_CHARACTERS = 300;

/** Finds the feature that Auth0 has at this address; undefined for an address that Auth0 does not document. */
export function findAbsentAddress(method: string, path: string): AbsentAddresses | undefined {
  // Attack: paths of many kilobytes are split once for each address of the list.
  if (path.length > MAX_PATH_CHARACTERS) return undefined;
  return ABSENT_ADDRESSES.find(({ addresses }) => addresses.some((address) => isAt(address, method, path)));
}

/** Finds the feature of Auth0's to which this `grant_type` belongs; undefined for any other text. */
export function findAbsentGrant(grantType: string): AbsentAddresses | undefined {
  return ABSENT_ADDRESSES.find(({ grants = [] }) => grants.includes(grantType));
}

/** Returns the words of the answer. */
export function describeAbsent({ name, instead }: AbsentAddresses): string {
  return `${name}: this server does not have this. ${instead}`;
}
