/** The evil response is the root; its signature holds the response that was signed. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'signature wrapping 1: the signed response inside the Signature of an evil one',
  source: 'Somorovsky et al., On Breaking SAML: Be Whoever You Want to Be, USENIX Security 2012: XSW1',
  check: 'saml.one_assertion',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.whole());
    const wrapped = signature.replace('</ds:Signature>', `${bare}</ds:Signature>`);
    return putSignature(response(kit.evil(), { responseId: '_evil-response' }), wrapped);
  },
  twin: (kit) => kit.whole(),
};
