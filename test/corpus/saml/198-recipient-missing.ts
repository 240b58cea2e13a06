/** It does not say where it may be used. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no Recipient',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.recipient',
  build: (kit) => kit.answer({ recipient: undefined }),
};
