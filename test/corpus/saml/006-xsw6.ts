/** The evil assertion carries the signature, and that carries the signed assertion. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'signature wrapping 6: the signed assertion inside the signature inside the evil one',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW6',
  check: 'saml.one_assertion',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    return response(putSignature(kit.evil(), signature.replace('</ds:Signature>', `${bare}</ds:Signature>`)));
  },
};
