/** A lenient parser takes it. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a doctype in small letters',
  source: 'OWASP XXE Prevention Cheat Sheet',
  check: 'saml.doctype',
  build: (kit) => `<!doctype Response>${kit.answer()}`,
};
