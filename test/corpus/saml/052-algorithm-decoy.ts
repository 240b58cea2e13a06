/** The first SignatureMethod and CanonicalizationMethod below the signature are not those that were signed. */
import type { SamlCase } from './kit.js';
import { EXCLUSIVE, RSA_SHA256 } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a SignatureMethod in an Object in front of SignedInfo',
  source: 'xml-crypto reads .//SignatureMethod anywhere below Signature; CVE-2025-29774 is its neighbour',
  check: 'saml.signature',
  build: (kit) =>
    kit.answer(
      {},
      {
        before: `<ds:Object><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${RSA_SHA256}"></ds:SignatureMethod></ds:Object>`,
      },
    ),
};
