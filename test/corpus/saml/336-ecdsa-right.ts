/** A key of an elliptic curve signs as well as RSA. */
import type { SamlCase } from './kit.js';
import { createSigner } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'an ECDSA signature',
  source: 'RFC 9231 2.3.6',
  check: 'harmless',
  build: (kit) => {
    const signer = createSigner('idp.corp.example', 'ec');
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
    return {
      xml: kit.answer({}, { key: signer.privateKey, algorithm }),
      expected: { certificates: [signer.certificate] },
    };
  },
};
