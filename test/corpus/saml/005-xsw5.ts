/** The signature moves into the evil assertion; what it signs is appended. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'signature wrapping 5: the evil assertion carries the signature of the other',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW5',
  check: 'saml.one_assertion',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    return response(putSignature(kit.evil(), signature) + bare);
  },
};
