/** Each signature is an RSA operation. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { putSignature, takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a hundred signatures',
  source: 'CVE-2021-39171 (passport-saml)',
  check: 'saml.signature',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed());
    return response(putSignature(bare, signature.repeat(60)));
  },
};
