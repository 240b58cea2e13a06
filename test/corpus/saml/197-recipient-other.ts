/** The assertion was confirmed for another address. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'another Recipient',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.recipient',
  build: (kit) => kit.answer({ recipient: 'https://other.example/acs' }),
};
