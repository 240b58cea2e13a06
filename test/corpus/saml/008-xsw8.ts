/** Object takes any content, so a schema does not refuse this. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'signature wrapping 8: the signed assertion inside an Object of its signature',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW8',
  check: 'saml.one_assertion',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    const object = `<ds:Object>${bare}</ds:Object></ds:Signature>`;
    return response(putSignature(kit.evil(), signature.replace('</ds:Signature>', object)));
  },
};
