/** A style sheet is for browsers. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an xml-stylesheet instruction',
  source: 'XML Stylesheet 1.0',
  check: 'saml.processing_instruction',
  build: (kit) => `<?xml-stylesheet href="https://evil.example/x.xsl"?>${kit.answer()}`,
};
