/** SHA-1 collides at a price that people pay. */
import type { SamlCase } from './kit.js';
import { DSIG } from './kit-signing.js';

export const attack: SamlCase = {
  name: 'an RSA-SHA1 signature',
  source: 'SHAttered 2017; NIST SP 800-131A',
  check: 'saml.algorithm',
  build: (kit) => kit.answer({}, { algorithm: `${DSIG}rsa-sha1` }),
  twin: (kit) => ({ xml: kit.answer({}, { algorithm: `${DSIG}rsa-sha1` }), expected: { allowSha1: true } }),
};
