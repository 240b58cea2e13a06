/** A padding that is wrong must look like a document that is wrong. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { AES256_CBC } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'AES-CBC with a wrong padding',
  source: 'Jager, Somorovsky: How to Break XML Encryption, CCS 2011',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        algorithm: AES256_CBC,
        cipher: (bytes) =>
          Buffer.concat([bytes.subarray(0, -17), Buffer.from([(bytes.at(-17) ?? 0) ^ 0x80]), bytes.subarray(-16)]),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed(), { algorithm: AES256_CBC })),
};
