/** The first SignedInfo in the document is the one of the attacker. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { canonicalOf, digestOf, putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a second SignedInfo inside an Object',
  source: 'CVE-2025-29774 (xml-crypto, SAMLStorm)',
  check: 'saml.signature',
  build: (kit) => {
    const bare = kit.evil({ assertionId: '_assertion' });
    const { signature } = takeSignature(kit.signed());
    const info = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(signature)?.[0] ?? '';
    const forged = info.replace(/(<ds:DigestValue>)[^<]+/, `$1${digestOf(canonicalOf(bare, '_assertion'))}`);
    return response(
      putSignature(bare, signature.replace('<ds:SignedInfo>', `<ds:Object>${forged}</ds:Object><ds:SignedInfo>`)),
    );
  },
};
