/** The answer belongs to the login of somebody else. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'InResponseTo of another request',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); login CSRF',
  check: 'saml.in_response_to',
  build: (kit) => kit.answer({ inResponseTo: '_other', confirmedRequest: '_other' }),
};
