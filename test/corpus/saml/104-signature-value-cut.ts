/** The last bytes of the signature are missing. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'a cut SignatureValue',
  source: 'XML Signature 3.2.2',
  check: 'saml.signature',
  build: (kit) => kit.answer().replace(/.{8}<\/ds:SignatureValue>/, '</ds:SignatureValue>'),
};
