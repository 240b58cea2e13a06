/** The second one is a character. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'two byte order marks in front',
  source: 'XML 1.0 4.3.3',
  check: 'saml.xml',
  build: (kit) => ({ xml: Buffer.from(`\ufeff\ufeff${kit.answer()}`) }),
};
