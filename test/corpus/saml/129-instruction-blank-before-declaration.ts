/** The declaration is one at the very beginning only. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a blank in front of the XML declaration',
  source: 'XML 1.0 2.8',
  check: 'saml.processing_instruction',
  build: (kit) => ` <?xml version="1.0"?>${kit.answer()}`,
};
