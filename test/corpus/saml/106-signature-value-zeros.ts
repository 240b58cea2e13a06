/** ECDSA with r = s = 0 was valid for any message in Java. */
import type { SamlCase } from './kit.js';
import { createSigner } from './kit-keys.js';

export const attack: SamlCase = {
  name: 'an ECDSA signature of zeros',
  source: 'CVE-2022-21449 (psychic signatures)',
  check: 'saml.certificate',
  build: (kit) => {
    const signer = createSigner('idp.corp.example', 'ec');
    const xml = kit.answer(
      {},
      { key: signer.privateKey, algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' },
    );
    const zeros = Buffer.alloc(64).toString('base64');
    return {
      xml: xml.replace(/(<ds:SignatureValue>)[^<]+/, `$1${zeros}`),
      expected: { certificates: [signer.certificate] },
    };
  },
};
