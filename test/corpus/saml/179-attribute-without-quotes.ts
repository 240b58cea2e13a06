/** Lenient parsers take it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an attribute without quotes',
  source: 'XML 1.0 3.1',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('Version="2.0"', 'Version=2.0'),
};
