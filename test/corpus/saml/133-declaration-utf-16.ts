/** The bytes are UTF-8; the declaration says otherwise. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an XML declaration of UTF-16 over UTF-8',
  source: 'XML 1.0 4.3.3',
  check: 'saml.processing_instruction',
  build: (kit) => `<?xml version="1.0" encoding="UTF-16"?>${kit.answer()}`,
};
