/** The signed one is verified, the encrypted one is read. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an encrypted assertion of the attacker in front of the signed one',
  source: 'CVE-2024-9487 (GitHub Enterprise Server)',
  check: 'saml.one_assertion',
  build: (kit) => response(kit.encrypt(kit.evil()) + kit.signed()),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
