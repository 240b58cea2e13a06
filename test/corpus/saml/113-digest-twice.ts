/** The first one is checked, or the last. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'two DigestValue in one reference',
  source: 'CVE-2025-29775 (xml-crypto, SAMLStorm)',
  check: 'saml.reference',
  build: (kit) => {
    const { signature } = takeSignature(kit.signed());
    const bare = kit.evil({ assertionId: '_assertion' });
    const forged = `<ds:DigestValue>${digestOf(canonicalOf(bare, '_assertion'))}</ds:DigestValue>`;
    return response(putSignature(bare, signature.replace('<ds:DigestValue>', `${forged}<ds:DigestValue>`)));
  },
};
