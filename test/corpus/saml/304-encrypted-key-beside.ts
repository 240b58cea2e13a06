/** The key may be beside the data. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the encrypted key beside the encrypted data',
  source: 'SAML 2.0 Core (saml-core-2.0-os) 6.1',
  check: 'harmless',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) => {
          const key = /<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/.exec(xml)?.[0] ?? '';
          return xml
            .replace(/<ds:KeyInfo.*?<\/ds:KeyInfo>/, '')
            .replace(
              '</saml:EncryptedAssertion>',
              `${key.replace('<xenc:EncryptedKey>', `<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="${DSIG}">`)}</saml:EncryptedAssertion>`,
            );
        },
      }),
    ),
};
