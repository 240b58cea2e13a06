/** Decryption yields a wrapped assertion. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'signature wrapping 4 inside the encryption',
  source: 'signature wrapping after decryption',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.evil().replace('</saml:Assertion>', `${kit.signed()}</saml:Assertion>`))),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
