/** It is about nobody. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no NameID',
  source: 'SAML 2.0 Profiles 4.1.4.3 (saml-profiles-2.0-os)',
  check: 'saml.name_id',
  build: (kit) => kit.answer({ nameId: '' }),
};
