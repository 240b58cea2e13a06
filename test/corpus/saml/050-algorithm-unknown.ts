/** The algorithm is unknown. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a signature algorithm that does not exist',
  source: 'W3C XML Signature Best Practices',
  check: 'saml.algorithm',
  build: (kit) => kit.answer({}, { algorithm: 'urn:evil#none' }),
};
