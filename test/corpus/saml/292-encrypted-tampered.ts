/** GCM notices every changed bit. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'changed bytes of AES-GCM',
  source: 'NIST SP 800-38D',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        cipher: (bytes) =>
          Buffer.concat([bytes.subarray(0, 20), Buffer.from([(bytes[20] ?? 0) ^ 1]), bytes.subarray(21)]),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
