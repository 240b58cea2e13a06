/** A signature over nothing is a valid signature. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no reference',
  source: 'SAML 2.0 Core 5.4.2: exactly one',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { references: () => '' }),
};
