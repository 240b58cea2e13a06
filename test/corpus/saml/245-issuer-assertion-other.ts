/** Another entity that shares the key of the IdP: a hosted IdP has many tenants. */
import type { SamlCase } from './kit.js';
import { issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'another Issuer of the assertion',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); shared keys of hosted IdPs',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ assertionIssuer: issuer('https://other.example/idp') }),
};
