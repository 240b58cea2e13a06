/** Encrypted nothing. */
import type { SamlCase } from './kit.js';
import { ASSERTION, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'an EncryptedAssertion without anything',
  source: 'fail closed',
  check: 'saml.decryption',
  build: () => response(`<saml:EncryptedAssertion xmlns:saml="${ASSERTION}"></saml:EncryptedAssertion>`),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
