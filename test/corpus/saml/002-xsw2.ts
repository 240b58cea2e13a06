/** The signed response is inside the evil one, beside its detached signature. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'signature wrapping 2: the signed response as a sibling of its own signature',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW2',
  check: 'saml.one_assertion',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.whole());
    return putSignature(response(kit.evil(), { responseId: '_evil-response' }), bare + signature);
  },
  twin: (kit) => kit.whole(),
};
