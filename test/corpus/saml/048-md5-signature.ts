/** MD5 is broken since 2004. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an RSA-MD5 signature, with SHA-1 allowed',
  source: 'Wang et al. 2004; RFC 6151',
  check: 'saml.algorithm',
  build: (kit) => ({
    xml: kit.answer({}, { algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5' }),
    expected: { allowSha1: true },
  }),
};
