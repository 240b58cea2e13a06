/** The key would be fetched from an address that the attacker chose. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'RetrievalMethod in place of the encrypted key',
  source: 'XML Encryption 1.1, 3.5.2',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) =>
          xml.replace(
            /<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/,
            `<ds:RetrievalMethod URI="https://evil.example/k"></ds:RetrievalMethod>`,
          ),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
