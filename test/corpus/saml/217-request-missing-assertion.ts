/** The assertion was made without a request; the attacker wrote the response around it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'InResponseTo missing in the assertion',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.in_response_to',
  build: (kit) => kit.answer({ confirmedRequest: undefined }),
};
