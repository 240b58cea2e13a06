/** A strong signature over a weak digest is a weak signature. */
import type { SamlCase } from './kit.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'a SHA-1 digest under an RSA-SHA256 signature',
  source: 'SHAttered 2017; NIST SP 800-131A',
  check: 'saml.algorithm',
  build: (kit) => kit.answer({}, { digest: `${DSIG}sha1` }),
  twin: (kit) => ({ xml: kit.answer({}, { digest: `${DSIG}sha1` }), expected: { allowSha1: true } }),
};
