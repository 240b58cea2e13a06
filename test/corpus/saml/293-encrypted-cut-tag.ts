/** Four bytes of a tag are guessed in an afternoon. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a short authentication tag of AES-GCM',
  source: 'Node DEP0182: short GCM tags; NIST SP 800-38D',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed(), { cipher: (bytes) => bytes.subarray(0, -12) })),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
