/** RSA-OAEP with SHA-256 is as good. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the mask of another hash than its name says',
  source: 'XML Encryption 1.1, 5.5.2',
  check: 'saml.decryption',
  build: (kit) =>
    response(
      kit.encrypt(kit.signed(), {
        patch: (xml) => xml.replace(`${DSIG}sha1`, 'http://www.w3.org/2001/04/xmlenc#sha256'),
      }),
    ),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
