/** A prefix without a namespace: some readers take the prefix for the meaning. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a prefix that nobody declared',
  source: 'CVE-2020-29511 (Go: encoding/xml round trip)',
  check: 'saml.xml',
  build: (kit) => kit.answer().replace('<samlp:Status>', '<evil:x></evil:x><samlp:Status>'),
};
