/** An assertion is not an answer. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a signed assertion without a response',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 3.3.3',
  check: 'saml.xml',
  build: (kit) => kit.signed(),
};
