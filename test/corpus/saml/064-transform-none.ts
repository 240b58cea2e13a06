/** Without the transform the signature would sign itself, and canonical XML is the default nobody named. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'no transform at all',
  source: 'XML Signature 4.4.3.2',
  check: 'saml.transform',
  build: (kit) => kit.answer({}, { transforms: [] }),
};
