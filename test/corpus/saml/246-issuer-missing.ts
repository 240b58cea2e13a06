/** It does not name its issuer. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no Issuer of the assertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.3',
  check: 'saml.issuer',
  build: (kit) => kit.answer({ assertionIssuer: '' }),
};
