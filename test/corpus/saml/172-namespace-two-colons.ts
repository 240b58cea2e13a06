/** Two colons split in two ways. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an element name with two colons',
  source: 'CVE-2020-29510 (Go: encoding/xml round trip)',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<samlp:a:b></samlp:a:b><samlp:Status>'),
};
