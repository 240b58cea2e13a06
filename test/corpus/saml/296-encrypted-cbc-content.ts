/** A document that is wrong must look like a padding that is wrong. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { AES256_CBC } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'AES-CBC with changed content',
  source: 'Jager, Somorovsky: How to Break XML Encryption, CCS 2011',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        algorithm: AES256_CBC,
        cipher: (bytes) => Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)]),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed(), { algorithm: AES256_CBC })),
};
