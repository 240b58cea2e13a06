/** The digest fits the forged content; the signature does not fit the digest. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'content and digest were changed after signing',
  source: 'XML Signature 3.2',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    const bare = kit.evil({ assertionId: '_assertion' });
    const right = digestOf(canonicalOf(bare, '_assertion'));
    return response(putSignature(bare, signature.replace(/(<ds:DigestValue>)[^<]+/, `$1${right}`)));
  },
};
