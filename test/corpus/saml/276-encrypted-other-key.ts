/** Everybody can encrypt, and sign with a key of their own. */
import type { SamlCase } from './kit.js';
import { response, VICTIM } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an encrypted assertion signed by another key',
  source: 'CVE-2024-4985 (GitHub Enterprise Server)',
  check: 'saml.certificate',
  build: (kit) => response(kit.encrypt(kit.signed({ person: VICTIM }, { key: kit.attacker.privateKey, keyInfo: '' }))),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
