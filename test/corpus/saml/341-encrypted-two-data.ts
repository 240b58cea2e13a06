/** One of them is opened, and which one is a matter of the reader. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'two EncryptedData in one EncryptedAssertion',
  source: 'XML Encryption 1.1; SAML 2.0 Core 6.1',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) => xml.replace(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/, (data) => data + data),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
