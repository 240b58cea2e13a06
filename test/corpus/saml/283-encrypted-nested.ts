/** Decryption yields another encryption. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an encrypted assertion inside the encryption',
  source: 'signature wrapping after decryption',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.encrypt(kit.signed()))),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
