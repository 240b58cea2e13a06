/** Each key is an RSA operation. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a thousand encrypted keys',
  source: 'denial of service',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) => xml.replace(/<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/, (key) => key.repeat(200)),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
