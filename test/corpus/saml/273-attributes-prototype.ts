/** A name that every object knows. */
import type { SamlCase } from './kit.js';
import { samlAttribute } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'attributes named __proto__ and constructor',
  source: 'prototype pollution, OWASP',
  check: 'harmless',
  content: { attributes: JSON.parse('{"__proto__":["x"],"constructor":["x"]}') },
  build: (kit) =>
    kit.answer({
      attributes: `<saml:AttributeStatement>${samlAttribute('__proto__', 'x')}${samlAttribute('constructor', 'x')}</saml:AttributeStatement>`,
    }),
};
