/** Two signatures are not one, so a search for the only one finds none and leaves it at that. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two wrong signatures of the assertion in a signed response',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed({}, { key: kit.attacker.privateKey }));
    return kit.sign(response(putSignature(bare, signature + signature)), { id: '_response' });
  },
  twin: (kit) => kit.whole(),
};
