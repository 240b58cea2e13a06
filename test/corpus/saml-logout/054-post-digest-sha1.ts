/** The same for the digest. */

import type { LogoutCase } from './kit.js';
import { toLogoutXml } from './kit-documents.js';

const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';

export const attack: LogoutCase = {
  name: 'a posted request with a digest of SHA-1',
  source: 'SHAttered (Stevens et al., 2017)',
  check: 'saml.algorithm',
  build: (kit) => ({ input: kit.post(kit.sign(toLogoutXml(), { digest: SHA1 })) }),
  twin: (kit) => ({ input: kit.post(kit.sign(toLogoutXml(), { digest: SHA1 })), expected: { allowSha1: true } }),
};
