/** The answer was posted to somebody else. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'another Destination',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); CVE-2020-5407',
  check: 'saml.destination',
  build: (kit) => kit.answer({ destination: 'https://other.example/acs' }),
};
