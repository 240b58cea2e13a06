/** The signed digest and the forged one, one of them behind a comment. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a comment inside DigestValue',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.comment',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    const bare = kit.evil({ assertionId: '_assertion' });
    const right = digestOf(canonicalOf(bare, '_assertion'));
    return response(putSignature(bare, signature.replace(/(<ds:DigestValue>)/, `$1<!--${right}-->`)));
  },
};
