/** The cipher text would be fetched from an address that the attacker chose. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'CipherReference in place of CipherValue',
  source: 'XML Encryption 1.1, 3.3.1',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) =>
          xml.replace(
            /<xenc:CipherValue>[^<]+<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>/,
            '<xenc:CipherReference URI="https://evil.example/x"></xenc:CipherReference></xenc:CipherData></xenc:EncryptedData>',
          ),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
