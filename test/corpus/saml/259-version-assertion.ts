/** SAML 1.1 has other rules. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'version 1.1 of the assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 4',
  check: 'saml.version',
  build: (kit) => kit.answer({ assertionVersion: '1.1' }),
};
