/**
 * The kit for any other OpenID Connect library: ASP.NET, Go, Java, Ruby, PHP, an app on a device. Contains the values
 * to enter instead of code, since they are the same for all libraries. Pure.
 */
import { baseOf, type CodeFacts, type Kit } from './kit.js';

const valuesOf = ({ origin, clientId, callback }: CodeFacts): ReturnType<Kit['values']> => [
  ['Issuer', `${origin}/`],
  ['Discovery document', `${origin}/.well-known/openid-configuration`],
  ['Client ID', clientId],
  ['Redirect address', callback],
  ['Scopes', 'openid profile email'],
  ['Response type', 'code'],
  ['PKCE', 'S256'],
  ['Authorization endpoint', `${origin}/authorize`],
  ['Token endpoint', `${origin}/oauth/token`],
  ['UserInfo endpoint', `${origin}/userinfo`],
  ['Keys (JWKS)', `${origin}/.well-known/jwks.json`],
  ['Signature of ID tokens', 'RS256'],
  ['End of session endpoint', `${origin}/oidc/logout`],
];

export const ANY_LIBRARY: Kit = {
  name: 'Any library',
  kinds: ['regular_web', 'spa', 'native'],
  tried: undefined,
  callbackPath: '/callback',
  isCallbackFixed: false,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}/login` }),
  install: () => '',
  files: () => [],
  start: () => '',
  values: valuesOf,
};
