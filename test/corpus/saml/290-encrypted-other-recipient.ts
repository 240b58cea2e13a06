/** It is for somebody else. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'encrypted for another service provider',
  source: 'XML Encryption 1.1',
  check: 'saml.decryption',
  build: (kit) => ({
    xml: response(kit.encrypt(kit.signed())),
    expected: { decryptionKeys: [kit.attacker.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()] },
  }),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
