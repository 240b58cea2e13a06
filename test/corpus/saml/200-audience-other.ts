/** The assertion is for another service provider, whose operator passes it on. */
import type { SamlCase } from './kit.js';
import { restriction } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'another audience',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); CVE-2021-21238',
  check: 'saml.audience',
  build: (kit) => kit.answer({ audiences: restriction('urn:other:sp') }),
};
