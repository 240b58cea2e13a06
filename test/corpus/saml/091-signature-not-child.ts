/** A signature that is found anywhere below the assertion. */
import type { SamlCase } from './kit.js';
import { response } from './kit-documents.js';
import { takeSignature } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'the signature inside Advice of the assertion',
  source: 'SAML 2.0 Core 5.4.1; CVE-2020-5390 (pysaml2)',
  check: 'saml.signature',
  build: (kit) => {
    const { signature, bare } = takeSignature(kit.signed({ advice: '<saml:Advice></saml:Advice>' }));
    return response(bare.replace('<saml:Advice>', `<saml:Advice>${signature}`));
  },
};
