/** It names no request. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an unsolicited answer in place of the one that was asked for',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os); login CSRF',
  check: 'saml.in_response_to',
  build: (kit) => kit.answer({ inResponseTo: undefined, confirmedRequest: undefined }),
};
