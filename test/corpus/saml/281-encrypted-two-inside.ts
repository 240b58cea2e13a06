/** Decryption yields two assertions. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two assertions inside the encryption',
  source: 'signature wrapping after decryption',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.evil() + kit.signed())),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
