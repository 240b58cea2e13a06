/** A colon without a prefix survives one round trip and not the next. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an element name that begins with a colon',
  source: 'CVE-2020-29511 (Go: encoding/xml round trip)',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<:x></:x><samlp:Status>'),
};
