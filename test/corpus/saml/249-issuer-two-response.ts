/** One is the right one. */
import type { SamlCase } from './kit.js';
import { IDP, issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two Issuers of the response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.2.2',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ responseIssuer: issuer(IDP) + issuer('https://other.example/idp') }),
};
