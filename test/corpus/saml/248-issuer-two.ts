/** One is the right one. */
import type { SamlCase } from './kit.js';
import { IDP, issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two Issuers of the assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ assertionIssuer: issuer(IDP) + issuer('https://other.example/idp') }),
};
