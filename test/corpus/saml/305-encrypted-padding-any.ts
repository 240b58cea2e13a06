/** XML Encryption fills with anything; only the last byte counts. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { AES256_CBC } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'AES-CBC as it should be',
  source: 'XML Encryption 1.1, 5.2',
  check: 'harmless',
  build: (kit) => response(kit.encrypt(kit.signed(), { algorithm: AES256_CBC })),
};
