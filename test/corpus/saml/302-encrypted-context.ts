/** The decrypted text leans on declarations around the encryption, which nobody signed. */
import type { SamlCase } from './kit.js';
import { ASSERTION, response } from './kit-documents.js';

export const attack: SamlCase = {
  name: 'prefixes that only the outer document declares',
  source: 'Namespaces in XML 1.0; XML Encryption 1.1, 4.4',
  check: 'saml.decryption',
  build: (kit) => response(kit.encrypt(kit.signed().replace(` xmlns:saml="${ASSERTION}"`, ''))),
  twin: (kit) => response(kit.encrypt(kit.signed())),
};
