/** The attacker wrote it. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an unsigned answer of the attacker',
  source: 'OWASP SAML Security Cheat Sheet',
  check: 'saml.signature',
  build: (kit) => response(kit.evil()),
};
