/** The checks of the outer document say nothing about the inner one. */
import type { SamlCase } from './kit.js';
import { PERSON, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'bytes that are not UTF-8 inside the encryption',
  source: 'RFC 3629',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(Buffer.from(kit.signed().replaceAll(PERSON, `\u00ff${PERSON}`), 'latin1'))),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
