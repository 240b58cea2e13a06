/** The canonicalization falls back to the inclusive one. */
import type { SamlCase } from './kit.js';
import { ENVELOPED } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'only the enveloped-signature transform',
  source: 'XML Signature 4.4.3.2',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [ENVELOPED] }),
};
