/** KeyInfo names the pinned certificate; another key signed. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signed by another key, under the certificate of the IdP',
  source: 'OWASP SAML Security Cheat Sheet',
  check: 'saml.signature',
  build: (kit) => kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey }),
};
