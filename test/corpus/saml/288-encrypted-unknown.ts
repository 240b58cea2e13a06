/** The algorithm is unknown. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { AES256_GCM } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'an unknown algorithm of the content',
  source: 'XML Encryption 1.1',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed(), { patch: (xml) => xml.replace(AES256_GCM, 'urn:evil') })),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
