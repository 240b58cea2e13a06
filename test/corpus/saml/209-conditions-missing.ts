/** It does not say for whom and until when it is valid. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no Conditions',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.audience',
  build: (kit) => kit.answer({ conditions: '' }),
};
