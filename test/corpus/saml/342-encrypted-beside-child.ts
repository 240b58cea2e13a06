/** Something that is no part of the encryption. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'a foreign element inside EncryptedAssertion',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 2.3.4',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) => xml.replace('</saml:EncryptedAssertion>', '<saml:x></saml:x></saml:EncryptedAssertion>'),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
