/** The response is signed as a whole, with the cipher text in it. */
import type { SamlCase } from './kit.js';
import { assertion, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an unsigned assertion, encrypted, in a signed response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 6.2',
  check: 'harmless',
  build: (kit) => kit.sign(response(kit.encrypt(assertion())), { id: '_response' }),
};
