/** The checks of the outer document say nothing about the inner one. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a DOCTYPE inside the encryption',
  source: 'CVE-2025-23369 and CWE-611 after decryption',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(`<!DOCTYPE x>${kit.signed()}`)),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
