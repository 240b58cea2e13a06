/** A byte order mark is allowed and changes nothing. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a byte order mark in front',
  source: 'XML 1.0 4.3.3',
  check: 'harmless',
  build: (kit) => ({ xml: Buffer.from(`\ufeff${kit.answer()}`) }),
};
