/** A key of an elliptic curve signs with ECDSA, and not with the name of RSA. */
import type { SamlCase } from './kit.js';
import { createSigner } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'the name of RSA over a signature of ECDSA',
  source: 'RFC 4050; key confusion',
  check: 'saml.certificate',
  build: (kit) => {
    const signer = createSigner('idp.corp.example', 'ec');
    return { xml: kit.answer({}, { key: signer.privateKey }), expected: { certificates: [signer.certificate] } };
  },
};
