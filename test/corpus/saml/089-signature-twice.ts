/** One element, two signatures: which of them counts? */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two signatures of one assertion',
  source: 'SAML 2.0 Core 5.4.1',
  check: 'saml.signature',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    return response(putSignature(bare, signature + signature));
  },
};
