/** A declaration is common and says nothing new. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an XML declaration of UTF-8',
  source: 'XML 1.0 2.8',
  check: 'harmless',
  build: (kit) => `<?xml version="1.0" encoding="UTF-8"?>\n${kit.answer()}`,
};
