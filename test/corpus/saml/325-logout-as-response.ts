/** Signed by the IdP, but it is not an answer to a login. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a signed LogoutResponse in place of a response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.7.2',
  check: 'saml.xml',
  build: (kit) => kit.whole().replaceAll('samlp:Response', 'samlp:LogoutResponse'),
  twin: (kit) => kit.whole(),
};
