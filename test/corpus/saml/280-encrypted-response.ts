/** Decryption yields a whole response. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a response inside the encryption',
  source: 'signature wrapping after decryption',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.answer())),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
