/** A signature of eight bits is guessed at once. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an HMACOutputLength below the signature method',
  source: 'CVE-2009-0217 (XML Signature: HMAC truncation)',
  check: 'saml.algorithm',
  build: (kit) =>
    kit.answer(
      {},
      {
        signedInfo: (xml) =>
          xml.replace('</ds:SignatureMethod>', '<ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>'),
      },
    ),
};
