/** Signed in every right way, by a key of the attacker. */
import type { SamlCase } from './kit.js';
import { VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signed by another key',
  source: 'OWASP SAML Security Cheat Sheet',
  check: 'saml.certificate',
  build: (kit) => kit.answer({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo: '' }),
};
