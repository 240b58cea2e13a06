/** The wrapped key is not one. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'changed bytes of the wrapped key',
  source: 'XML Encryption 1.1',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed(), { keyCipher: (bytes) => Buffer.from(bytes).reverse() })),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
