/** Lenient parsers take it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'two attributes without a blank between them',
  source: 'XML 1.0 3.1',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('" Version=', '"Version='),
};
