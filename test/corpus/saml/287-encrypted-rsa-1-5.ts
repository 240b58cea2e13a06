/** Every wrong padding is an answer to a question about the key. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { RSA_1_5 } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'a key encrypted with RSA PKCS#1 1.5',
  source: 'Bleichenbacher 1998; Jager, Schinzel, Somorovsky 2012',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed(), { keyAlgorithm: RSA_1_5 })),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
