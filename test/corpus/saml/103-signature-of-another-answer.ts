/** A signature of the IdP, of another answer. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature of another answer',
  source: 'XML Signature 3.2',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    return response(putSignature(kit.evil({ assertionId: '_assertion' }), signature));
  },
};
