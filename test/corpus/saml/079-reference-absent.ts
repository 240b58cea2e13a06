/** Without the attribute, the application decides what is meant. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'the reference has no URI',
  source: 'XML Signature 4.4.3.1',
  check: 'saml.reference',
  build: (kit) => kit.answer({}, { references: (own) => own.replace(' URI="#_assertion"', '') }),
};
