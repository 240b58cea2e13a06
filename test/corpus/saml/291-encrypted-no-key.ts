/** This connection does not decrypt. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an encrypted assertion, and no key to decrypt it',
  source: 'fail closed',
  check: 'saml.decryption',
  build: (kit) => ({ xml: response(kit.encrypt(kit.signed())), expected: { decryptionKeys: [] } }),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
