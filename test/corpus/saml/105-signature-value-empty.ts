/** No bytes at all. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an empty SignatureValue',
  source: 'CVE-2022-21449 is the neighbour in ECDSA',
  check: 'saml.signature',
  build: (kit) => kit.answer().replace(/(<ds:SignatureValue>)[^<]+/, '$1'),
};
