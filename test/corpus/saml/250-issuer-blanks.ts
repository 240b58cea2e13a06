/** Names are compared letter by letter. */
import type { SamlCase } from './kit.js';
import { IDP, issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'blanks around the Issuer',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 8.3.6',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ assertionIssuer: issuer(` ${IDP} `) }),
};
