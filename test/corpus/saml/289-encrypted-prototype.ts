/** A table of algorithms that is a plain object knows this name too. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { AES256_GCM } from './kit-encryption.js';

export const attack: SamlCase = {
  name: 'the algorithm of the content is constructor',
  source: 'prototype pollution, OWASP',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed(), { patch: (xml) => xml.replace(AES256_GCM, 'constructor') })),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
