/** UTF-7 hides angle brackets. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an XML declaration of UTF-7',
  source: 'CVE-2019-12415 and other XXE by encoding',
  check: 'saml.processing_instruction',
  build: (kit) => `<?xml version="1.0" encoding="UTF-7"?>${kit.answer()}`,
};
