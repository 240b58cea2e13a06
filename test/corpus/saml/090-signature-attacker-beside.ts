/** The second signature is by the attacker. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a signature of the attacker beside that of the IdP',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) => {
    const own = takeSignature(kit.signed());
    const theirs = takeSignature(kit.signed({}, { key: kit.attacker.privateKey }));
    return response(putSignature(own.bare, theirs.signature + own.signature));
  },
};
