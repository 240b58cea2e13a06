/** The declaration of a document type is for nothing here. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a DOCTYPE without anything',
  source: 'OWASP XXE Prevention Cheat Sheet',
  check: 'saml.doctype',
  build: (kit) => `<!DOCTYPE Response>${kit.answer()}`,
};
