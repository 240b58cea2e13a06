/** MD5 is broken since 2004. */
import type { SamlCase } from './kit.js';

export const attack: SamlCase = {
  name: 'an MD5 digest, with SHA-1 allowed',
  source: 'Wang et al. 2004; RFC 6151',
  check: 'saml.algorithm',
  build: (kit) => ({
    xml: kit.answer({}, { digest: 'http://www.w3.org/2001/04/xmldsig-more#md5' }),
    expected: { allowSha1: true },
  }),
};
