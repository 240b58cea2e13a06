/** The response says that another IdP wrote it. */
import type { SamlCase } from './kit.js';
import { issuer } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'another Issuer of the response',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ responseIssuer: issuer('https://other.example/idp') }),
};
