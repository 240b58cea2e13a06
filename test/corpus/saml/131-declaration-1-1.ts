/** XML 1.1 has other names, other line ends, other characters. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an XML declaration of version 1.1',
  source: 'XML 1.1',
  check: 'saml.processing_instruction',
  build: (kit) => `<?xml version="1.1"?>${kit.answer()}`,
};
